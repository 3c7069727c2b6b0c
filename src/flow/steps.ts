import type { Challenge } from '../domain/challenge.ts';
import type { Fallback } from '../domain/channel.ts';
import type { ChargeIdentity, ChargeVerdict } from '../domain/charge.ts';
import type { Heard } from '../domain/evidence/heard.ts';
import type { OwedMt } from '../domain/notice.ts';
import type { Closing, EndState, FrozenOrder, Order, OrderState } from '../domain/order.ts';
import type { Span } from '../domain/spend.ts';
import type { Subscription } from '../domain/subscription.ts';

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

export interface PendingChallenge {
  readonly orderId: string;
  readonly serviceId: string;
}

/** What every step that an MO causes is deduped by (E12, E13). */
export interface Dedupe {
  readonly key: string;
  /** Milliseconds that a repeat is recognised. */
  readonly window: number;
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
  /** Milliseconds. */
  readonly leaseFor: number;
}

export type Opened =
  | { readonly kind: 'opened'; readonly held: HeldOrder; readonly owed: HeldMt | undefined }
  | { readonly kind: 'repeat' }
  /** A recurring service that the subscriber has or that is under way (`otherwise` was given): nothing was opened, `otherwise` is owed. */
  | { readonly kind: 'already'; readonly owed: HeldMt }
  /** Other orders have used a spend cap up since the subscriber was read: nothing was done, the dedupe key neither. */
  | { readonly kind: 'over-cap' };

/** One more code for an open challenge. */
export interface NewCodeStep {
  readonly dedupe: Dedupe;
  readonly orderId: string;
  /** The challenge id that it takes over from; another one is open by now: nothing is done. */
  readonly before: string;
  readonly challenge: Challenge;
  readonly owe: OwedMt;
  readonly now: number;
  readonly leaseFor: number;
}

export type NewCode =
  { readonly kind: 'renewed'; readonly owed: HeldMt } | { readonly kind: 'moved' } | { readonly kind: 'repeat' };

export interface ComplainedOf {
  readonly providerId: string;
  /** Empty where only the provider is known. */
  readonly serviceId: string;
}

export interface ComplainStep {
  readonly dedupe: Dedupe;
  readonly msisdn: string;
  readonly about: ComplainedOf;
  readonly cause: 'mo' | 'api';
  readonly owe: OwedMt;
  readonly now: number;
  readonly leaseFor: number;
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

/** One answer to one challenge. The verdict was reached from `challengeId`; the step refuses it when that is no longer open. */
export interface AnswerStep {
  readonly dedupe: Dedupe;
  readonly orderId: string;
  readonly challengeId: string;
  readonly right: boolean;
  /** For a right answer: `charging` with its identity when a peer is open (E1, E3), else `confirmed`. */
  readonly to: 'charging' | 'confirmed';
  readonly charge: ChargeIdentity | undefined;
  /** Owed when the answer is wrong and tries remain. */
  readonly wrong: OwedMt;
  /** Owed when it was the last try: the order is declined. */
  readonly locked: OwedMt;
  /** Owed when the code's life or the window is over; for a wrong answer it is the text of any wrong answer (E16). */
  readonly late: OwedMt;
  readonly now: number;
  readonly leaseFor: number;
}

export type Answered =
  | { readonly kind: 'passed'; readonly held: HeldOrder }
  | { readonly kind: 'wrong' | 'locked' | 'late'; readonly owed: HeldMt }
  /** The challenge was no longer open: somebody else moved the order. Nothing was recorded, the MO's dedupe key neither. */
  | { readonly kind: 'moved' }
  /** Right, but the order would pass a spend cap by now: nothing was recorded, the MO's dedupe key neither. */
  | { readonly kind: 'over-cap'; readonly span: Span }
  | { readonly kind: 'repeat' };

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
  readonly now: number;
  readonly leaseFor: number;
}

export type RenewalDenied =
  { readonly kind: 'retry'; /** Epoch ms. */ readonly at: number } | { readonly kind: 'end'; readonly msisdn: string };

export type Recorded =
  /** The first definite answer; `stopped`: a stop came first, the order goes to refunding instead (E14). */
  | { readonly kind: 'recorded'; readonly state: OrderState; readonly owed: HeldMt | undefined }
  /** A definite answer was there already, or the order is not one that this answer can move. */
  | { readonly kind: 'repeat'; readonly state: OrderState };

/** Records the definite answer to a reservation's last interrogation, as RecordStep does. */
export interface CloseStep {
  readonly orderId: string;
  readonly kind: Closing['kind'];
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

export interface StopStep {
  readonly dedupe: Dedupe;
  readonly msisdn: string;
  /** Orders to cancel before charging, or to mark stop-requested in it. */
  readonly orders: readonly string[];
  /** Services whose subscription ends. */
  readonly services: readonly string[];
  readonly owe: OwedMt;
  readonly now: number;
  readonly leaseFor: number;
}

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
