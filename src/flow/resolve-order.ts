import type { OwedMt } from '../domain/notice.ts';
import type { Order, OrderState } from '../domain/order.ts';
import type { Subscription } from '../domain/subscription.ts';
import { owedAbout } from './incoming.ts';
import { unchargedFor } from './waiting.ts';
import type { Ports, Resolution } from './ports.ts';
import { sayRecorded } from './say.ts';
import { placedText, subscriptionOf } from './subscription-of.ts';

/** What came of a person's word. */
export type Resolved =
  | { readonly kind: 'resolved'; readonly state: OrderState }
  /** Only a disputed order is anybody's to decide. */
  | { readonly kind: 'not-disputed'; readonly state: OrderState }
  | { readonly kind: 'unknown' };

/**
 * E8: a disputed order goes where a person says, who has looked into the OCS's own books: `placed` (it was debited, give the
 * service), `uncharged` (it was not), `refund` (it was, give the money back). Noted with who and why, and kept with the order.
 */
export async function resolveOrder(p: Ports, orderId: string, word: Omit<Resolution, 'at'>): Promise<Resolved> {
  const order = await p.orders.load(orderId);
  if (order === undefined) return { kind: 'unknown' };
  const now = p.clock.now();
  const subscription = word.outcome === 'placed' ? subscriptionOf(p, order, now) : undefined;
  const recorded = await p.orders.resolve({
    orderId,
    resolution: { ...word, at: now },
    subscription,
    owe: textFor(p, order, word.outcome, subscription),
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

/** What was told already is not told again; a refund is told when it is done. */
function textFor(
  p: Ports,
  order: Order,
  outcome: Resolution['outcome'],
  left: Subscription | undefined,
): OwedMt | undefined {
  if (outcome === 'placed') return order.givenEarly === true ? undefined : placedText(p, order, left);
  if (outcome !== 'uncharged') return undefined;
  const kind = order.stopRequested || order.renewal !== undefined ? unchargedFor(order) : 'not-charged';
  return owedAbout(p, order.frozen, kind);
}
