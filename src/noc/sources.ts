import type { Policy } from '../domain/policy.ts';
import type { Doubt, Order, OrderState } from '../domain/order.ts';
import type { Erased, EraseWish, Exported } from '../flow/erase-subscriber.ts';
import type { HoldWord } from '../flow/ports/erasure.ts';
import type { AuditTrail } from './audit.ts';
import type { OrderSummary } from './order-view.ts';
import type { ProviderBook, ProviderSummary } from './provider-view.ts';

/** What the NOC is told of: the daemon hands in its live parts, and each view is asked for when somebody looks. */
export interface NocSources {
  readonly ready: () => Promise<Readiness> | Readiness;
  /** False until the start is over; left out, it is over. */
  readonly started?: () => boolean;
  readonly links: () => readonly LinkView[];
  readonly peers: () => readonly PeerView[];
  /** Whether the last reload of the config was taken, and when one last was (epoch ms); left out where none can be. */
  readonly reload?: () => { readonly ok: boolean; readonly at: number };
  readonly orders: OrderSource;
  readonly queues: QueueSource;
  readonly deadLetters: DeadLetterSource;
  readonly audit: AuditTrail;
  /** A fastify plugin that shows the queues under this path; left out, there is none. */
  readonly queueBoard?: (basePath: string) => unknown;
  /** False while the store cannot be reached; left out, nothing is put down to it. */
  readonly storeUp?: () => boolean;
  /** Why the store cannot be trusted with an order now; undefined while it can. */
  readonly storeProblem?: () => string | undefined;
  /** Certificates of ours, as config names them now, with their ends, epoch ms. */
  readonly certificates?: () => readonly { readonly use: string; readonly until: number }[];
  readonly outbox?: () => Promise<{ readonly oldest?: number | undefined; readonly groups: readonly OutboxGroup[] }>;
  /** Drops a consumer group of the outbox that config serves no more. */
  readonly forgetGroup?: (group: string) => Promise<'done' | 'served' | 'unknown'>;
  /** As it is in force. */
  readonly policy: () => Policy;
  /** What a person decides on a disputed order; left out, the API only reads. */
  readonly resolve?: (orderId: string, word: ResolveWord) => Promise<ResolveOutcome>;
  readonly linkVerb?: (name: string, verb: LinkVerb) => Promise<'done' | 'refused' | 'unknown'>;
  readonly providers?: ProviderSource;
  /** One number: forgotten, and all that is kept of it. */
  readonly erase?: (wish: EraseWish) => Promise<Erased>;
  readonly exportOf?: (msisdn: string) => Promise<readonly Exported[]>;
  /** Keeps an order whatever its age, or lets it go again; undefined: let go. */
  readonly hold?: (orderId: string, word: Omit<HoldWord, 'at'> | undefined) => Promise<'done' | 'as-it-is' | 'unknown'>;
  /** Counts a complaint about one order; once a day. */
  readonly complain?: (orderId: string) => Promise<'recorded' | 'repeat' | 'unknown'>;
  readonly refund?: (orderId: string, word: Omit<ResolveWord, 'outcome'>) => Promise<RefundOutcome>;
  readonly subscriber?: (msisdn: string) => Promise<SubscriberView>;
}

export interface OutboxGroup {
  readonly group: string;
  /** Given out and not acknowledged. */
  readonly pending: number;
  readonly behind: number | undefined;
}

export type LinkVerb = 'suspend' | 'resume' | 'rebind';

export interface ProviderSource {
  list(): Promise<readonly ProviderSummary[]>;
  /** Undefined for one that the catalogue does not know. */
  book(id: string): Promise<ProviderBook | undefined>;
  adjust(id: string, change: ProviderChange): Promise<void>;
  /** False when it is so already. */
  suspend(id: string, word: { readonly who: string; readonly why: string }): Promise<boolean>;
  /** A person's suspension of the provider, or that of one service by a fall of the credit. False when there is none. */
  resume(id: string, service?: string): Promise<boolean>;
}

export interface ProviderChange {
  readonly points: number;
  readonly why: string;
  readonly who: string;
  /** For so many days; undefined: for good. */
  readonly days: number | undefined;
}

