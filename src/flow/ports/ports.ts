import type { Clock } from '../../lib/clock.ts';
import type { Note } from '../../lib/note.ts';
import type { Catalogue } from '../../domain/catalogue.ts';
import type { ChargeAnswer, ChargeIdentity, ChargeRequest, FailureTerms } from '../../domain/charge.ts';
import type { Receipt } from '../../domain/message.ts';
import type { OrderMt, OwedMt } from '../../domain/notice.ts';
import type { Closing, FrozenOrder, LaterSend, Order } from '../../domain/order.ts';
import type { CreditReading, Policy } from '../../domain/policy.ts';
import type { AnswerStep, Answered, NewCode, NewCodeStep } from './consent-steps.ts';
import type { Quotas, Ratings } from './limits.ts';
import type { Hashing, Later, Speaker, Words } from './outside.ts';
import type { FlowSettings } from './settings.ts';
import type { SpendAsk, Subscribers, Subscriptions } from './subscribers.ts';
import type { Ussd } from './ussd.ts';
import type { AskRefundStep, CloseStep, Permitted, ProvideStep, RefundStep } from './later-steps.ts';
import type {
  Dedupe,
  EndStep,
  Ended,
  GiveStep,
  HeldMt,
  HeldOrder,
  OpenStep,
  Opened,
  PermitAt,
  RecordStep,
  Recorded,
  RerouteStep,
  ResolveStep,
  Said,
} from './steps.ts';

export type * from './consent-steps.ts';
export type * from './limits.ts';
export type * from './outside.ts';
export type * from './later-steps.ts';
export type * from './steps.ts';
export type * from './subscribers.ts';

/**
 * Orders. Each method that changes something is ONE atomic step that also writes the outbox; the allowed source states
 * come from ORDER_TABLE. Methods reject only when the store cannot be reached: then nothing may be acknowledged.
 */
export interface Orders {
  open(step: OpenStep, otherwise: OwedMt | undefined): Promise<Opened>;
  load(orderId: string): Promise<Order | undefined>;
  answer(step: AnswerStep): Promise<Answered>;
  /** E15, E16: a new challenge id in place of the open one; its tries begin anew. */
  newCode(step: NewCodeStep): Promise<NewCode>;
  end(step: EndStep): Promise<Ended>;
  /**
   * Takes the lease when it is free or over, and a higher fence with it; undefined while somebody holds it or nothing is left to do, and
   * where it has another fence than the one that is named.
   */
  take(orderId: string, now: number, leaseFor: number, fence?: number): Promise<HeldOrder | undefined>;
  /** The fence compared before a send, and while its answer is pending (E5). False when another process took it meanwhile. */
  renew(orderId: string, fence: number, until: number): Promise<boolean>;
  /** Gives the lease back and counts the wait; the sweeper looks again at `wakeAt` (epoch ms). */
  release(orderId: string, fence: number, wakeAt: number): Promise<void>;
  /**
   * E1: confirmed to charging with the charge's identity, fence compared; a stored identity is kept and returned. Undefined
   * also for a renewal that waited and would pass a spend cap now.
   */
  permit(orderId: string, fence: number, charge: ChargeIdentity, at: PermitAt): Promise<Order | undefined>;
  /**
   * E3: charging back to confirmed, only for the holder of `fence` and only while no send went unanswered. Where a stop came
   * first it is cancelled, and `oweStopped` is left to the sweep (E14).
   */
  stepBack(orderId: string, fence: number, now: number, oweStopped?: OwedMt): Promise<boolean>;
  /** A send went unanswered: charge-unknown, T from now on (E2). */
  silence(orderId: string, fence: number, now: number): Promise<boolean>;
  record(step: RecordStep): Promise<Recorded>;
  /** E10: out of `charged`, once the provider was asked. */
  provided(step: ProvideStep): Promise<Recorded>;
  /** placed to refunding. */
  askRefund(step: AskRefundStep): Promise<Recorded>;
  /**
   * Decides once whether a reservation is committed (then the order is `committing`) or released, and stores the identity
   * of that interrogation before its first send; a stored one is kept and returned, and permitted again. No commit is decided
   * on after a stop (E14).
   */
  permitClosing(orderId: string, fence: number, closing: Closing, now: number): Promise<Permitted | undefined>;
  recordClosing(step: CloseStep): Promise<Recorded>;
  /** E7; undefined when it was given before, answered or stopped meanwhile, or the fence is stale. */
  giveEarly(step: GiveStep): Promise<HeldMt | undefined>;
  /** E8: out of `disputed` by a person's word. A refund of it is a new one (E6). */
  resolve(step: ResolveStep): Promise<Recorded>;
  /** E6: permits a send of the refund, whose identity is stored once; returns the stored one. */
  permitRefund(orderId: string, fence: number, refund: ChargeIdentity, now: number): Promise<Permitted | undefined>;
  /**
   * What was permitted did not leave, or an error answer says that it was not processed: its next send is a first one. Only for
   * the holder of `fence`, and only for a first send; what nobody handed back counts as sent (E1).
   */
  handBack(orderId: string, fence: number, what: LaterSend): Promise<boolean>;
  /** refunding to refunded, or to disputed when the OCS refuses; a late success settles the dispute about it. */
  recordRefund(step: RefundStep): Promise<Recorded>;
  /** charge-unknown, committing or refunding to disputed (E4). */
  dispute(orderId: string, fence: number, reason: string, now: number): Promise<boolean>;
}

/** What the network knows of a text that it took: on its way (or there), or one of its parts will never arrive. */
export type Arrival = 'expected' | 'undelivered';

export type ReceiptStep =
  /** No text waits for it: kept for a while, for receipts may come before submit_sm_resp. */
  { readonly kind: 'parked' } | { readonly kind: 'noted' } | { readonly kind: 'undelivered'; readonly mt: OwedMt };

