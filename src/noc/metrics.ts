import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { NoteFields } from '../lib/note.ts';
import type { Count } from './count.ts';
import { countOf, createBound } from './count.ts';
import type { CounterName, EventMetric, HistogramName } from './event-metrics.ts';
import { BEGUN, COUNTERS, EVENT_METRICS, HISTOGRAMS } from './event-metrics.ts';
import type { NocSources } from './sources.ts';

export interface Metrics {
  /** Moves what the event table names; `level` counts faults. */
  readonly observe: (event: string, level: string, fields: NoteFields) => void;
  /** The Prometheus text format; what cannot be asked for at present is left out. */
  readonly text: () => Promise<string>;
  readonly contentType: string;
}

/** prom-client calls these gauges `_total`, which promtool refuses. */
const MISNAMED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

export function createMetrics(sources: NocSources, build: { readonly version: string }, now: () => number): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const name of MISNAMED) registry.removeSingleMetric(name);
  const counters = mapOf(COUNTERS, (name, { help, labels }) =>
    countOf(registry, { name, help, labels, begun: BEGUN[name] }),
  );
  const histograms = mapOf(HISTOGRAMS, (name, { help, labels, buckets }) =>
    histogramOf(registry, { name, help, labels, buckets, begun: BEGUN[name] }),
  );
  const gauges = gaugesOf(registry);
  gauges.build.set({ version: build.version }, 1);
  const moves = movesOf({ counters, histograms, bounded: boundsByLabel() });
  return {
    observe(event, level, fields) {
      if (level === 'error') counters.orderd_faults_total.add([event]);
      const moved = moves.get(event);
      if (moved !== undefined) for (const move of moved) move(fields);
    },
    async text() {
      await Promise.all([readLive(gauges, sources), readStores(gauges, sources, now())]);
      return registry.metrics();
    },
    contentType: registry.contentType,
  };
}

interface Instruments {
  readonly counters: Readonly<Record<CounterName, Count>>;
  readonly histograms: Readonly<Record<HistogramName, Histogram>>;
  /** Of one metric's label, the same for all events. */
  readonly bounded: (metric: string, label: string) => (value: string) => string;
}

/** Moves one metric as one event's fields tell. */
type Move = (fields: NoteFields) => void;

/** The event table with everything looked up that is the same for each note. */
function movesOf(to: Instruments): ReadonlyMap<string, readonly Move[]> {
  const moves = Object.entries(EVENT_METRICS).map(([event, rules]) => [event, rules.map((rule) => moveOf(rule, to))]);
  return new Map(moves as [string, Move[]][]);
}

function moveOf(rule: EventMetric, to: Instruments): Move {
  const { metric, when } = rule;
  const move = isHistogram(metric) ? observing(rule, metric, to) : counting(rule, to.counters[metric]);
  return when === undefined ? move : (fields) => (when(fields) ? move(fields) : undefined);
}

function counting({ labels = {} }: EventMetric, count: Count): Move {
  const read = count.labels.map((label) => labels[label] ?? NONE);
  return (fields) => count.add(read.map((of) => of(fields)));
}

const NONE = (): string => 'none';

function observing({ labels = {}, value }: EventMetric, metric: HistogramName, to: Instruments): Move {
  const histogram = to.histograms[metric];
  const read = Object.entries(labels).map(([label, of]) => ({ label, of, bound: to.bounded(metric, label) }));
  return (fields) => {
    const observed = value?.(fields);
    if (observed === undefined) return;
    const told: Record<string, string> = {};
    for (const { label, of, bound } of read) told[label] = bound(of(fields));
    histogram.observe(told, observed);
  };
}

function isHistogram(metric: CounterName | HistogramName): metric is HistogramName {
  return Object.hasOwn(HISTOGRAMS, metric);
}

function boundsByLabel(): Instruments['bounded'] {
  const bounds = new Map<string, (value: string) => string>();
  return (metric, label) => {
    const key = `${metric} ${label}`;
    const bound = bounds.get(key) ?? createBound(label);
    bounds.set(key, bound);
    return bound;
  };
}

interface HistogramShape {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  readonly buckets: readonly number[];
  /** As of a counter. */
  readonly begun: readonly (readonly string[])[] | undefined;
}

function histogramOf(registry: Registry, { name, help, labels, buckets, begun = [] }: HistogramShape): Histogram {
  const histogram = new Histogram({
    name,
    help,
    labelNames: [...labels],
    buckets: [...buckets],
    registers: [registry],
  });
  for (const values of begun)
    histogram.zero(Object.fromEntries(labels.map((label, at) => [label, values[at] ?? 'none'])));
  return histogram;
}

function mapOf<Name extends string, Shape, Value>(
  shapes: Readonly<Record<Name, Shape>>,
  make: (name: Name, shape: Shape) => Value,
): Record<Name, Value> {
  const entries = Object.entries<Shape>(shapes).map(([name, shape]) => [name, make(name as Name, shape)]);
  return Object.fromEntries(entries) as Record<Name, Value>;
}

type Gauges = ReturnType<typeof gaugesOf>;

