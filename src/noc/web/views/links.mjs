import { askAndPost, operatorButton } from '../ask.mjs';
import { h, panel, replace, span, state, table } from '../dom.mjs';
import { onBoard } from '../load.mjs';

/**
 * @typedef {import('../dom.mjs').Self} Self
 * @typedef {import('../../board/meter.ts').Traffic} Traffic each line of the status has its own
 */

/** @param {HTMLElement} at @param {Self} self */
export function linksView(at, self) {
  const [links, peers] = [h('div'), h('div')];
  replace(
    at,
    h('h1', {}, 'Links and peers'),
    panel('SMPP links', links),
    panel('Diameter peers', peers),
    h(
      'p',
      { class: 'muted' },
      'Rates are of the last minute. A suspended link stays away until it is resumed or the daemon restarts; its subscribers’ messages wait at the SMSC, or come over another link.',
    ),
  );
  return onBoard(links, (board) => {
    replace(links, linksTable(board, self));
    replace(peers, peersTable(board));
  });
}

/** @param {readonly string[]} names */
const heads = (names) =>
  names.map((name) => ({ name, num: /^(Window|Queued|Out|In|Thrott|Time|Round|Pending)/.test(name) }));

/** @param {import('../live.mjs').Board} board @param {Self} self */
export function linksTable({ status, traffic }, self) {
  const rows = status.links.map((link) => {
    const { sent, received, throttled, timeouts, roundTripMs } = /** @type {Traffic} */ (traffic.links[link.name]);
    return [
      link.name,
      link.suspended ? state('suspended', 'warn') : state(link.state, link.bound ? 'ok' : 'bad'),
      span(Date.parse(status.now) - Date.parse(link.since)),
      `${link.windowInUse}/${link.windowSize}`,
      link.queued,
      sent,
      received,
      throttled,
      timeouts,
      roundTripMs === undefined ? undefined : `${roundTripMs} ms`,
      link.lastError,
      verbs(link, self),
    ];
  });
  const names = [
    'Link',
    'State',
    'Since',
    'Window',
    'Queued',
    'Out',
    'In',
    'Throttled',
    'Timeouts',
    'Round trip',
    'Last error',
    'Do',
  ];
  return table(heads(names), rows, { empty: 'No link is configured.', label: 'SMPP links' });
}

/** @param {import('../../views.ts').LinkLine} link @param {Self} self */
function verbs({ name, suspended }, self) {
  /** @param {string} verb @param {string} text */
  const button = (verb, text) =>
    operatorButton(self, verb, `${verb}-${name}`, () =>
      askAndPost({
        title: `${verb} ${name}`,
        text,
        path: `/api/v1/links/${encodeURIComponent(name)}/${verb.toLowerCase()}`,
        verb,
      }),
    );
  if (suspended) return h('span', {}, button('Resume', 'The link binds again at once.'));
  return h(
    'span',
    {},
    button('Suspend', 'The link lets its window run empty, unbinds, and stays away until it is resumed.'),
    ' ',
    button('Rebind', 'The link lets its window run empty, unbinds, and binds again.'),
  );
}

/** @param {import('../live.mjs').Board} board */
export function peersTable({ status, traffic }) {
  const rows = status.peers.map((peer) => {
    const { sent, received, timeouts, roundTripMs } = /** @type {Traffic} */ (traffic.peers[peer.name]);
    return [
      peer.name,
      state(peer.state, peer.open ? 'ok' : 'bad'),
      peer.watchdog,
      peer.pending,
      sent,
      received,
      timeouts,
      roundTripMs === undefined ? undefined : `${roundTripMs} ms`,
      peer.originHost,
      peer.lastError,
    ];
  });
  const names = [
    'Peer',
    'State',
    'Watchdog',
    'Pending',
    'Out',
    'In',
    'Timeouts',
    'Round trip',
    'Origin-Host',
    'Last error',
  ];
  return table(heads(names), rows, { empty: 'No peer is configured.', label: 'Diameter peers' });
}
