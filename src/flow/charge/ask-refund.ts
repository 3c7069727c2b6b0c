import type { NoticeKind } from '../../domain/notice.ts';
import type { OrderState } from '../../domain/order.ts';
import type { Ports } from '../ports/ports.ts';

export interface RefundWord {
  readonly who: string;
  readonly why: string;
}

export type AskedRefund =
  | { readonly kind: 'asked' }
  /** Only what was placed and paid for can be paid back. */
  | { readonly kind: 'not-paid'; readonly state: OrderState }
  | { readonly kind: 'unknown' };

/** E6: the money of a placed order goes back to its subscriber by a refund of its own; asked twice, it is one. Audited. */
export async function askRefund(
  p: Ports,
  orderId: string,
  { told = 'paid-back', who, why }: RefundWord & { readonly told?: NoticeKind },
): Promise<AskedRefund> {
  const order = await p.orders.load(orderId);
  if (order === undefined) return { kind: 'unknown' };
  const { state, verdict } = order;
  if (verdict?.kind !== 'granted' || verdict.free) return { kind: 'not-paid', state };
  const now = p.clock.now();
  const recorded = await p.orders.askRefund({ orderId, asked: { who, why, at: now }, told, now });
  if (recorded.kind === 'repeat') return { kind: 'not-paid', state: recorded.state };
  p.note('order.refund-asked', { order: orderId, who, why });
  // What was asked for stands: without its job the sweeper finds it.
  await p.later.settle(orderId, order.fence, 0, `a refund by ${who}`).catch(() => undefined);
  return { kind: 'asked' };
}
