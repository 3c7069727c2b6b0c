import type { NocSources } from '../sources.ts';
import type { Asked, Changed, Refused, Route } from './route.ts';
import { change, refuse } from './route.ts';
import { isOrderId } from './orders.ts';
import { ORDER_ID, record, text, WHY, yesNo } from './shape.ts';

type About = Asked<{ readonly id: string }, unknown, { readonly why: string }>;

/** What a court or a dispute wants kept: a held order is neither erased nor, in Redis, forgotten at the end of its retention. */
export function holdRoutes({ hold }: NocSources): readonly Route[] {
  return hold === undefined ? [] : [holdRoute(hold, true), holdRoute(hold, false)];
}

function holdRoute(hold: NonNullable<NocSources['hold']>, held: boolean): Route {
  const verb = held ? 'hold' : 'release';
  return change({
    path: `/api/v1/orders/:id/${verb}`,
    tag: 'orders',
    role: 'operator',
    does: held
      ? 'Keeps an order from erasure, and beyond its retention all but its files of evidence and CDR; audited'
      : 'Lets a held order go; audited',
    params: ORDER_ID,
    body: record({ why: WHY }),
    answer: record({ order: text('order'), held: yesNo('from now on') }),
    async handle({ params: { id }, body: { why }, who }: About): Promise<Changed | Refused> {
      const said = isOrderId(id) ? await hold(id, held ? { who: who.name, why } : undefined) : 'unknown';
      if (said === 'unknown') return refuse(404, 'no-order', 'no order has this id');
      if (said === 'as-it-is') return refuse(409, 'as-it-is', `the order is ${held ? '' : 'not '}held`);
      const deed = { what: `order.${verb}`, subject: id, before: { held: !held }, after: { held }, why };
      return { view: { order: id, held }, deed };
    },
  });
}
