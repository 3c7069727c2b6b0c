import { chart, perMinute } from '../charts.mjs';
import { h, ordersTable, panel, replace, span, unknown } from '../dom.mjs';
import { onLive } from '../live.mjs';
import { linksTable, peersTable } from './links.mjs';

const INTERACTIONS = [
  ['notice', 'interaction:notice', 'c5'],
  ['confirm', 'interaction:confirm', 'c1'],
  ['one-time code', 'interaction:otp', 'c2'],
  ['refused', 'interaction:refuse', 'c4'],
];
const ENDS = [
  ['placed', 'end:placed', 'c5'],
  ['uncharged', 'end:uncharged', 'c2'],
  ['declined', 'end:declined', 'c3'],
  ['expired', 'end:expired', 'c6'],
  ['cancelled', 'end:cancelled', 'c1'],
  ['refused', 'end:refused', 'c9'],
  ['refunded', 'end:refunded', 'c7'],
  ['charge unknown', 'end:charge-unknown', 'c4'],
  ['disputed', 'end:disputed', 'c8'],
];
const STEPS = [
  ['Ordered', 'funnel:ordered'],
  ['Challenged', 'funnel:challenged'],
  ['Answered', 'funnel:answered'],
  ['Proved', 'funnel:proved'],
  ['Placed', 'funnel:placed'],
];

/** @param {HTMLElement} at @param {object} self */
export function boardView(at, self) {
  const places = Object.fromEntries(
    ['banner', 'tiles', 'funnel', 'links', 'peers', 'orders'].map((name) => [name, h('div')]),
  );
  const [byInteraction, byEnd] = [h('div', { class: 'chart' }), h('div', { class: 'chart' })];
  replace(
    at,
    h('h1', {}, 'Board'),
    places.banner,
    places.tiles,
    h(
      'div',
      { class: 'grid' },
      h('div', { class: 'w4' }, panel('Orders a minute, by interaction', byInteraction)),
      h('div', { class: 'w4' }, panel('Orders a minute, by how they ended', byEnd)),
      h('div', { class: 'w4' }, panel('From order to placed, this hour', places.funnel)),
      h('div', { class: 'w12' }, panel('Newest orders', places.orders)),
      h('div', { class: 'w12' }, panel('Links', places.links)),
      h('div', { class: 'w12' }, panel('Peers', places.peers)),
    ),
  );
  let minutes = [];
  const charts = [
    chart(byInteraction, () => perMinute(minutes, INTERACTIONS)),
    chart(byEnd, () => perMinute(minutes, ENDS)),
  ];
  const stop = onLive(({ board }) => {
    if (board === undefined) return replace(places.tiles, h('p', { class: 'loading' }, 'Loading …'));
    ({ minutes } = board);
    for (const each of charts) each.draw();
    draw(places, board, self);
  });
  return () => {
    stop();
    for (const each of charts) each.end();
  };
}

function draw(places, board, self) {
  const { status, minutes, orders } = board;
  replace(places.banner, !status.ready.ok && banner(status.ready.reasons));
  replace(places.tiles, tiles(status, minutes));
  replace(places.funnel, funnel(minutes, status));
  replace(places.links, linksTable(board, self));
  replace(places.peers, peersTable(board));
  replace(places.orders, orders === undefined ? unknown() : ordersTable(orders.slice(0, 10), 'Newest orders'));
}

function banner(reasons) {
  return h(
    'div',
    { class: 'banner bad', role: 'alert' },
    h('strong', {}, 'Not ready'),
    h('ul', {}, ...reasons.map((why) => h('li', {}, why))),
  );
}

function tiles(status, minutes) {
  const { startedAt, now } = status;
  const sum = (key) => minutes.reduce((total, { counts }) => total + (counts[key] ?? 0), 0);
  const bound = status.links.filter((link) => link.bound).length;
  const open = status.peers.filter((peer) => peer.open).length;
  return h(
    'div',
    { class: 'tiles' },
    tile(sum('funnel:ordered'), 'orders this hour', ''),
    tile(`${bound}/${status.links.length}`, 'links bound', bound === status.links.length ? 'ok' : 'bad'),
    tile(
      `${open}/${status.peers.length}`,
      'peers open',
      open === 0 ? 'bad' : open < status.peers.length ? 'warn' : 'ok',
    ),
    ...storeTiles(status),
    tile(span(Date.parse(now) - Date.parse(startedAt)), `up, version ${status.version}`, ''),
  );
}

/** None while the store does not answer: its figures are left out then. */
function storeTiles({ orders, backlog, queues, deadLetters }) {
  if (orders === undefined) return [];
  const doubt = (orders['charge-unknown'] ?? 0) + (orders.disputed ?? 0);
  const retry = Object.values(queues).reduce((total, { waiting, delayed }) => total + waiting + delayed, 0);
  return [
    tile(orders.challenged ?? 0, 'wait for an answer', ''),
    tile(doubt, 'money in doubt', doubt > 0 ? 'bad' : 'ok'),
    tile(
      retry,
      `retries; oldest overdue ${span(backlog.overdueSeconds * 1000)}`,
      backlog.overdueSeconds > 60 ? 'warn' : 'ok',
    ),
    tile(deadLetters, 'dead letters', deadLetters > 0 ? 'bad' : 'ok'),
  ];
}

function tile(figure, label, tone) {
  return h(
    'div',
    { class: `tile ${tone}` },
    h('div', { class: 'figure' }, figure),
    h('div', { class: 'label' }, label),
  );
}

function funnel(minutes, { startedAt }) {
  const sum = (key) => minutes.reduce((total, { counts }) => total + (counts[key] ?? 0), 0);
  const figures = STEPS.map(([name, key]) => [name, sum(key)]);
  const most = Math.max(1, ...figures.map(([, figure]) => figure));
  const rows = figures.flatMap(([name, figure]) => {
    const fill = h('i');
    fill.style.width = `${(100 * figure) / most}%`;
    return [
      h('span', {}, name),
      h('span', { class: 'bar', 'aria-hidden': 'true' }, fill),
      h('span', { class: 'num' }, figure),
    ];
  });
  const note = `Counted by this process, which runs since ${new Date(startedAt).toLocaleTimeString([], { hour12: false })}. Notices need no answer.`;
  return h('div', {}, h('div', { class: 'bars' }, ...rows), h('p', { class: 'muted' }, note));
}
