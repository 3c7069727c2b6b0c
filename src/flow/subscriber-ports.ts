import type { ChannelChoice, ChannelName } from '../domain/channel.ts';
import type { OwedMt } from '../domain/notice.ts';
import type { FrozenOrder } from '../domain/order.ts';
import type { Trouble } from '../domain/policy.ts';
import type { Spent } from '../domain/spend.ts';
import type { Subscription } from '../domain/subscription.ts';
import type { ComplainStep, Dedupe, HeldMt, PendingChallenge, StopStep } from './steps.ts';

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
  readonly cause: 'withdrawn' | 'not-provided' | 'hand';
  readonly owe: OwedMt | undefined;
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
  readonly pending: readonly PendingChallenge[];
  /** Orders confirmed or being charged: a STOP reaches them too (E14). */
  readonly inFlight: readonly PendingChallenge[];
  /** Orders whose challenge expired within the last day: a late answer hears so (E16). */
  readonly lately: readonly PendingChallenge[];
  /** Providers whose services this subscriber was given before. */
  readonly providers: ReadonlySet<string>;
  /** The one among them that gave a service last. */
  readonly lastProvider?: string | undefined;
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
}

export interface Subscribers {
  read(msisdn: string): Promise<Subscriber>;
  /** Counts a complaint and answers it; undefined for a repeat. */
  complain(step: ComplainStep): Promise<HeldMt | undefined>;
  /** For all texts from now on. The same choice again changes nothing. */
  setLanguage(msisdn: string, language: string): Promise<void>;
  /** E14 in one step: cancels, marks, ends and acknowledges; undefined for a repeat. */
  stop(step: StopStep): Promise<HeldMt | undefined>;
  /** Notes that more than a month's spending was asked for: a YES may agree to it. */
  markAsked(msisdn: string, ask: SpendAsk): Promise<void>;
  /** Remembers a choice and answers it; undefined for a repeat. */
  remember(dedupe: Dedupe, choice: Choice, mt: OwedMt, now: number, leaseFor: number): Promise<HeldMt | undefined>;
  /**
   * Help and error answers within the hour; false when the limit is reached (E20). An MO whose dedupe key some step has
   * recorded is a repeat: it counts nothing and may answer (E12), for the step that follows finds the repeat.
   */
  mayAnswer(msisdn: string, limit: number, dedupe: Dedupe): Promise<boolean>;
}
