import type { Clock } from '../lib/clock.ts';
import type { Note } from '../lib/note.ts';
import type { Catalogue } from '../domain/catalogue.ts';
import type { ChannelName } from '../domain/channel.ts';
import type { Challenge } from '../domain/challenge.ts';
import type { ChargeAnswer, ChargeIdentity, ChargeRequest, ChargeVerdict } from '../domain/charge.ts';
import type { Mt, Receipt, SubmitOutcome } from '../domain/message.ts';
import type { NoticeArgs, NoticeKind, OwedMt } from '../domain/notice.ts';
import type { EndState, FrozenOrder, Order, OrderState } from '../domain/order.ts';
import type { CreditReading, Policy } from '../domain/policy.ts';
import type { RequestWords } from '../domain/request.ts';
import type { Subscription } from '../domain/subscription.ts';
import type { FlowSettings } from './settings.ts';

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
}

/** What every step that an MO causes is deduped by (E12, E13). */
export interface Dedupe {
  readonly key: string;
  /** Milliseconds that a repeat is recognised. */
  readonly window: number;
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
  readonly now: number;
  /** Milliseconds. */
  readonly leaseFor: number;
}

export type Opened =
  | { readonly kind: 'opened'; readonly held: HeldOrder; readonly owed: HeldMt | undefined }
  | { readonly kind: 'repeat' }
  /** A recurring service that the subscriber has: nothing was opened, `otherwise` is owed instead. */
  | { readonly kind: 'already' };

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
  /** Owed when the code's life or the window is over. */
  readonly late: OwedMt;
  readonly now: number;
  readonly leaseFor: number;
}

export type Answered =
  | { readonly kind: 'passed'; readonly held: HeldOrder }
  | { readonly kind: 'wrong' | 'locked' | 'late'; readonly owed: HeldMt }
  /** The challenge was no longer open: somebody else moved the order. */
  | { readonly kind: 'moved' }
  | { readonly kind: 'repeat' };

/** Records a definite answer: a compare-and-set from any process, no lease needed (E5). */
export interface RecordStep {
  readonly orderId: string;
  readonly sessionId: string;
  readonly verdict: ChargeVerdict;
  /** Where a grant leads: `placed` with the subscription and the notice; `refunding` when less than asked was granted. */
  readonly to: 'placed' | 'refunding' | 'uncharged';
  readonly subscription: Subscription | undefined;
  readonly owe: OwedMt | undefined;
  readonly now: number;
  readonly leaseFor: number;
}

export type Recorded =
  /** The first definite answer; `stopped`: a stop came first, the order goes to refunding instead (E14). */
  | { readonly kind: 'recorded'; readonly state: OrderState; readonly owed: HeldMt | undefined }
  /** A definite answer was there already, or the order is not one that this answer can move. */
  | { readonly kind: 'repeat'; readonly state: OrderState };

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

/**
 * Orders. Each method that changes something is ONE atomic step that also writes the outbox; the allowed source states
 * come from ORDER_TABLE. Methods reject only when the store cannot be reached: then nothing may be acknowledged.
 */
export interface Orders {
  open(step: OpenStep, otherwise: OwedMt | undefined): Promise<Opened>;
  load(orderId: string): Promise<Order | undefined>;
  answer(step: AnswerStep): Promise<Answered>;
  end(step: EndStep): Promise<Ended>;
  /** Takes the lease when it is free or over, and a higher fence with it; undefined while somebody holds it or nothing is left to do. */
  take(orderId: string, now: number, leaseFor: number): Promise<HeldOrder | undefined>;
  /** False when another process took it meanwhile: stop at once. */
  renew(orderId: string, fence: number, until: number): Promise<boolean>;
  /** Gives the lease back and counts the wait; the sweeper looks again at `wakeAt` (epoch ms). */
  release(orderId: string, fence: number, wakeAt: number): Promise<void>;
  /** E1: confirmed to charging with the charge's identity, fence compared; a stored identity is kept and returned. */
  permit(orderId: string, fence: number, charge: ChargeIdentity, now: number): Promise<Order | undefined>;
  /** E3: charging back to confirmed, only for the holder of `fence` and only while no send went unanswered. */
  stepBack(orderId: string, fence: number, now: number): Promise<boolean>;
  /** A send went unanswered: charge-unknown, T from now on (E2). */
  silence(orderId: string, fence: number, now: number): Promise<boolean>;
  record(step: RecordStep): Promise<Recorded>;
  /** E6: stores the refund's identity once; returns the stored one. */
  permitRefund(orderId: string, fence: number, refund: ChargeIdentity, now: number): Promise<Order | undefined>;
  /** refunding to refunded, or to disputed when the OCS refuses. */
  recordRefund(orderId: string, verdict: ChargeVerdict, owe: OwedMt | undefined, now: number, leaseFor: number): Promise<Recorded>;
  /** charge-unknown or refunding to disputed (E4). */
  dispute(orderId: string, fence: number, reason: string, now: number): Promise<boolean>;
}

