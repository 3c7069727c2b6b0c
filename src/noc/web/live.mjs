/** The board, live: one EventSource for the whole page, and what is known of its health. */

/** A snapshot comes every two seconds; without one for so long the page says that it is stale. */
const STALE_MS = 7000;

/** @type {{ board: any, at: number, state: 'connecting' | 'live' | 'away' | 'stale' | 'trouble' }} */
const known = { board: undefined, at: 0, state: 'connecting' };
const listeners = new Set();
let source;
let watch;

function tell() {
  for (const listener of listeners) listener(known);
}

/** @param {typeof known.state} state */
function become(state) {
  if (known.state === state) return;
  known.state = state;
  tell();
}

export function connect() {
  disconnect();
  source = new EventSource('/api/v1/feed');
  source.addEventListener('board', ({ data }) => {
    const board = JSON.parse(data);
    // Without the store's figures: Redis is away, and links and peers are as they are now.
    const state = board.status.orders === undefined ? 'away' : 'live';
    Object.assign(known, { board, at: Date.now(), state });
    tell();
  });
  source.addEventListener('trouble', () => become('trouble'));
  // A browser gives up for good when it is answered anything but a stream, as by a daemon that is just starting.
  source.addEventListener('error', () => {
    if (source.readyState === EventSource.CLOSED) setTimeout(connect, 2000);
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

/** @param {(now: typeof known) => void} listener @returns {() => void} what ends it */
export function onLive(listener) {
  listeners.add(listener);
  listener(known);
  return () => listeners.delete(listener);
}
