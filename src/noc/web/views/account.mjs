import { askAndPost, operatorButton } from '../ask.mjs';
import { clock, h, orderState, panel, replace, table, typed, unknown } from '../dom.mjs';
import { onBoard } from '../load.mjs';

/**
 * @typedef {import('../dom.mjs').Self} Self
 * @typedef {import('../../order-view.ts').OrderSummary} Order
 */

/** What to do, by state. */
const DOUBTS = [
  [
    'charge-unknown',
    'the OCS was asked and did not answer. Nothing is to be done by hand: the same charge is sent again with the T flag until the OCS answers, and an OCS that knows the Session-Id debits once. Look at the peers, and at the OCS.',
  ],
  [
    'disputed',
    'the OCS no longer remembers, or refused a refund. Find the Session-Id in the OCS’s own book (orderctl reconcile FILE compares a whole export), then settle the order: placed if it was debited and the subscriber shall have the service, uncharged if it was not debited, refund if it was debited and shall be given back.',
  ],
];

/** Charge-unknown and disputed orders, with what to do. @param {HTMLElement} at @param {Self} self */
export function accountView(at, self) {
  const list = h('div');
  const doubts = DOUBTS.map(([state, text]) => h('p', {}, h('strong', {}, `${state}: `), text));
  replace(at, h('h1', {}, 'Money in doubt'), panel('Orders', list), panel('What to do', ...doubts));
  return onBoard(list, ({ attention, status }) => {
    if (attention === undefined) replace(list, unknown());
    else draw(list, { attention, orders: status.orders ?? {} }, self);
  });
}

/** @param {HTMLElement} list @param {{ attention: readonly Order[], orders: Readonly<Record<string, number>> }} found @param {Self} self */
function draw(list, { attention, orders }, self) {
  const rows = attention.map((order) => [
    h('a', { href: `#/orders/${order.id}`, class: 'mono', 'data-key': `order-${order.id}` }, order.id),
    clock(order.openedAt),
    orderState(order.state),
    `${order.title} (${order.provider})`,
    order.price,
    order.subscriber,
    order.state === 'disputed' ? resolveButton(order, self) : 'waits for the OCS',
  ]);
  const heads = ['Order', 'Opened', 'State', 'Service', 'Price', 'Subscriber', 'Do'].map((name) => ({ name }));
  const { 'charge-unknown': unanswered = 0, disputed = 0 } = orders;
  const more = unanswered + disputed - rows.length;
  const empty = more > 0 ? 'None is shown.' : 'Every charge has a definite answer.';
  replace(
    list,
    table(heads, rows, { empty, label: 'Orders whose money is in doubt' }),
    more > 0 &&
      h('p', { class: 'muted' }, `${more} more, not shown: orderctl orders --state disputed or charge-unknown`),
  );
}

/** @param {{ id: string }} order @param {Self} self */
export function resolveButton({ id }, self) {
  const choices = [
    ['placed', 'placed: it was debited, the subscriber gets the service'],
    ['uncharged', 'uncharged: it was not debited'],
    ['refund', 'refund: it was debited, give it back'],
  ];
  return operatorButton(self, 'Settle', `settle-${id}`, () =>
    askAndPost({
      title: `Settle ${id}`,
      text: 'Look it up in the OCS’s own book first. This cannot be undone.',
      path: `/api/v1/orders/${encodeURIComponent(id)}/resolve`,
      verb: 'Settle',
      fields: [
        h(
          'label',
          {},
          'Outcome',
          h('select', { name: 'outcome' }, ...choices.map(([value, text]) => h('option', { value }, text))),
        ),
      ],
      body: (form) => ({ outcome: typed(form, 'outcome') }),
    }),
  );
}
