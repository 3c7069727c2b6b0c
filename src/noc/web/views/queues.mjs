import { askAndPost, operatorButton } from '../ask.mjs';
import { clock, free, h, panel, replace, span, table } from '../dom.mjs';
import { loaded } from '../load.mjs';

/**
 * @typedef {import('../dom.mjs').Self} Self
 * @typedef {import('../../views.ts').QueuesView} Queues
 * @typedef {import('../../views.ts').DeadLettersView} DeadLetters
 */

/** @param {HTMLElement} at @param {Self} self */
export function queuesView(at, self) {
  const [counts, dead] = [h('div'), h('div')];
  replace(
    at,
    h('h1', {}, 'Queues'),
    panel('Dead letters', dead),
    panel('What waits', counts),
    h(
      'p',
      { class: 'muted' },
      'A dead letter is a text or job that was given up. Retry puts it back; discard gives it up for good. ',
      h('a', { href: '/queues/' }, 'The queue board'),
      ' shows each job.',
    ),
  );
  const given = loaded(dead, '/api/v1/dead-letters?limit=200', (/** @type {DeadLetters} */ found) =>
    letters(found, self, () => void given.again()),
  );
  const parts = [loaded(counts, '/api/v1/queues?limit=100', waiting), given];
  const timer = setInterval(() => parts.forEach((part) => void part.again()), 3000);
  return () => {
    clearInterval(timer);
    for (const part of parts) part.end();
  };
}

/** @param {Queues} answer */
function waiting({ queues, waiting: jobs }) {
  const heads = ['Queue', 'Waiting', 'Delayed', 'Active', 'Failed', 'Oldest'].map((name) => ({
    name,
    num: name !== 'Queue',
  }));
  const rows = Object.entries(queues).map(([name, { waiting: now, delayed, active, failed, oldest }]) => [
    name,
    now,
    delayed,
    active,
    failed,
    oldest && span(Date.now() - Date.parse(oldest)),
  ]);
  return h(
    'div',
    {},
    table(heads, rows, { empty: 'There are no queues.', label: 'Queues' }),
    table(
      ['Queue', 'Order or text', 'Next try', 'Reason'].map((name) => ({ name })),
      jobs.map(({ queue, id, until, reason }) => [queue, h('span', { class: 'mono' }, id), clock(until), free(reason)]),
      { empty: 'Nothing waits.', label: 'What waits' },
    ),
  );
}

/** @param {DeadLetters} found @param {Self} self @param {() => void} again */
function letters({ texts, jobs }, self, again) {
  const all = [
    ...texts.map(({ id, kind, to, at, reason }) => ({ what: 'text', id, title: `text: ${kind}`, to, at, reason })),
    ...jobs.map(({ queue, job, at, reason }) => ({
      what: queue,
      id: job,
      title: `job: ${queue}`,
      to: undefined,
      at,
      reason,
    })),
  ];
  const rows = all.map((one) => [
    one.title,
    h('span', { class: 'mono' }, one.id),
    one.to,
    clock(one.at),
    free(one.reason),
    verbs(one, self, again),
  ]);
  const heads = ['What', 'Id', 'To', 'When', 'Reason', 'Do'].map((name) => ({ name }));
  return table(heads, rows, { empty: 'Nothing was given up.', label: 'Dead letters' });
}

/** @param {{ what: string, id: string }} letter @param {Self} self @param {() => void} done */
function verbs({ what, id }, self, done) {
  /** @param {string} verb @param {string} text */
  const button = (verb, text) =>
    operatorButton(self, verb, `${verb}-${id}`, () =>
      askAndPost({
        title: `${verb} ${id}`,
        text,
        path: `/api/v1/dead-letters/${verb.toLowerCase()}`,
        verb,
        body: () => ({ what, id }),
        done,
      }),
    );
  return h(
    'span',
    {},
    button('Retry', 'It is tried again at once.'),
    ' ',
    button('Discard', 'It is never tried again.'),
  );
}
