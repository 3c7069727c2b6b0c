import { lastThree } from '../../domain/msisdn.ts';
import { orderSummary } from '../order-view.ts';
import type { NocSources, SubscriberView } from '../sources.ts';
import type { Asked, Changed, Refused, Route } from './route.ts';
import { change, refuse } from './route.ts';
import { isOrderId, SUMMARY } from './orders.ts';
import { list, ORDER_ID, record, text, WHY } from './shape.ts';
import { SUBSCRIPTION } from './subscribers.ts';

const NUMBER = text('E.164 digits, with or without +', { pattern: '^\\+?[1-9]\\d{6,14}$' });

/** Newest orders of one subscriber. */
const MOST = 100;

interface Lookup {
  readonly msisdn: string;
  readonly why: string;
}

/** For care staff. The number comes in a body, so that no log of addresses holds it, and every look is audited. */
export function careRoutes(sources: NocSources): readonly Route[] {
  const { ofSubscriber } = sources.orders;
  const has = hasOf(sources);
  if (ofSubscriber === undefined) return [];
  return [
    change({
      path: '/api/v1/care/lookup',
      tag: 'care',
      role: 'viewer',
      does: 'What a subscriber has, and their newest orders; the look is audited',
      body: record({ msisdn: NUMBER, why: WHY }),
      answer: record({
        subscriber: text('the last three digits'),
        subscriptions: list(SUBSCRIPTION, 'as LIST numbers them'),
        orders: list(record(SUMMARY)),
      }),
      async handle({ body }: Asked<unknown, unknown, Lookup>) {
        const msisdn = body.msisdn.replace('+', '');
        const [orders, subscriptions] = await Promise.all([ofSubscriber(msisdn, MOST), has(msisdn)]);
        const subscriber = lastThree(msisdn);
        const found = { before: {}, after: { orders: orders.length, subscriptions: subscriptions.length } };
        const deed = { what: 'care.lookup', subject: subscriber, ...found, why: body.why };
        return { view: { subscriber, subscriptions, orders: orders.map(orderSummary) }, deed };
      },
    }),
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

/** By the numbers that the subscriber reads in LIST, so that both speak of the same thing. */
function hasOf({ subscriber }: NocSources): (msisdn: string) => Promise<SubscriberView['subscriptions']> {
  return async (msisdn) => {
    const { subscriptions = [] } = (await subscriber?.(msisdn)) ?? {};
    return [...subscriptions].sort((left, right) => left.number - right.number);
  };
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