/** Dead: kept for the dead-letter view. Outdated: not true any more, and for nobody to look at. */
export interface Burial {
  readonly state: 'dead' | 'outdated';
  readonly reason: string;
}

/** Texts owed to subscribers. */
export interface Mts {
  /** Stores one owed text for an MO that moved no order; undefined for a repeat (E12). */
  owe(dedupe: Dedupe, mt: OwedMt, now: number, leaseFor: number): Promise<HeldMt | undefined>;
  /** Stores an owed text about an order, and what it asks; undefined where it was stored before, for as long as the order is kept. */
  oweOnce(mt: OrderMt, now: number, leaseFor: number, asks?: SpendAsk): Promise<HeldMt | undefined>;
  load(mtId: string): Promise<OwedMt | undefined>;
  /** As `take` of an order. */
  take(mtId: string, now: number, leaseFor: number, fence?: number): Promise<HeldMt | undefined>;
  /** False where another process has it. */
  renew(mtId: string, fence: number, until: number): Promise<boolean>;
  /** Gives the lease back and counts the wait; `unanswered`: it may have been said. */
  release(mtId: string, fence: number, wakeAt: number, unanswered?: boolean): Promise<void>;
  /**
   * The SMSC took every part; receipts are matched by smsc and message id from here on, those that came first at once. What
   * did not arrive is looked at again until it is closed. Another text of the same id that was owed meanwhile stays owed.
   */
  accepted(mt: OwedMt, said: Said, now: number): Promise<Arrival>;
  /**
   * P6: owes the text over another channel and writes on its order why: one that is owed, by the holder of `fence`, or one
   * that was accepted and did not arrive. Undefined when it is neither any more.
   */
  reroute(step: RerouteStep): Promise<HeldMt | undefined>;
  /** The text, where it was accepted and did not arrive. */
  undelivered(mtId: string): Promise<OwedMt | undefined>;
  /** What follows from its not arriving was done: it is looked at no more, unless it is owed again. */
  close(mtId: string): Promise<void>;
  /** Will never be said. False where it is not owed any more, or another holder than that of `fence` has it. */
  bury(mt: OwedMt, fence: number, end: Burial, now: number): Promise<boolean>;
  /** A receipt that comes again tells the same again, so that whoever was cut off in what follows from it gets it done. */
  receipt(receipt: Receipt & { readonly msisdn: string }, now: number): Promise<ReceiptStep>;
}

/** What must be looked at again: a lease that ended, a wait or dialogue that is over, a challenge window that closed. */
export interface Due {
  readonly kind: 'order' | 'mt' | 'dialogue';
  readonly id: string;
  readonly fence: number;
}

export interface Wake {
  /**
   * Takes at most `limit` due members of a partition and pushes their wake ahead, so that no second sweeper takes them too.
   * `kinds`: those that this process can handle; left out, all.
   */
  claimDue(partition: number, now: number, limit: number, kinds?: readonly Due['kind'][]): Promise<readonly Due[]>;
}

export interface CreditBook {
  /** Never rejects: what cannot be read is unknown. */
  read(providerId: string): Promise<CreditReading>;
}

/** Diameter credit control (RFC 8506): by event, and by session where a service is reserved. */
export interface Charging {
  /** A peer is open and its watchdog okay: traffic may go. */
  open(): boolean;
  /** Why `open` is false, where that is not the want of a peer. */
  shutBecause?(): string | undefined;
  /** What the OCS last said about failure handling; it beats our own word where it is stricter (E7). */
  terms?(): FailureTerms;
  /** Never rejects. `silent` after Tx; a later answer reaches `onLateAnswer`. */
  send(request: ChargeRequest): Promise<ChargeAnswer>;
  /** A fresh identity under this process's Origin-Host. */
  newIdentity(orderId: string, nowSeconds: number): ChargeIdentity;
  /** A fresh End-to-End id and our Origin-Host for a resend of another process's charge (E2). */
  adopt(identity: ChargeIdentity): ChargeIdentity;
  /** The CC-Request-Number of a session's end (RFC 8506 8.2): its server is asked for nothing between this and that. */
  endNumber(sessionId: string): number;
}

/** What a provider is asked or told. */
export type ProvideEvent = 'placed' | 'renewed' | 'ended';

/** What became of the attempt to have a service provided (E10). */
export type Provided =
  | { readonly kind: 'done' }
  /** No answer yet, and its limit is not over: to be asked again. */
  | { readonly kind: 'wait'; readonly reason: string }
  /** `refused`: it said no; else it stayed silent by its limit. */
  | { readonly kind: 'failed'; readonly reason: string; readonly refused: boolean };

export interface Ports {
  readonly orders: Orders;
  readonly mts: Mts;
  readonly subscribers: Subscribers;
  readonly subscriptions: Subscriptions;
  readonly wake: Wake;
  readonly credit: CreditBook;
  readonly charging: Charging;
  /** A person suspended this provider (E17); left out, nobody can. */
  readonly suspended?: (providerId: string) => boolean;
  readonly ratings?: Ratings;
  readonly quotas: Quotas;
  /** So much waits for the OCS that no further order is taken in (E24). */
  readonly overloaded?: () => boolean;
  /** Tells the provider; left out where none has to be told. `since` (epoch ms): its limit runs from there. Never rejects; repeatable (E10). */
  readonly provide?: (frozen: FrozenOrder, event: ProvideEvent, since: number) => Promise<Provided>;
  readonly speaker: Speaker;
  /** Absent where no link speaks USSD. */
  readonly ussd?: Ussd;
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

/** Of a process whose links speak USSD. */
export type UssdPorts = Ports & { readonly ussd: Ussd };
