import type { Challenge } from '../../domain/challenge.ts';
import type { Fallback } from '../../domain/channel.ts';
import type { ChargeIdentity, ChargeVerdict } from '../../domain/charge.ts';
import type { Heard } from '../../domain/evidence/heard.ts';
import type { OwedMt } from '../../domain/notice.ts';
import type { EndState, FrozenOrder, Order, OrderState } from '../../domain/order.ts';
import type { SpendMark } from '../../domain/spend.ts';
import type { Subscription } from '../../domain/subscription.ts';

/** The right to send for an order or MT until `until` (epoch ms); `fence` is compared in the store (E5). */
export interface Lease {
  readonly fence: number;
  readonly until: number;
}

export interface HeldOrder {
  readonly order: Order;
  readonly lease: Lease;
}

export interface HeldMt {
  readonly mt: OwedMt;
  readonly lease: Lease;
  /** How often it had to wait; feeds the backoff. */
  readonly waits: number;
  /** How often no response came: it may have been said. */
  readonly silences: number;
}

/** An order of a subscriber's, by what it is for. */
export interface OrderRef {
  readonly orderId: string;
  readonly serviceId: string;
}

/** What every step that an MO causes is deduped by (E12, E13). */
export interface Dedupe {
  readonly key: string;
  /** Milliseconds that a repeat is recognised. */
  readonly window: number;
  /** No id of the SMSC's tells it from another MO of the same words. */
  readonly byWords?: boolean;
  /** Epoch ms: what it answers. Such an MO is no repeat of words that were heard before this. */
  readonly since?: number;
  /** The MO itself: the step tells it to the outbox, for the evidence. */
  readonly heard?: Heard;
}

/** What `open` stores in one step. `state` is where the order starts: `walk('received', …)`. */
export interface OpenStep {
  readonly dedupe: Dedupe;
  readonly frozen: FrozenOrder;
  readonly state: OrderState;
  readonly charge: ChargeIdentity | undefined;
  readonly challenge: Challenge | undefined;
  readonly owe: OwedMt | undefined;
  /** An open challenge for the same service, ended as cancelled by the same step. */
  readonly supersedes: string | undefined;
  /** The month in which its refusal asks the subscriber to agree to more spending. */
  readonly asks?: { readonly currency: string; readonly month: string; readonly at: number } | undefined;
  readonly now: number;
  /** Epoch ms, of its MO: a STOP that was received no sooner stops it. */
  readonly receivedAt: number;
  /** Milliseconds. */
  readonly leaseFor: number;
}

export type Opened =
  | { readonly kind: 'opened'; readonly held: HeldOrder; readonly owed: HeldMt | undefined }
  | { readonly kind: 'repeat' }
  /** A recurring service that the subscriber has or that is under way (`otherwise` was given): nothing was opened, `otherwise` is owed. */
  | { readonly kind: 'already'; readonly owed: HeldMt }
  /** Other orders have used a spend cap up since the subscriber was read: nothing was done, the dedupe key neither. */
  | { readonly kind: 'over-cap' }
  /** A STOP that was received no sooner came first (E14): nothing was done, the dedupe key neither. */
  | { readonly kind: 'stopped' };

export interface PermitAt {
  readonly now: number;
  /** How a renewal that waited uncounted counts towards spend caps by now; left out: as when its order was opened. */
  readonly counts?: { /** Undefined where no cap counts it. */ readonly spend: SpendMark | undefined };
}

export interface RerouteStep {
  /** As it is owed from now on. */
  readonly mt: OwedMt;
  readonly fallback: Fallback;
  /** The holder's, for a text that is owed; undefined for one that was accepted and did not arrive. */
  readonly fence: number | undefined;
  readonly now: number;
  readonly leaseFor: number;
  /** Where the text is a challenge: what it is from now on, under the same id; kept while its order still waits. */
  readonly challenge: Challenge | undefined;
}

/** Records a definite answer: a compare-and-set from any process, no lease needed (E5). */
export interface RecordStep {
  readonly orderId: string;
  readonly sessionId: string;
  readonly verdict: ChargeVerdict;
  /**
   * Where a grant leads: `placed` with the subscription and the notice, `charged` where the provider is asked first, `reserved` for a reservation of any size,
   * `refunding` when less than asked was debited. An order that was given on silence goes to `placed` whatever this says.
   */
  readonly to: 'placed' | 'charged' | 'reserved' | 'refunding' | 'uncharged' | 'confirmed';
  /** What a denial does to a renewal: `confirmed` until the next try (`uncharged` after a stop), or the subscription ends. */
  readonly renewal?: RenewalDenied | undefined;
  readonly subscription: Subscription | undefined;
  readonly owe: OwedMt | undefined;
  /** Left to the sweep where a stop came first and nothing was taken (E14). */
  readonly oweStopped?: OwedMt | undefined;
  readonly now: number;
  readonly leaseFor: number;
}

export type RenewalDenied =
  { readonly kind: 'retry'; /** Epoch ms. */ readonly at: number } | { readonly kind: 'end'; readonly msisdn: string };

export type Recorded =
  /** The first definite answer. Where a stop came first, `state` is `refunding` in place of `placed` (E14). */
  | { readonly kind: 'recorded'; readonly state: OrderState; readonly owed: HeldMt | undefined }
  /** A definite answer was there already, or the order is not one that this answer can move. */
  | { readonly kind: 'repeat'; readonly state: OrderState };

/** E7: gives the service of an order that is `charge-unknown`. */
export interface GiveStep {
  readonly orderId: string;
  readonly fence: number;
  readonly subscription: Subscription | undefined;
  readonly owe: OwedMt;
  readonly now: number;
  readonly leaseFor: number;
}

/** What a person found out about a disputed order, and who it was. */
export interface Resolution {
  readonly outcome: 'placed' | 'uncharged' | 'refund';
  readonly why: string;
  readonly who: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

export interface ResolveStep {
  readonly orderId: string;
  readonly resolution: Resolution;
  readonly subscription: Subscription | undefined;
  /** The order that renews what it began, and stops where that ends with it. */
  readonly renewal?: string | undefined;
  readonly owe: OwedMt | undefined;
  readonly now: number;
  readonly leaseFor: number;
}

export interface EndStep {
  readonly orderId: string;
  readonly to: EndState;
  /** The states from which the end is allowed, from ORDER_TABLE. */
  readonly from: readonly OrderState[];
  readonly dedupe: Dedupe | undefined;
  readonly owe: OwedMt | undefined;
  readonly now: number;
  readonly leaseFor: number;
}

export type Ended =
  | { readonly kind: 'ended'; readonly owed: HeldMt | undefined }
  | { readonly kind: 'moved'; readonly state: OrderState }
  | { readonly kind: 'repeat' };

/** A text that an SMSC took. */
export interface Said {
  readonly smsc: string;
  /** One per part, in the order of the parts. */
  readonly messageIds: readonly string[];
  /** Word for word, for the evidence; where a code stood there are stars (E15). */
  readonly text: string;
  /** Under which it was said, where another may have taken it up since: then it is not closed. */
  readonly fence?: number;
}
