import { askAndPost, operatorButton } from '../ask.mjs';
import { clock, h, orderState, panel, replace, table, unknown } from '../dom.mjs';
import { onLive } from '../live.mjs';

/** Charge-unknown and disputed orders, with what to do. @param {HTMLElement} at @param {object} self */
export function accountView(at, self) {
  const list = h('div');
  replace(
    at,
    h('h1', {}, 'Money in doubt'),
    panel('Orders', list),
    panel(
      'What to do',
      h(
        'p',
        {},
        h('strong', {}, 'charge-unknown: '),
        'the OCS was asked and did not answer. Nothing is to be done by hand: the same charge is sent again with the T flag until the OCS answers, and an OCS that knows the Session-Id debits once. Look at the peers, and at the OCS.',
      ),
      h(
        'p',
        {},
        h('strong', {}, 'disputed: '),
        'the OCS no longer remembers, or refused a refund. Find the Session-Id in the OCS’s own book (orderctl reconcile FILE compares a whole export), then settle the order: placed if it was debited and the subscriber shall have the service, uncharged if it was not debited, refund if it was debited and shall be given back.',
      ),
    ),
  );
  return onLive(({ board }) => {
    if (board === undefined) return replace(list, h('p', { class: 'loading' }, 'Loading …'));
    if (board.attention === undefined) return replace(list, unknown());
    const rows = board.attention.map((order) => [
      h('a', { href: `#/orders/${order.id}`, class: 'mono', 'data-key': `order-${order.id}` }, order.id),
      clock(order.openedAt),
      orderState(order.state),
      `${order.title} (${order.provider})`,
      order.price,
      order.subscriber,
      order.state === 'disputed' ? resolveButton(order, self) : 'waits for the OCS',
    ]);
    const heads = ['Order', 'Opened', 'State', 'Service', 'Price', 'Subscriber', 'Do'].map((name) => ({ name }));
    const { 'charge-unknown': unanswered = 0, disputed = 0 } = board.status.orders;
    const more = unanswered + disputed - rows.length;
    const empty = more > 0 ? 'None is shown.' : 'Every charge has a definite answer.';
    replace(
      list,
      table(heads, rows, { empty, label: 'Orders whose money is in doubt' }),
      more > 0 &&
        h('p', { class: 'muted' }, `${more} more, not shown: orderctl orders --state disputed or charge-unknown`),
    );
  });
}

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
      body: (form) => ({ outcome: String(form.get('outcome')) }),
    }),
  );
}
