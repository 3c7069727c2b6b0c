import type { Doubt } from '../../domain/order.ts';
import { DOUBTS } from '../../domain/order.ts';
import { orderDetail } from '../order-view.ts';
import type { NocSources, ResolveWord } from '../sources.ts';
import { ordersView } from '../views.ts';
import type { Asked, Changed, Refused, Route } from './route.ts';
import { change, nameOf, read, refuse } from './route.ts';
import type { Shape } from './shape.ts';
import { ENTRIES, list, oneOf, ORDER_ID, record, text, time, WHO_SAYS, WHY, whole, yesNo } from './shape.ts';

export const SUMMARY = {
  id: text('order'),
  state: text('of the order, E8'),
  openedAt: time('of the MO'),
  subscriber: text('the last three digits'),
  keyword: text('that ordered it'),
  title: text('of the service'),
  provider: text('as subscribers read it'),
  price: text('ISO 4217 and amount'),
  interaction: text('notice, confirm, otp or refuse'),
};

const RULE = record({ rule: text('rule'), asks: text('interaction'), because: text('for people') });

const DECISION = record(
  {
    text: text('the decision in one line'),
    score: whole('of the provider at that time'),
    band: text('of the score'),
    policyVersion: text('hash of the policy'),
    rules: list(RULE, 'every rule that spoke'),
  },
  ['score'],
);

const CHALLENGE = record({
  kind: text('confirm or otp'),
  wrongAnswers: whole('so far'),
  maxTries: whole('wrong answers until it locks'),
  codeEndsAt: time('end of the code'),
  windowEndsAt: time('end of the order'),
});

const CHARGE = record(
  {
    sessionId: text('RFC 8506 8.8'),
    requestNumber: whole('RFC 8506 8.2'),
    eventTimestamp: time('RFC 6733 8.21'),
    unanswered: yesNo('some send went unanswered: resends carry T'),
    verdict: text('what the OCS said'),
    resultCode: whole('Result-Code'),
  },
  ['resultCode'],
);

const FALLBACK = record({
  text: text('which: ordered, code, ...'),
  from: text('channel'),
  to: text('channel'),
  because: text('for people'),
  at: time('of the change'),
});

const DETAIL: Shape = record(
  {
    ...SUMMARY,
    updatedAt: time('of the last move'),
    period: text('once, day, week or month'),
    channel: text('of its messages'),
    channelAsked: text('where it is another one'),
    channelBecause: text('why the one that was asked for was not taken'),
    fallbacks: list(FALLBACK, 'texts that left over another channel'),
    link: text('on which it came'),
    shortCode: text('to which it came'),
    textVersion: text('hash of the texts'),
    decision: DECISION,
    challenge: CHALLENGE,
    charge: CHARGE,
    deniedWith: whole('Result-Code of the last try of a renewal that is tried again'),
    refund: text('Session-Id of the refund'),
    stopRequested: yesNo('a STOP came while it was charged'),
    waits: whole('times that it waited'),
  },
  ['challenge', 'charge', 'deniedWith', 'refund', 'channelAsked', 'channelBecause'],
);

type ById = Asked<{ readonly id: string }>;

/** Ids of ours only, those of renewals too: whatever else is asked for never reaches the store. */
export function isOrderId(id: string): boolean {
  return /^\d{2,4}-[0-9a-z]{1,64}(-r\d{1,9})?$/.test(id);
}

export function orderRoutes(sources: NocSources): readonly Route[] {
  return [
    read<unknown, { readonly limit: number; readonly state?: Doubt }>({
      path: '/api/v1/orders',
      tag: 'orders',
      role: 'viewer',
      does: 'The newest orders, or those whose money is in doubt',
      query: record({ limit: ENTRIES, state: oneOf(DOUBTS, 'only these, of any age') }, ['limit', 'state']),
      answer: record({ orders: list(record(SUMMARY)) }),
      handle: ({ query: { limit, state } }) => ordersView(sources, limit, state),
    }),
    read({
      path: '/api/v1/orders/:id',
      tag: 'orders',
      role: 'viewer',
      does: 'One order with its decision explained',
      params: ORDER_ID,
      answer: DETAIL,
      async handle({ params: { id } }: ById) {
        const order = isOrderId(id) ? await sources.orders.orderById(id) : undefined;
        return order === undefined ? refuse(404, 'no-order', 'no order has this id') : orderDetail(order);
      },
    }),
    ...resolveRoutes(sources),
  ];
}

interface Word {
  readonly outcome: ResolveWord['outcome'];
  readonly why: string;
  /** Taken where the NOC knows nobody's name. */
  readonly who?: string;
}

function resolveRoutes({ resolve }: NocSources): readonly Route[] {
  if (resolve === undefined) return [];
  const handle = async ({ params: { id }, body, who }: Asked<{ readonly id: string }, unknown, Word>) => {
    const { outcome, why } = body;
    const said = isOrderId(id)
      ? await resolve(id, { outcome, why, who: nameOf(who, body.who) })
      : { kind: 'unknown' as const };
    return resolved(id, body, said);
  };
  return [
    change({
      path: '/api/v1/orders/:id/resolve',
      tag: 'orders',
      role: 'operator',
      does: "Settles a disputed order by a person's word",
      params: ORDER_ID,
      body: record(
        {
          outcome: oneOf(['placed', 'uncharged', 'refund'], 'where the order goes'),
          why: WHY,
          who: WHO_SAYS,
        },
        ['who'],
      ),
      answer: record({ order: text('order'), state: text('where it is now') }),
      handle,
    }),
  ];
}

function resolved(
  id: string,
  { outcome, why }: Word,
  said: Awaited<ReturnType<NonNullable<NocSources['resolve']>>>,
): Changed | Refused {
  if (said.kind === 'unknown') return refuse(404, 'no-order', 'no order has this id');
  if (said.kind === 'not-disputed')
    return refuse(409, 'not-disputed', `the order is ${said.state}: only a disputed one is resolved by hand`);
  const deed = {
    what: 'order.resolve',
    subject: id,
    before: { state: 'disputed' },
    after: { state: said.state, outcome },
  };
  return { view: { order: id, state: said.state }, deed: { ...deed, why } };
}
