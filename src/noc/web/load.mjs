import { get } from './api.mjs';
import { h, loading, replace, said } from './dom.mjs';
import { onLive } from './live.mjs';

/**
 * Fills a place with what a path answers, again whenever `again` is called: loading, error and content each say so.
 * @template Answer
 * @param {HTMLElement} place @param {string} path @param {(answer: Answer) => Node} draw
 */
export function loaded(place, path, draw) {
  let ended = false;
  replace(place, loading());
  const again = async () => {
    try {
      /** @type {Answer} */
      const answer = await get(path);
      if (!ended) replace(place, draw(answer));
    } catch (error) {
      if (ended) return;
      const retry = h('button', { type: 'button', onclick: () => void again() }, 'Try again');
      replace(place, h('p', { class: 'fault', role: 'alert' }, said(error)), retry);
    }
  };
  void again();
  return { again, end: () => (ended = true) };
}

/**
 * Draws every board; until the first one the place says that it is on its way.
 * @param {HTMLElement} place @param {(board: import('./live.mjs').Board) => void} draw
 */
export function onBoard(place, draw) {
  return onLive(({ board }) => {
    if (board === undefined) replace(place, loading());
    else draw(board);
  });
}
