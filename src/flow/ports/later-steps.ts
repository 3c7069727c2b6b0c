import type { ChargeVerdict } from '../../domain/charge.ts';
import type { Closing, Order } from '../../domain/order.ts';
import type { NoticeKind, OwedMt } from '../../domain/notice.ts';
import type { Subscription } from '../../domain/subscription.ts';

/** What a charged order came to once its provider was asked. After a stop it is not placed, whatever `to` says (E14). */
export interface ProvideStep {
  readonly orderId: string;
  readonly to: 'placed' | 'refunding' | 'uncharged';
  /** Nothing was taken, so there is nothing to give back. */
  readonly free: boolean;
  /** What its refund will say. */
  readonly told: NoticeKind | undefined;
  readonly subscription: Subscription | undefined;
  readonly owe: OwedMt | undefined;
  /** Left to the sweep where a stop came first and nothing was taken (E14). */
  readonly oweStopped?: OwedMt | undefined;
  readonly now: number;
  readonly leaseFor: number;
}

export interface AskRefundStep {
  readonly orderId: string;
  readonly asked: { readonly who: string; readonly why: string; readonly at: number };
  readonly told: NoticeKind;
  readonly now: number;
}

/** A refund, commit or release that may be sent now. */
export interface Permitted {
  readonly order: Order;
  /** Some send of it may have arrived: T (E2, RFC 6733 section 3). */
  readonly again: boolean;
}

/** The definite answer to a refund. Another one than the order's own moves nothing (E6). */
export interface RefundStep {
  readonly orderId: string;
  /** Of the refund that it answers. */
  readonly sessionId: string;
  readonly verdict: ChargeVerdict;
  /** Why a person must see to it; undefined where all of it was given back. */
  readonly reason: string | undefined;
  readonly owe: OwedMt | undefined;
  readonly now: number;
  readonly leaseFor: number;
}

/** Records the definite answer to a reservation's last interrogation, as RecordStep does. */
export interface CloseStep {
  readonly orderId: string;
  readonly kind: Closing['kind'];
  /** What the outbox is told: a provider answers for what it did not provide, not for what was too little or came too late. */
  readonly cause: Closing['kind'] | 'not-provided';
  /** A release ends `uncharged`, or `cancelled` after a stop; a commit that was taken places, or refunds after a stop. */
  readonly to: 'placed' | 'uncharged' | 'disputed';
  /** undefined when no answer came within the memory of the OCS. */
  readonly resultCode: number | undefined;
  /** Why it is disputed, for staff. */
  readonly reason: string | undefined;
  readonly subscription: Subscription | undefined;
  readonly owe: OwedMt | undefined;
  /** Owed in place of `owe` when a stop came first (E14). */
  readonly oweStopped: OwedMt | undefined;
  readonly now: number;
  readonly leaseFor: number;
}