function gaugesOf(registry: Registry) {
  const gauge = (name: string, help: string, ...labelNames: string[]): Gauge =>
    new Gauge({ name: `orderd_${name}`, help, labelNames, registers: [registry] });
  return {
    build: gauge('build_info', 'The version that runs', 'version'),
    ready: gauge('ready', '1 when traffic may come'),
    bound: gauge('smpp_bound', '1 when the link is bound', 'link'),
    suspended: gauge('smpp_suspended', '1 when a person suspended the link', 'link'),
    inUse: gauge('smpp_window_in_use', 'Parts without a response', 'link'),
    size: gauge('smpp_window_size', 'Parts without a response at most', 'link'),
    queued: gauge('smpp_queued', 'Parts that wait for the window', 'link'),
    peer: gauge('diameter_peer_open', '1 when the peer takes traffic', 'peer'),
    pending: gauge('diameter_pending', 'Charges whose answer could still come', 'peer'),
    reloaded: gauge('config_reload_success', '1 when the last reload of the config was taken'),
    reloadedAt: gauge('config_reload_timestamp_seconds', 'When a config was last taken, the start included'),
    healthy: gauge('redis_healthy', '1 when the store is a primary that writes its log and has room'),
    expires: gauge('tls_certificate_expiry_timestamp_seconds', 'End of a certificate of ours', 'use'),
    behind: gauge('outbox_behind', 'Outbox entries that a consumer group has not acknowledged', 'group'),
    kept: gauge('outbox_oldest_seconds', 'Age of the oldest outbox entry that some group has not acknowledged'),
    redis: gauge('redis_up', '1 when the store answers'),
    orders: gauge('orders', 'Orders by state; for end states all that ever reached it', 'state'),
    unknown: gauge('diameter_unknown_outcome_orders', 'Orders whose charge went unanswered'),
    waiting: gauge('backlog', 'Orders and texts that somebody must look at again'),
    overdue: gauge('backlog_overdue_seconds', 'How long the oldest of them is overdue'),
    jobs: gauge('queue_jobs', 'Jobs by queue and state', 'queue', 'state'),
    oldest: gauge('queue_oldest_seconds', 'Age of the oldest job that is next in line or at work', 'queue'),
    dead: gauge('dead_letters', 'Texts that will not be said'),
  };
}

const OF_LINKS_AND_PEERS = ['bound', 'suspended', 'inUse', 'size', 'queued', 'peer', 'pending'] as const;

async function readLive(gauges: Gauges, sources: NocSources): Promise<void> {
  const { ready, links, peers } = sources;
  readHousehold(gauges, sources);
  gauges.ready.set(Number((await ready()).ok));
  // What a reload took away must not stand still and look alive.
  for (const name of OF_LINKS_AND_PEERS) gauges[name].reset();
  for (const { name, bound, suspended = false, window, queued } of links()) {
    gauges.bound.set({ link: name }, Number(bound));
    gauges.suspended.set({ link: name }, Number(suspended));
    gauges.inUse.set({ link: name }, window.inUse);
    gauges.size.set({ link: name }, window.size);
    gauges.queued.set({ link: name }, queued);
  }
  for (const { name, open, pending } of peers()) {
    gauges.peer.set({ peer: name }, Number(open));
    gauges.pending.set({ peer: name }, pending);
  }
}

function readHousehold(gauges: Gauges, { reload, storeProblem, certificates }: NocSources): void {
  const reloaded = reload?.();
  if (reloaded !== undefined) {
    gauges.reloaded.set(Number(reloaded.ok));
    gauges.reloadedAt.set(reloaded.at / 1000);
  }
  gauges.healthy.set(Number(storeProblem?.() === undefined));
  // A link that went takes its certificate with it.
  gauges.expires.reset();
  for (const { use, until } of certificates?.() ?? []) gauges.expires.set({ use }, until / 1000);
}

/** All or nothing: figures of a store that went away must not stand still and look alive. */
async function readStores(gauges: Gauges, sources: NocSources, now: number): Promise<void> {
  try {
    showStores(gauges, await askStores(sources, now));
    gauges.redis.set(1);
  } catch {
    // The reason is in the log: the store's own adapter notes it.
    gauges.orders.reset();
    gauges.jobs.reset();
    gauges.oldest.reset();
    gauges.behind.reset();
    for (const plain of [gauges.unknown, gauges.waiting, gauges.overdue, gauges.kept, gauges.dead]) plain.remove();
    gauges.redis.set(0);
  }
}

async function askStores({ orders, queues, deadLetters, outbox }: NocSources, now: number) {
  const [census, backlog, counts, dead, depth] = await Promise.all([
    orders.census(),
    orders.backlog(now),
    queues.counts(),
    deadLetters.count(),
    outbox?.() ?? Promise.resolve({ oldest: undefined, groups: [] }),
  ]);
  return { now, census, backlog, counts, dead, depth };
}

function showStores(
  gauges: Gauges,
  { now, census, backlog, counts, dead, depth }: Awaited<ReturnType<typeof askStores>>,
): void {
  for (const [state, count] of Object.entries(census)) gauges.orders.set({ state }, count);
  gauges.unknown.set(census['charge-unknown']);
  gauges.waiting.set(backlog.waiting);
  gauges.overdue.set(backlog.overdue / 1000);
  gauges.dead.set(dead);
  for (const { group, pending, behind = 0 } of depth.groups) gauges.behind.set({ group }, pending + behind);
  gauges.kept.set(ageOf(depth.oldest, now));
  for (const [queue, { oldest, ...states }] of Object.entries(counts)) {
    for (const [state, count] of Object.entries(states)) gauges.jobs.set({ queue, state }, count);
    gauges.oldest.set({ queue }, ageOf(oldest, now));
  }
}

/** Seconds since then; 0 when there is nothing. */
function ageOf(then: number | undefined, now: number): number {
  return then === undefined ? 0 : Math.max(0, now - then) / 1000;
}
