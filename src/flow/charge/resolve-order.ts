import type { OwedMt } from '../../domain/notice.ts';
import type { Order, OrderState } from '../../domain/order.ts';
import type { Subscription } from '../../domain/subscription.ts';
import { owedAbout } from '../incoming.ts';
import { paidBackText } from './refund-order.ts';
import { unchargedFor } from './waiting.ts';
import type { Ports, Resolution } from '../ports/ports.ts';
import { sayRecorded } from '../say/say.ts';
import { placedText, subscriptionOf } from '../subscription/subscription-of.ts';

/** What came of a person's word. */
export type Resolved =
  | { readonly kind: 'resolved'; readonly state: OrderState }
  /** Only a disputed order is anybody's to decide. */
  | { readonly kind: 'not-disputed'; readonly state: OrderState }
  | { readonly kind: 'unknown' };

/** A subscription that is renewed each time it is read. */
const TRIES = 5;

/**
 * E8: a disputed order goes where a person says, who has looked into the OCS's own books: `placed` (it was debited, give the
 * service), `uncharged` (it was not), `refund` (it was, give the money back). Noted with who and why, and kept with the order.
 * Rejects where another renewal was under way at every try: whoever decided asks again.
 */
export async function resolveOrder(p: Ports, orderId: string, word: Omit<Resolution, 'at'>): Promise<Resolved> {
  for (let tries = 0; tries < TRIES; tries++) {
    const resolved = await resolveOnce(p, orderId, word);
    if (resolved.kind !== 'not-disputed' || resolved.state !== 'disputed') return resolved;
  }
  throw new Error(`the subscription of ${orderId} changed ${TRIES} times while its order was to be resolved`);
}

/** `not-disputed` of one that is: it was renewed since it was read. */
async function resolveOnce(p: Ports, orderId: string, word: Omit<Resolution, 'at'>): Promise<Resolved> {
  const order = await p.orders.load(orderId);
  if (order === undefined) return { kind: 'unknown' };
  const now = p.clock.now();
  const subscription = word.outcome === 'placed' && !wasGiven(order) ? subscriptionOf(p, order, now) : undefined;
  const recorded = await p.orders.resolve({
    orderId,
    resolution: { at: now, ...word },
    subscription,
    renewal: await renewalOf(p, order),
    owe: await textFor(p, order, word.outcome, subscription),
    now,
    leaseFor: p.settings().leaseFor,
  });
  const { kind, state } = recorded;
  if (kind === 'repeat') return { kind: 'not-disputed', state };
  p.note('order.resolved', { order: orderId, state, ...word });
  await sayRecorded(p, recorded);
  if (state === 'refunding') await p.later.settle(orderId, order.fence, 0, `a refund by ${word.who}`);
  return { kind: 'resolved', state };
}

async function renewalOf(p: Ports, { frozen }: Order): Promise<string | undefined> {
  const { subscriptions } = await p.subscribers.read(frozen.msisdn);
  return subscriptions.find(({ orderId }) => orderId === frozen.id)?.renewing;
}

/**
 * What was told already is not told again; a refund is told when it is done. Where one was under way the money had been taken: not
 * charged means that the OCS has given it back.
 */
async function textFor(
  p: Ports,
  order: Order,
  outcome: Resolution['outcome'],
  left: Subscription | undefined,
): Promise<OwedMt | undefined> {
  if (outcome === 'placed') return wasGiven(order) ? undefined : placedText(p, order, left);
  if (outcome !== 'uncharged') return undefined;
  if (order.refund !== undefined) return paidBackText(p, order);
  const kind = order.stopRequested || order.renewal !== undefined ? unchargedFor(order) : 'not-charged';
  return owedAbout(p, order.frozen, kind);
}

/** On silence (E7), or it was placed before its refund was asked for: the subscription goes on or was ended since, by its own steps. */
function wasGiven({ givenEarly, refundAsked }: Order): boolean {
  return givenEarly === true || refundAsked === true;
}
