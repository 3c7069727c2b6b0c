import type { NocSources } from '../sources.ts';
import type { Asked, Changed, Refused, Route } from './route.ts';
import { isOrderId, SUMMARY } from './orders.ts';
import { change, nameOf, refuse } from './route.ts';
import { list, MSISDN, ORDER_ID, record, text, time, WHO_SAYS, WHY, whole, withoutPlus } from './shape.ts';

/** What a complaint asks for: what somebody has, and their money back. Both are for operators and leave an audit record. */
export function subscriberRoutes({ refund, subscriber }: NocSources): readonly Route[] {
  return [
    ...(refund === undefined ? [] : [refundRoute(refund)]),
    ...(subscriber === undefined ? [] : [lookRoute(subscriber)]),
  ];
}

interface RefundBody {
  readonly why: string;
  readonly who?: string;
}

function refundRoute(refund: NonNullable<NocSources['refund']>): Route {
  const handle = async ({
    params,
    body,
    who,
  }: Asked<{ readonly id: string }, unknown, RefundBody>): Promise<Changed | Refused> => {
    const word = { why: body.why, who: nameOf(who, body.who) };
    const said = isOrderId(params.id) ? await refund(params.id, word) : { kind: 'unknown' as const };
    if (said.kind === 'unknown') return refuse(404, 'no-order', 'no order has this id');
    if (said.kind === 'not-paid')
      return refuse(409, 'not-paid', `the order is ${said.state}: only one that was placed and charged is paid back`);
    const deed = {
      what: 'order.refund',
      subject: params.id,
      before: { state: 'placed' },
      after: { state: 'refunding' },
    };
    return { view: { order: params.id, state: 'refunding' }, deed: { ...deed, why: body.why } };
  };
  return change({
    path: '/api/v1/orders/:id/refund',
    tag: 'orders',
    role: 'operator',
    does: 'Pays a placed order back through the OCS',
    params: ORDER_ID,
    body: record({ why: WHY, who: WHO_SAYS }, ['who']),
    answer: record({ order: text('order'), state: text('where it is now') }),
    handle,
  });
}

const SUBSCRIPTION = record({
  number: whole('in LIST'),
  service: text('service'),
  title: text('as subscribers read it'),
  price: text('ISO 4217 and amount'),
  period: text('day, week or month'),
  state: text('active, grace or suspended'),
  since: time('of the first charge'),
  dueAt: time('of the next charge'),
});

const ANSWER = record({
  subscriber: text('the last three digits'),
  subscriptions: list(SUBSCRIPTION, 'as LIST numbers them'),
  orders: list(record(SUMMARY), 'newest first'),
});

/** A change in name only: the number travels in a body, not in an address that logs keep, and looking is audited (E19). */
function lookRoute(subscriber: NonNullable<NocSources['subscriber']>): Route {
  return change({
    path: '/api/v1/subscriber',
    tag: 'orders',
    role: 'operator',
    does: 'What one subscriber has and ordered; the look is audited',
    body: record({ msisdn: MSISDN, why: WHY }),
    answer: ANSWER,
    async handle({
      body: { msisdn, why },
    }: Asked<unknown, unknown, { readonly msisdn: string; readonly why: string }>): Promise<Changed> {
      const view = await subscriber(withoutPlus(msisdn));
      const after = { orders: view.orders.length, subscriptions: view.subscriptions.length };
      return { view, deed: { what: 'subscriber.look', subject: view.subscriber, before: {}, after, why } };
    },
  });
}
