import { field, h, onSubmit, ordersTable, panel, replace, typed } from '../dom.mjs';
import { onLive } from '../live.mjs';
import { loaded } from '../load.mjs';

/** @param {HTMLElement} at */
export function ordersView(at) {
  const list = h('div');
  const find = h(
    'form',
    { class: 'panel' },
    field('id', 'Order id', { required: true, pattern: '\\d{2,4}-[0-9a-z]+(-r\\d{1,9})?' }),
    h('button', { type: 'submit' }, 'Show the order'),
  );
  onSubmit(find, () => {
    location.hash = `#/orders/${typed(new FormData(find), 'id')}`;
  });
  replace(at, h('h1', {}, 'Orders'), find, panel('The newest 100', list));
  const { again, end } = loaded(
    list,
    '/api/v1/orders?limit=100',
    (/** @type {import('../../views.ts').OrdersView} */ { orders }) => ordersTable(orders, 'The newest orders'),
  );
  /** @type {string | undefined} */
  let newest;
  const stop = onLive(({ board }) => {
    const seen = JSON.stringify(board?.orders?.map(({ id, state }) => id + state));
    if (newest !== undefined && seen !== newest) void again();
    newest = seen;
  });
  return () => (stop(), end());
}
