/** The board, live: one EventSource for the whole page, and what is known of its health. */

/** A snapshot comes every two seconds; without one for so long the page says that it is stale. */
const STALE_MS = 7000;

/** @type {{ board: any, at: number, state: 'connecting' | 'live' | 'stale' | 'trouble' }} */
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
    Object.assign(known, { board: JSON.parse(data), at: Date.now(), state: 'live' });
    tell();
  });
  source.addEventListener('trouble', () => become('trouble'));
  // A browser gives up for good when it is answered anything but a stream, as by a daemon that is just starting.
  source.addEventListener('error', () => {
    if (source.readyState === EventSource.CLOSED) setTimeout(connect, 2000);
    become(known.board === undefined ? 'connecting' : 'stale');
  });
  watch = setInterval(() => {
    if (known.state === 'live' && Date.now() - known.at > STALE_MS) become('stale');
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
