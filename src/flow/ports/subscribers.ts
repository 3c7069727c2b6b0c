import type { ChannelChoice, ChannelName } from '../../domain/channel.ts';
import type { OwedMt } from '../../domain/notice.ts';
import type { FrozenOrder } from '../../domain/order.ts';
import type { Trouble } from '../../domain/policy.ts';
import type { Spent } from '../../domain/spend.ts';
import type { Subscription } from '../../domain/subscription.ts';
import type { Dedupe, HeldMt, OrderRef } from './steps.ts';

/** The renewal of the next period: stored as `confirmed`, and found by the sweeper. */
export interface RenewStep {
  readonly frozen: FrozenOrder;
  /** As it was read. */
  readonly was: Subscription;
  readonly subscription: Subscription;
  readonly now: number;
}

export interface KeepStep {
  /** As it was read. */
  readonly was: Subscription;
  /** As it is from here on; undefined: it ends. */
  readonly subscription: Subscription | undefined;
  /** Why it ends, for the outbox. */
  readonly cause: 'withdrawn' | 'not-provided' | 'unpaid';
  /** The order of its renewal that is under way and stops with its end. */
  readonly renewal?: string | undefined;
  readonly owe: OwedMt | undefined;
  /** What that text asks: a YES may agree to it. */
  readonly asks?: SpendAsk | undefined;
  readonly now: number;
  readonly leaseFor: number;
}

export type Kept =
  | { readonly kind: 'kept'; readonly owed: HeldMt | undefined }
  /** It has changed or ended since it was read. */
  | { readonly kind: 'moved' };

/** Subscriptions by when they must be looked at (E11). Every change is one atomic step that compares what was read. */
export interface Subscriptions {
  /**
   * Takes at most `limit` due ones of a partition and pushes them ahead, so that no second sweeper takes them too. Each comes in
   * its subscriber's language of now.
   */
  claimDue(partition: number, now: number, limit: number): Promise<readonly Subscription[]>;
  /** False when it has changed, ended, or the period has its order. */
  renew(step: RenewStep): Promise<boolean>;
  keep(step: KeepStep): Promise<Kept>;
}

/** What one MO needs to know of its sender. */
export interface Subscriber {
  readonly language: string | undefined;
  readonly channel: ChannelName | undefined;
  /** The email address last named with CHANNEL EMAIL. */
  readonly address?: string | undefined;
  readonly subscriptions: readonly Subscription[];
  /** Under which LIST shows each, by service id; a number stays while its subscription does. */
  readonly numbers: ReadonlyMap<string, number>;
  /** Orders whose challenge is open, oldest first. */
  readonly pending: readonly OrderRef[];
  /** Orders confirmed or being charged: a STOP reaches them too (E14). */
  readonly inFlight: readonly OrderRef[];
  /** Orders whose challenge expired within the last day: a late answer hears so (E16). */
  readonly lately: readonly OrderRef[];
  /** When an order last asked for an answer, whatever became of it (epoch milliseconds). */
  readonly lastAsked?: number | undefined;
  /** Providers whose services this subscriber was given before. */
  readonly providers: ReadonlySet<string>;
  /** The one among them that gave a service last. */
  readonly lastProvider?: string | undefined;
  /** When it did, epoch milliseconds. */
  readonly lastGivenAt?: number | undefined;
  /** By provider: the last complaint about it, or the last challenge of it that failed. */
  readonly troubles?: ReadonlyMap<string, { readonly kind: Trouble['kind']; readonly at: number }>;
  /** By currency, where a cap counts it. */
  readonly spent?: ReadonlyMap<string, Spent>;
}

export interface SpendMonth {
  readonly currency: string;
  /** Such as 2026-01. */
  readonly month: string;
}

/** A question whether more may be spent. */
export interface SpendAsk extends SpendMonth {
  /** Epoch milliseconds. */
  readonly at: number;
}

/** What is left out stays as it is. */
export interface Choice extends Partial<ChannelChoice> {
  readonly language?: string;
  readonly asked?: readonly SpendAsk[];
  readonly agreed?: readonly SpendMonth[];
  /** What a cap held back, as it was read: looked at at once, by the same step. */
  readonly waited?: readonly Subscription[];
}

export interface ComplainedOf {
  /** Empty where nobody knows whom it is about: then it counts against none. */
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

export interface StopStep {
  readonly dedupe: Dedupe;
  readonly msisdn: string;
  /** Orders to cancel before charging, or to mark stop-requested in it. */
  readonly orders: readonly string[];
  /** Services whose subscription ends. */
  readonly services: readonly string[];
  /** Of a STOP; a NO is about what was open when it was heard. */
  readonly reach?: StopReach | undefined;
  /** The same MO complained, too. */
  readonly complaint?: ComplainedOf | undefined;
  /** Undefined where nobody is answered any more (E20). */
  readonly owe: OwedMt | undefined;
  /** Said after it: what was stopped, where the answer does not name it. */
  readonly also?: OwedMt | undefined;
  readonly now: number;
  readonly leaseFor: number;
}

/** How far a STOP goes beyond what was seen to be the subscriber's: what another process opens meanwhile was asked for before it. */
export interface StopReach {
  readonly services: readonly string[] | 'all';
  /** Services of which it was asked which: what is being charged of these goes on. */
  readonly spared: readonly string[];
  /** Epoch ms. An order whose MO was received later is not stopped by it. */
  readonly receivedAt: number;
}

/** What answers a STOP that stopped nothing; help and errors. */
export type AnswerKind = 'help' | 'stop';

export interface AnswerQuota {
  readonly kind: AnswerKind;
  /** Within an hour. */
  readonly limit: number;
}

export interface Subscribers {
  read(msisdn: string): Promise<Subscriber>;
  /** The same of whoever sends something new, when its turn comes: what has begun goes first. Rejects where that takes too long. */
  readSender(msisdn: string): Promise<Subscriber>;
  /** Records a complaint, of which credit counts one a day about a provider, and answers it; undefined for a repeat. */
  complain(step: ComplainStep): Promise<HeldMt | undefined>;
  /** For all texts from now on. The same choice again changes nothing. */
  setLanguage(msisdn: string, language: string): Promise<void>;
  /**
   * E14 in one step: cancels, marks, ends and acknowledges; undefined for a repeat, or where nothing is owed. `more`: nothing was done,
   * for orders or subscriptions came within its reach since the subscriber was read.
   */
  stop(step: StopStep): Promise<HeldMt | 'more' | undefined>;
  /** Notes that more than a month's spending was asked for: a YES may agree to it. */
  markAsked(msisdn: string, ask: SpendAsk): Promise<void>;
  /** Remembers a choice and answers it; undefined for a repeat. */
  remember(dedupe: Dedupe, choice: Choice, mt: OwedMt, now: number, leaseFor: number): Promise<HeldMt | undefined>;
  /**
   * Answers of one kind within the hour; false when the limit is reached (E20). An MO whose dedupe key some step has
   * recorded is a repeat: it counts nothing and may answer (E12), for the step that follows finds the repeat.
   */
  mayAnswer(msisdn: string, quota: AnswerQuota, dedupe: Dedupe): Promise<boolean>;
}