/** What one subscriber has and ordered, without their number (E19). */
export interface SubscriberView {
  readonly subscriber: string;
  /** By the numbers that the subscriber reads in LIST, so that both speak of the same thing. */
  readonly subscriptions: readonly {
    readonly number: number;
    readonly service: string;
    readonly title: string;
    readonly price: string;
    readonly period: string;
    readonly state: string;
    readonly since: string;
    readonly dueAt: string;
  }[];
  /** Newest first. */
  readonly orders: readonly OrderSummary[];
}

export type RefundOutcome =
  { readonly kind: 'asked' | 'unknown' } | { readonly kind: 'not-paid'; readonly state: string };

export interface ResolveWord {
  readonly outcome: 'placed' | 'uncharged' | 'refund';
  readonly why: string;
  readonly who: string;
}

export type ResolveOutcome =
  { readonly kind: 'resolved' | 'not-disputed'; readonly state: string } | { readonly kind: 'unknown' };

/** Whether traffic may come, and if not, why: one reason per line. */
export interface Readiness {
  readonly ok: boolean;
  readonly reasons: readonly string[];
}

export interface LinkView {
  readonly name: string;
  readonly smsc: string;
  /** Of the session that sends: idle, connecting, binding, bound, yielding, draining, unbinding, waiting (for the next try) or stopped. */
  readonly state: string;
  readonly bound: boolean;
  readonly suspended?: boolean;
  readonly window: { readonly inUse: number; readonly size: number };
  /** Parts that wait for the window. */
  readonly queued: number;
  /** Epoch milliseconds of the last change of `bound`. */
  readonly since: number;
  readonly lastError: string | undefined;
}

export interface PeerView {
  readonly name: string;
  /** RFC 6733 5.6. */
  readonly state: string;
  /** RFC 3539 Appendix A. */
  readonly watchdog: string;
  readonly open: boolean;
  /** Charges whose answer could still come. */
  readonly pending: number;
  readonly originHost?: string;
  readonly lastError?: string;
}

export interface OrderSource {
  orderById(orderId: string): Promise<Order | undefined>;
  /** Newest first. */
  recent(limit: number): Promise<readonly Order[]>;
  /** Those whose money is in doubt, however many are newer: `limit` of each state at most, state by state. */
  inDoubt(states: readonly Doubt[], limit: number): Promise<readonly Order[]>;
  /** Orders that were opened then (epoch ms, both included), and since when they are listed at all. */
  between(from: number, to: number): Promise<{ readonly orders: readonly Order[]; readonly from: number }>;
  census(): Promise<Readonly<Record<OrderState, number>>>;
  /** Orders and texts that somebody must look at again, and how long the oldest is overdue (ms). */
  backlog(now: number): Promise<{ readonly waiting: number; readonly overdue: number }>;
}

export interface QueueCounts {
  readonly waiting: number;
  readonly delayed: number;
  readonly active: number;
  readonly failed: number;
  /** When the longest there of those that come next was left, epoch ms; undefined when nothing waits. */
  readonly oldest?: number | undefined;
}

/** A job holds an id and a reason, nothing of the subscriber. */
export interface WaitingJob {
  readonly queue: string;
  readonly job: string;
  readonly id: string;
  readonly reason: string;
  /** Epoch milliseconds of the next try. */
  readonly until: number;
}

export interface FailedJob {
  readonly queue: string;
  readonly job: string;
  readonly id: string;
  readonly reason: string;
  readonly attempts: number;
  /** Epoch milliseconds. */
  readonly at: number;
}

export type JobQueue = 'settle' | 'say' | 'provision';

export interface QueueSource {
  counts(): Promise<Readonly<Record<string, QueueCounts>>>;
  waiting(limit: number): Promise<readonly WaitingJob[]>;
  failed(limit: number): Promise<readonly FailedJob[]>;
  /** False when there is no such dead letter. */
  retry(queue: JobQueue, job: string): Promise<boolean>;
  discard(queue: JobQueue, job: string): Promise<boolean>;
}

/** A text that will not be said: `to` is the last three digits. */
export interface DeadLetter {
  readonly id: string;
  readonly orderId: string | undefined;
  readonly kind: string;
  readonly to: string;
  readonly shortCode: string;
  readonly reason: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

export interface DeadLetterSource {
  list(limit: number): Promise<readonly DeadLetter[]>;
  count(): Promise<number>;
  retry(id: string): Promise<boolean>;
  discard(id: string): Promise<boolean>;
}
