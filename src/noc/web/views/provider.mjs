import { askAndPost, operatorButton } from '../ask.mjs';
import { chart, scoreLine } from '../charts.mjs';
import { clock, facts, field, free, h, panel, replace, state, table } from '../dom.mjs';
import { loaded } from '../load.mjs';

/**
 * @typedef {import('../dom.mjs').Self} Self
 * @typedef {import('../dom.mjs').Fact} Fact
 * @typedef {import('../../provider-view.ts').ProviderSummary} Summary
 * @typedef {import('../../provider-view.ts').ProviderBook & { history: readonly import('../../provider-view.ts').ScoreAt[] }} Book
 */

/** @param {HTMLElement} at @param {Self} self @param {string} id */
export function providerView(at, self, id) {
  const [about, place, ledger] = [h('div'), h('div', { class: 'chart' }), h('div')];
  replace(
    at,
    h('h1', {}, 'Provider ', h('span', { class: 'mono' }, id)),
    h(
      'div',
      { class: 'grid' },
      h('div', { class: 'w4' }, panel('Now', about)),
      h('div', { class: 'w8' }, panel('Credit over 30 days, with its bands', place)),
    ),
    panel('Ledger', ledger),
  );
  /** @type {Pick<Book, 'history' | 'bands'>} */
  let book = { history: [], bands: [] };
  const drawn = chart(place, () => scoreLine(book.history, book.bands));
  const part = loaded(about, pathOf(id), (/** @type {Book} */ found) => {
    book = found;
    drawn.draw();
    replace(ledger, ledgerTable(found));
    return now(found, self, () => void part.again());
  });
  const timer = setInterval(() => void part.again(), 5000);
  return () => {
    clearInterval(timer);
    part.end();
    drawn.end();
  };
}

/** @param {Book} book @param {Self} self @param {() => void} again */
function now({ summary, startingPoints }, self, again) {
  const { name, score, band, interaction, reading } = summary;
  return h(
    'div',
    {},
    facts([
      ['Name', name],
      ['Score', score ?? 'unknown'],
      ['Band', band ? `${band}: asks for ${interaction}` : undefined],
      ['Reading', reading],
      ['Started with', startingPoints],
      ...suspensions(summary),
    ]),
    h('p', {}),
    adjustButton(summary, self, again),
    ' ',
    suspensionButton(summary, self, again),
  );
}

/** @param {Summary} summary @returns {readonly Fact[]} */
function suspensions({ suspended, suspendedServices }) {
  const by = suspended && state(`by ${suspended.who ?? suspended.by}: ${suspended.why ?? 'in config'}`, 'bad');
  /** @type {Fact[]} */
  const services = suspendedServices.map(({ service, until }) => [
    `Service ${service}`,
    h('span', { class: 'state bad' }, 'suspended by credit until ', clock(until)),
  ]);
  return [['Suspended', by ?? 'no'], ...services];
}

const WHOLE = { type: 'number', step: 1 };

/** @param {Summary} summary @param {Self} self @param {() => void} again */
function adjustButton({ id, name }, self, again) {
  return operatorButton(self, 'Adjust', 'adjust', () =>
    askAndPost({
      title: `Adjust ${name}`,
      text: 'Points are added to the score, which stays between 0 and 100. The next order is asked for by the new score.',
      path: `${pathOf(id)}/adjust`,
      verb: 'Adjust',
      fields: [
        field('points', 'Points, such as -40 or 10', { ...WHOLE, min: -100, max: 100, required: true }),
        field('days', 'Days that it counts; empty: for good', { ...WHOLE, min: 1, max: 3650 }),
      ],
      body: (form) => ({
        points: Number(form.get('points')),
        ...(form.get('days') ? { days: Number(form.get('days')) } : {}),
      }),
      done: again,
    }),
  );
}

/** @param {Summary} summary @param {Self} self @param {() => void} again */
function suspensionButton({ id, name, suspended }, self, again) {
  const isOurs = suspended?.by === 'person';
  const verb = isOurs ? 'Resume' : 'Suspend';
  const text = isOurs
    ? 'Orders of this provider are taken again.'
    : 'No order of this provider is placed, open ones included.';
  return operatorButton(self, verb, 'suspension', () =>
    askAndPost({ title: `${verb} ${name}`, text, path: `${pathOf(id)}/${verb.toLowerCase()}`, verb, done: again }),
  );
}

/** @param {string} id */
function pathOf(id) {
  return `/api/v1/providers/${encodeURIComponent(id)}`;
}

/** @param {Book} book */
function ledgerTable({ entries }) {
  const rows = entries.map(({ at, points, reason, who, evidence, expiresAt }) => [
    clock(at),
    points > 0 ? `+${points}` : points,
    free(reason),
    who,
    evidence && h('a', { href: `#/orders/${evidence}`, class: 'mono' }, evidence),
    expiresAt === undefined ? 'for good' : clock(expiresAt),
  ]);
  const heads = ['When', 'Points', 'Reason', 'Who', 'About', 'Until'].map((name) => ({ name, num: name === 'Points' }));
  return table(heads, rows, { empty: 'No entries: the score is what the provider started with.', label: 'Ledger' });
}
