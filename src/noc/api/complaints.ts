import type { NocSources } from '../sources.ts';
import type { Asked, Changed, Refused, Route } from './route.ts';
import { change, refuse } from './route.ts';
import { isOrderId } from './orders.ts';
import { ORDER_ID, record, text, WHY } from './shape.ts';

type About = Asked<{ readonly id: string }, unknown, { readonly why: string }>;

/** What a subscriber told staff of an order: it counts towards its provider's credit as their own COMPLAIN does. */
export function complaintRoutes({ complain }: NocSources): readonly Route[] {
  if (complain === undefined) return [];
  return [
    change({
      path: '/api/v1/orders/:id/complain',
      tag: 'orders',
      role: 'operator',
      does: 'Counts a complaint about an order against its provider, once a day; audited',
      params: ORDER_ID,
      body: record({ why: WHY }),
      answer: record({ order: text('order') }),
      async handle({ params: { id }, body: { why } }: About): Promise<Changed | Refused> {
        const said = isOrderId(id) ? await complain(id) : 'unknown';
        if (said === 'unknown') return refuse(404, 'no-order', 'no order has this id');
        if (said === 'repeat') return refuse(409, 'as-it-is', 'a complaint about this order was recorded within a day');
        return { view: { order: id }, deed: { what: 'order.complain', subject: id, before: {}, after: {}, why } };
      },
    }),
  ];
}
