import { chart, perMinute } from '../charts.mjs';
import { h, ordersTable, panel, replace, span, unknown } from '../dom.mjs';
import { onBoard } from '../load.mjs';
import { linksTable, peersTable } from './links.mjs';

/** @type {import('../charts.mjs').Series} */
const INTERACTIONS = [
  ['notice', 'interaction:notice', 'c5'],
  ['confirm', 'interaction:confirm', 'c1'],
  ['one-time code', 'interaction:otp', 'c2'],
  ['refused', 'interaction:refuse', 'c4'],
];
/** @type {import('../charts.mjs').Series} */
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
/** @type {readonly (readonly [name: string, key: string])[]} */
const STEPS = [
  ['Ordered', 'funnel:ordered'],
  ['Challenged', 'funnel:challenged'],
  ['Answered', 'funnel:answered'],
  ['Proved', 'funnel:proved'],
  ['Placed', 'funnel:placed'],
];

/**
 * @typedef {import('../live.mjs').Board} Board
 * @typedef {import('../../views.ts').StatusView} Status
 * @typedef {import('../../board/tally.ts').Minute} Minute
 */

/** @param {HTMLElement} at @param {import('../dom.mjs').Self} self */
export function boardView(at, self) {
  const places = {
    banner: h('div'),
    tiles: h('div'),
    funnel: h('div'),
    links: h('div'),
    peers: h('div'),
    orders: h('div'),
  };
  const [byInteraction, byEnd] = [h('div', { class: 'chart' }), h('div', { class: 'chart' })];
  const panels = [
    h('div', { class: 'w4' }, panel('Orders a minute, by interaction', byInteraction)),
    h('div', { class: 'w4' }, panel('Orders a minute, by how they ended', byEnd)),
    h('div', { class: 'w4' }, panel('From order to placed, this hour', places.funnel)),
    h('div', { class: 'w12' }, panel('Newest orders', places.orders)),
    h('div', { class: 'w12' }, panel('Links', places.links)),
    h('div', { class: 'w12' }, panel('Peers', places.peers)),
  ];
  replace(at, h('h1', {}, 'Board'), places.banner, places.tiles, h('div', { class: 'grid' }, ...panels));
  /** @type {readonly Minute[]} */
  let minutes = [];
  const charts = [
    chart(byInteraction, () => perMinute(minutes, INTERACTIONS)),
    chart(byEnd, () => perMinute(minutes, ENDS)),
  ];
  const stop = onBoard(places.tiles, (board) => {
    ({ minutes } = board);
    for (const each of charts) each.draw();
    draw(places, board, self);
  });
  return () => {
    stop();
    for (const each of charts) each.end();
  };
}

/**
 * @param {Record<'banner' | 'tiles' | 'funnel' | 'links' | 'peers' | 'orders', HTMLElement>} places
 * @param {Board} board @param {import('../dom.mjs').Self} self
 */
function draw(places, board, self) {
  const { status, minutes, orders } = board;
  replace(places.banner, !status.ready.ok && banner(status.ready.reasons));
  replace(places.tiles, tiles(status, minutes));
  replace(places.funnel, funnel(minutes, status));
  replace(places.links, linksTable(board, self));
  replace(places.peers, peersTable(board));
  replace(places.orders, orders === undefined ? unknown() : ordersTable(orders.slice(0, 10), 'Newest orders'));
}

/** @param {readonly string[]} reasons */
function banner(reasons) {
  return h(
    'div',
    { class: 'banner bad', role: 'alert' },
    h('strong', {}, 'Not ready'),
    h('ul', {}, ...reasons.map((why) => h('li', {}, why))),
  );
}

/** @param {Status} status @param {readonly Minute[]} minutes */
function tiles(status, minutes) {
  const { startedAt, now } = status;
  const bound = status.links.filter((link) => link.bound).length;
  const open = status.peers.filter((peer) => peer.open).length;
  return h(
    'div',
    { class: 'tiles' },
    tile(sum(minutes, 'funnel:ordered'), 'orders this hour', ''),
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

/** @param {readonly Minute[]} minutes @param {string} key */
function sum(minutes, key) {
  return minutes.reduce((total, { counts }) => total + (counts[key] ?? 0), 0);
}

/** None while the store does not answer: its figures are left out then. @param {Status} status */
function storeTiles(status) {
  if (status.orders === undefined) return [];
  const { orders, backlog, queues, deadLetters } = /** @type {import('../../views.ts').StoreFigures} */ (status);
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

/** @param {string | number} figure @param {string} label @param {'ok' | 'warn' | 'bad' | ''} tone */
function tile(figure, label, tone) {
  return h(
    'div',
    { class: `tile ${tone}` },
    h('div', { class: 'figure' }, figure),
    h('div', { class: 'label' }, label),
  );
}

/** @param {readonly Minute[]} minutes @param {Status} status */
function funnel(minutes, { startedAt }) {
  const figures = STEPS.map(([name, key]) => ({ name, figure: sum(minutes, key) }));
  const most = Math.max(1, ...figures.map(({ figure }) => figure));
  const rows = figures.flatMap(({ name, figure }) => {
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
