import { lastThree } from '../domain/msisdn.ts';
import type { Doubt } from '../domain/order.ts';
import { setTimeout } from 'node:timers/promises';
import { scrubText } from '../log-scrub.ts';
import type { OrderSummary } from './order-view.ts';
import { iso, orderSummary } from './order-view.ts';
import type { NocSources, OutboxGroup, QueueCounts, Readiness } from './sources.ts';

/** Answers of the API, version 1. Times are ISO 8601 in UTC, numbers of subscribers their last three digits. */
export interface StatusView extends Partial<StoreFigures> {
  readonly name: string;
  readonly version: string;
  readonly startedAt: string;
  readonly now: string;
  readonly ready: Readiness;
  readonly links: readonly LinkLine[];
  readonly peers: readonly PeerLine[];
}

/** What only the store knows: all of it or, while it does not answer, nothing. */
export interface StoreFigures {
  /** Orders by state; for end states all that ever reached it. */
  readonly orders: Readonly<Record<string, number>>;
  readonly backlog: { readonly waiting: number; readonly overdueSeconds: number };
  readonly queues: Readonly<Record<string, QueueLine>>;
  readonly deadLetters: number;
}

export interface QueueLine extends Omit<QueueCounts, 'oldest'> {
  /** When the oldest of those that are next in line or at work was left. */
  readonly oldest?: string;
}

export interface LinkLine {
  readonly name: string;
  readonly smsc: string;
  readonly state: string;
  readonly bound: boolean;
  /** By a person, until it is resumed or the daemon restarts. */
  readonly suspended: boolean;
  readonly since: string;
  readonly windowInUse: number;
  readonly windowSize: number;
  readonly queued: number;
  readonly lastError: string | undefined;
}

export interface PeerLine {
  readonly name: string;
  readonly state: string;
  readonly watchdog: string;
  readonly open: boolean;
  readonly pending: number;
  readonly originHost: string | undefined;
  readonly lastError: string | undefined;
}

export interface OrdersView {
  readonly orders: readonly OrderSummary[];
}

export interface OutboxDepthView {
  readonly oldest?: string;
  readonly groups: readonly OutboxGroup[];
}

export interface QueuesView {
  readonly queues: Readonly<Record<string, QueueLine>>;
  readonly waiting: readonly {
    readonly queue: string;
    readonly id: string;
    readonly reason: string;
    readonly until: string;
  }[];
}

export interface DeadLettersView {
  /** Texts that will not be said. */
  readonly texts: readonly {
    readonly id: string;
    readonly order: string | undefined;
    readonly kind: string;
    readonly to: string;
    readonly reason: string;
    readonly at: string;
  }[];
  /** Jobs that were given up. */
  readonly jobs: readonly {
    readonly queue: string;
    readonly job: string;
    readonly id: string;
    readonly reason: string;
    readonly attempts: number;
    readonly at: string;
  }[];
}

export interface Identity {
  readonly name: string;
  readonly version: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
}

/** What is live is shown whatever becomes of the store: while it is away, staff look here first. */
export async function statusView(
  sources: NocSources,
  self: Identity,
  now: number,
  onFault: (error: unknown) => void = () => undefined,
): Promise<StatusView> {
  const [ready, figures] = await Promise.all([sources.ready(), figuresOf(sources, now, onFault)]);
  return {
    name: self.name,
    version: self.version,
    startedAt: iso(self.startedAt),
    now: iso(now),
    ready,
    links: linkLines(sources),
    peers: peerLines(sources),
    ...figures,
  };
}

/** Milliseconds that the store is given; whoever asks for the status waits no longer than 10 s. */
const STORE_PATIENCE = 3000;

async function figuresOf(
  sources: NocSources,
  now: number,
  onFault: (error: unknown) => void,
): Promise<Partial<StoreFigures>> {
  const over = new AbortController();
  try {
    return await Promise.race([askStore(sources, now), lateAfter(STORE_PATIENCE, over.signal)]);
  } catch (error) {
    onFault(error);
    return {};
  } finally {
    over.abort();
  }
}

async function lateAfter(ms: number, signal: AbortSignal): Promise<never> {
  await setTimeout(ms, undefined, { signal, ref: false });
  throw new Error(`the store told no figures within ${ms} ms`);
}

async function askStore(sources: NocSources, now: number): Promise<StoreFigures> {
  const [orders, backlog, queues, deadLetters] = await Promise.all([
    sources.orders.census(),
    sources.orders.backlog(now),
    sources.queues.counts(),
    sources.deadLetters.count(),
  ]);
  return {
    orders,
    backlog: { waiting: backlog.waiting, overdueSeconds: Math.round(backlog.overdue / 1000) },
    queues: queueLines(queues),
    deadLetters,
  };
}

function queueLines(queues: Readonly<Record<string, QueueCounts>>): Readonly<Record<string, QueueLine>> {
  return Object.fromEntries(
    Object.entries(queues).map(([name, { oldest, ...counts }]) => [
      name,
      { ...counts, ...(oldest === undefined ? {} : { oldest: iso(oldest) }) },
    ]),
  );
}

function linkLines({ links }: NocSources): readonly LinkLine[] {
  return links().map(({ name, smsc, state, bound, suspended = false, window, queued, since, lastError }) => ({
    name,
    smsc,
    state,
    bound,
    suspended,
    since: iso(since),
    windowInUse: window.inUse,
    windowSize: window.size,
    queued,
    lastError: safe(lastError),
  }));
}

function peerLines({ peers }: NocSources): readonly PeerLine[] {
  return peers().map(({ name, state, watchdog, open, pending, originHost, lastError }) => ({
    name,
    state,
    watchdog,
    open,
    pending,
    originHost,
    lastError: safe(lastError),
  }));
}

export async function ordersView({ orders }: NocSources, limit: number, state?: Doubt): Promise<OrdersView> {
  const found = state === undefined ? orders.recent(limit) : orders.inDoubt([state], limit);
  return { orders: (await found).map(orderSummary) };
}

export async function queuesView({ queues }: NocSources, limit: number): Promise<QueuesView> {
  const [counts, waiting] = await Promise.all([queues.counts(), queues.waiting(limit)]);
  return {
    queues: queueLines(counts),
    waiting: waiting.map(({ queue, id, reason, until }) => ({
      queue,
      id,
      reason: scrubText(reason),
      until: iso(until),
    })),
  };
}

export async function deadLettersView({ deadLetters, queues }: NocSources, limit: number): Promise<DeadLettersView> {
  const [texts, jobs] = await Promise.all([deadLetters.list(limit), queues.failed(limit)]);
  return {
    texts: texts.map(({ id, orderId, kind, to, reason, at }) => ({
      id,
      order: orderId,
      kind,
      to: lastThree(to),
      reason: scrubText(reason),
      at: iso(at),
    })),
    jobs: jobs.map(({ queue, job, id, reason, attempts, at }) => ({
      queue,
      job,
      id,
      reason: scrubText(reason),
      attempts,
      at: iso(at),
    })),
  };
}

/** What a peer or SMSC said of itself may hold anything. */
function safe(text: string | undefined): string | undefined {
  return text === undefined ? undefined : scrubText(text);
}
