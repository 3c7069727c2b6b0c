import { DOUBTS } from '../../domain/order.ts';
import type { OrdersView } from '../../noc/views.ts';
import type { Command } from '../command.ts';
import { view } from '../command.ts';
import type { OptionSpec } from '../options.ts';
import { LIMIT } from '../options.ts';
import { clock, table } from '../table.ts';

const STATE: OptionSpec = {
  value: 'STATE',
  does: `${DOUBTS.join(' or ')}: all of them, however old`,
  fault: (value) => (DOUBTS.some((state) => state === value) ? undefined : `--state is ${DOUBTS.join(' or ')}`),
};

export const ORDERS: Command = {
  usage: 'orders',
  does: 'the newest orders, or with --state those whose money is in doubt',
  options: { ...LIMIT, state: STATE },
  run: view<OrdersView>(
    ({ options: { limit = '', state } }) =>
      `/api/v1/orders?limit=${limit}${state === undefined ? '' : `&state=${state}`}`,
    ordersText,
  ),
};

function ordersText({ orders }: OrdersView): string {
  if (orders.length === 0) return 'no orders';
  return table(
    ['ORDER', 'OPENED (UTC)', 'STATE', 'SUBSCRIBER', 'SERVICE', 'PRICE', 'BY'],
    orders.map(({ id, openedAt, state, subscriber, title, price, interaction }) => [
      id,
      clock(openedAt),
      state,
      subscriber,
      title,
      price,
      interaction,
    ]),
  );
}
