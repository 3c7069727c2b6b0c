/** The board, live: one EventSource for the whole page, and what is known of its health. */

/** A snapshot comes every two seconds; without one for so long the page says that it is stale. */
const STALE_MS = 7000;

/**
 * @typedef {import('../board/board-view.ts').BoardView} Board
 * @typedef {'connecting' | 'live' | 'away' | 'stale' | 'trouble'} State
 * @typedef {{ board: Board | undefined, at: number, state: State }} Live `at`: epoch ms of the board
 */

/** @type {Live} */
const known = { board: undefined, at: 0, state: 'connecting' };
/** @type {Set<(now: Live) => void>} */
const listeners = new Set();
/** @type {EventSource | undefined} */
let source;
/** @type {ReturnType<typeof setInterval> | undefined} */
let watch;

function tell() {
  for (const listener of listeners) listener(known);
}

/** @param {State} state */
function become(state) {
  if (known.state === state) return;
  known.state = state;
  tell();
}

export function connect() {
  disconnect();
  const feed = new EventSource('/api/v1/feed');
  source = feed;
  feed.addEventListener('board', (/** @type {MessageEvent<string>} */ { data }) => {
    /** @type {unknown} */
    const told = JSON.parse(data);
    const board = /** @type {Board} */ (told);
    // Without the store's figures: Redis is away, and links and peers are as they are now.
    const state = board.status.orders === undefined ? 'away' : 'live';
    Object.assign(known, { board, at: Date.now(), state });
    tell();
  });
  feed.addEventListener('trouble', () => become('trouble'));
  // A browser gives up for good when it is answered anything but a stream, as by a daemon that is just starting.
  feed.addEventListener('error', () => {
    if (feed.readyState === EventSource.CLOSED) setTimeout(connect, 2000);
    become(known.board === undefined ? 'connecting' : 'stale');
  });
  watch = setInterval(() => {
    if ((known.state === 'live' || known.state === 'away') && Date.now() - known.at > STALE_MS) become('stale');
  }, 1000);
}

export function disconnect() {
  source?.close();
  clearInterval(watch);
}

/** @param {(now: Live) => void} listener @returns {() => void} what ends it */
export function onLive(listener) {
  listeners.add(listener);
  listener(known);
  return () => listeners.delete(listener);
}
