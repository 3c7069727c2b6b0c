import { askAndPost, operatorButton } from '../ask.mjs';
import { chart, scoreLine } from '../charts.mjs';
import { clock, facts, h, panel, replace, state, table } from '../dom.mjs';
import { loaded } from '../load.mjs';

/** @param {HTMLElement} at @param {object} self @param {string} id */
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
  let book = { history: [], bands: [] };
  const drawn = chart(place, () => scoreLine(book.history, book.bands));
  const part = loaded(about, `/api/v1/providers/${encodeURIComponent(id)}`, (found) => {
    book = found;
    drawn.draw();
    replace(ledger, ledgerTable(found));
    return now(found, self, () => void part.again());
  });
  const timer = setInterval(part.again, 5000);
  return () => {
    clearInterval(timer);
    part.end();
    drawn.end();
  };
}

function now({ summary, startingPoints }, self, again) {
  const { id, name, score, band, interaction, reading, suspended, suspendedServices } = summary;
  const path = `/api/v1/providers/${encodeURIComponent(id)}`;
  const suspension =
    suspended?.by === 'person'
      ? ['Resume', 'Orders of this provider are taken again.']
      : ['Suspend', 'No order of this provider is placed, open ones included.'];
  return h(
    'div',
    {},
    facts([
      ['Name', name],
      ['Score', score ?? 'unknown'],
      ['Band', band ? `${band}: asks for ${interaction}` : undefined],
      ['Reading', reading],
      ['Started with', startingPoints],
      [
        'Suspended',
        suspended ? state(`by ${suspended.who ?? suspended.by}: ${suspended.why ?? 'in config'}`, 'bad') : 'no',
      ],
      ...suspendedServices.map(({ service, until }) => [
        `Service ${service}`,
        h('span', { class: 'state bad' }, 'suspended by credit until ', clock(until)),
      ]),
    ]),
    h('p', {}),
    operatorButton(self, 'Adjust', 'adjust', () =>
      askAndPost({
        title: `Adjust ${name}`,
        text: 'Points are added to the score, which stays between 0 and 100. The next order is asked for by the new score.',
        path: `${path}/adjust`,
        verb: 'Adjust',
        fields: [
          h(
            'label',
            {},
            'Points, such as -40 or 10',
            h('input', { name: 'points', type: 'number', min: -100, max: 100, step: 1, required: true }),
          ),
          h(
            'label',
            {},
            'Days that it counts; empty: for good',
            h('input', { name: 'days', type: 'number', min: 1, max: 3650, step: 1 }),
          ),
        ],
        body: (form) => ({
          points: Number(form.get('points')),
          ...(form.get('days') ? { days: Number(form.get('days')) } : {}),
        }),
        done: again,
      }),
    ),
    ' ',
    operatorButton(self, suspension[0], 'suspension', () =>
      askAndPost({
        title: `${suspension[0]} ${name}`,
        text: suspension[1],
        path: `${path}/${suspension[0].toLowerCase()}`,
        verb: suspension[0],
        done: again,
      }),
    ),
  );
}

function ledgerTable({ entries }) {
  const rows = entries.map(({ at, points, reason, who, evidence, expiresAt }) => [
    clock(at),
    points > 0 ? `+${points}` : points,
    reason,
    who,
    evidence && h('a', { href: `#/orders/${evidence}`, class: 'mono' }, evidence),
    expiresAt === undefined ? 'for good' : clock(expiresAt),
  ]);
  const heads = ['When', 'Points', 'Reason', 'Who', 'About', 'Until'].map((name) => ({ name, num: name === 'Points' }));
  return table(heads, rows, { empty: 'No entries: the score is what the provider started with.', label: 'Ledger' });
}
