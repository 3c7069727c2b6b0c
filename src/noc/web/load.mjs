import { get } from './api.mjs';
import { h, replace } from './dom.mjs';

/**
 * Fills a place with what a path answers, again whenever `again` is called: loading, error and content each say so.
 * @param {HTMLElement} place @param {string} path @param {(answer: any) => Node} draw
 */
export function loaded(place, path, draw) {
  let ended = false;
  replace(place, h('p', { class: 'loading' }, 'Loading …'));
  const again = async () => {
    try {
      const answer = await get(path);
      if (!ended) replace(place, draw(answer));
    } catch (error) {
      if (ended) return;
      const retry = h('button', { type: 'button', onclick: again }, 'Try again');
      replace(place, h('p', { class: 'fault', role: 'alert' }, error.message), retry);
    }
  };
  void again();
  return { again, end: () => (ended = true) };
}
