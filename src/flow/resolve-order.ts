import type { NoticeKind } from '../domain/notice.ts';
import type { Order, OrderState } from '../domain/order.ts';
import { owedAbout } from './incoming.ts';
import type { Ports, Resolution } from './ports.ts';
import { sayRecorded } from './say.ts';
import { subscriptionOf } from './subscription-of.ts';

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
  const notice = noticeFor(order, word.outcome);
  const recorded = await p.orders.resolve({
    orderId,
    resolution: { ...word, at: now },
    subscription: word.outcome === 'placed' ? subscriptionOf(order.frozen, now) : undefined,
    owe: notice === undefined ? undefined : owedAbout(p, order.frozen, notice),
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
function noticeFor(order: Order, outcome: Resolution['outcome']): NoticeKind | undefined {
  if (outcome === 'placed') return order.givenEarly === true ? undefined : 'ordered';
  if (outcome === 'uncharged') return order.stopRequested ? 'declined' : 'not-charged';
  return undefined;
}
