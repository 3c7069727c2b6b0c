import type { OrdersView } from '../../noc/views.ts';
import type { Command } from '../command.ts';
import { view } from '../command.ts';
import { LIMIT } from '../options.ts';
import { clock, table } from '../table.ts';

export const ORDERS: Command = {
  usage: 'orders',
  does: 'the newest orders',
  options: LIMIT,
  run: view<OrdersView>(({ options }) => `/api/v1/orders?limit=${options['limit'] ?? ''}`, ordersText),
};

function ordersText({ orders }: OrdersView): string {
  if (orders.length === 0) return 'no orders yet';
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