/** Texts owed to subscribers. */
export interface Mts {
  /** Stores one owed text for an MO that moved no order; undefined for a repeat (E12). */
  owe(dedupe: Dedupe, mt: OwedMt, now: number, leaseFor: number): Promise<HeldMt | undefined>;
  take(mtId: string, now: number, leaseFor: number): Promise<HeldMt | undefined>;
  /** Gives the lease back and counts the wait. */
  release(mtId: string, fence: number, wakeAt: number): Promise<void>;
  /** The SMSC took every part; receipts are matched by smsc and message id from here on. */
  accepted(mt: OwedMt, smsc: string, messageIds: readonly string[], now: number): Promise<void>;
  /** Will never be said: kept for the dead-letter view with the reason. */
  dead(mt: OwedMt, reason: string, now: number): Promise<void>;
  /** False when no MT waits for it (it is then parked for a while: receipts may come before submit_sm_resp). */
  receipt(receipt: Receipt & { readonly msisdn: string }, now: number): Promise<boolean>;
}

export interface PendingChallenge {
  readonly orderId: string;
  readonly serviceId: string;
}

/** What one MO needs to know of its sender. */
export interface Subscriber {
  readonly language: string | undefined;
  readonly channel: ChannelName | undefined;
  readonly subscriptions: readonly Subscription[];
  /** Orders whose challenge is open, oldest first. */
  readonly pending: readonly PendingChallenge[];
  /** Orders confirmed or being charged: a STOP reaches them too (E14). */
  readonly inFlight: readonly PendingChallenge[];
  /** Orders whose challenge expired within the last day: a late answer hears so (E16). */
  readonly lately: readonly PendingChallenge[];
  /** Providers whose services this subscriber was given before. */
  readonly providers: ReadonlySet<string>;
}

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

export interface Subscribers {
  read(msisdn: string): Promise<Subscriber>;
  /** E14 in one step: cancels, marks, ends and acknowledges; undefined for a repeat. */
  stop(step: StopStep): Promise<HeldMt | undefined>;
  setChannel(dedupe: Dedupe, channel: ChannelName, mt: OwedMt, now: number, leaseFor: number): Promise<HeldMt | undefined>;
  /** Help and error answers within the hour; false when the limit is reached (E20). */
  mayAnswer(msisdn: string, limit: number): Promise<boolean>;
}

/** What must be looked at again: a lease that ended, a wait that is over, a challenge window that closed. */
export interface Due {
  readonly kind: 'order' | 'mt';
  readonly id: string;
  readonly fence: number;
}

export interface Wake {
  /** Takes at most `limit` due members of a partition and pushes their wake ahead, so that no second sweeper takes them too. */
  claimDue(partition: number, now: number, limit: number): Promise<readonly Due[]>;
}

export interface CreditBook {
  /** Never rejects: what cannot be read is unknown. */
  read(providerId: string): Promise<CreditReading>;
}

/** Diameter credit control (RFC 8506, event charging). */
export interface Charging {
  /** A peer is open and its watchdog okay: traffic may go. */
  open(): boolean;
  /** Never rejects. `silent` after Tx; a later answer reaches `onLateAnswer`. */
  send(request: ChargeRequest): Promise<ChargeAnswer>;
  /** A fresh identity under this process's Origin-Host. */
  newIdentity(orderId: string, nowSeconds: number): ChargeIdentity;
  /** A fresh End-to-End id and our Origin-Host for a resend of another process's charge (E2). */
  adopt(identity: ChargeIdentity): ChargeIdentity;
}

export interface Speaker {
  submit(mt: Mt): Promise<SubmitOutcome>;
}

export interface Later {
  /** Puts the order's next look into the queue; never rejects (the sweeper is the backstop). */
  settle(orderId: string, fence: number, delayMs: number, reason: string): Promise<void>;
  say(mtId: string, fence: number, delayMs: number, reason: string): Promise<void>;
}

export interface Words {
  /** The text in the subscriber's language. `args` may hold `code` here, and only here. */
  render(kind: NoticeKind, language: string, args: NoticeArgs): string;
  readonly request: RequestWords;
  readonly version: string;
}

export interface Hashing {
  /** HMAC-SHA-256 with the key of that purpose, which lives outside Redis. */
  mac(purpose: 'dedupe' | 'msisdn', text: string): Uint8Array;
  /** 32 octets for one challenge under the named code key; undefined when the key is gone. */
  codeMac(keyId: string, challengeId: string): Uint8Array | undefined;
  readonly currentCodeKey: string;
}

export interface Ports {
  readonly orders: Orders;
  readonly mts: Mts;
  readonly subscribers: Subscribers;
  readonly wake: Wake;
  readonly credit: CreditBook;
  readonly charging: Charging;
  readonly speaker: Speaker;
  readonly later: Later;
  readonly words: Words;
  readonly hashing: Hashing;
  readonly clock: Clock;
  /** `count` random octets. */
  readonly random: (count: number) => Uint8Array;
  readonly note: Note;
  /** Read at each use: a reload swaps them (orders keep what they froze). */
  readonly catalogue: () => Catalogue;
  readonly policy: () => Policy;
  readonly settings: () => FlowSettings;
}
