import { lastThree } from '../../domain/msisdn.ts';
import type { NocSources } from '../sources.ts';
import type { Asked, Changed, Refused, Route } from './route.ts';
import { change, refuse } from './route.ts';
import { isOrderId } from './orders.ts';
import { ORDER_ID, record, text, WHY } from './shape.ts';

/** For care staff: whose order it is. */
export function careRoutes(sources: NocSources): readonly Route[] {
  return [
    change({
      path: '/api/v1/care/orders/:id/reveal',
      tag: 'care',
      role: 'operator',
      does: "The full number of an order's subscriber; audited",
      params: ORDER_ID,
      body: record({ why: WHY }),
      answer: record({ order: text('order'), msisdn: text('E.164 digits') }),
      handle: (asked: Asked<{ readonly id: string }, unknown, { readonly why: string }>) => reveal(sources, asked),
    }),
  ];
}

async function reveal(
  { orders }: NocSources,
  { params: { id }, body: { why } }: Asked<{ readonly id: string }, unknown, { readonly why: string }>,
): Promise<Changed | Refused> {
  const order = isOrderId(id) ? await orders.orderById(id) : undefined;
  if (order === undefined) return refuse(404, 'no-order', 'no order has this id');
  const { msisdn } = order.frozen;
  const deed = { what: 'care.reveal', subject: id, before: {}, after: { subscriber: lastThree(msisdn) }, why };
  return { view: { order: id, msisdn }, deed };
}
