import { randomUUID } from 'node:crypto';
import type { CreditReading } from '../../domain/policy.ts';
import type { Standing } from '../../domain/band.ts';
import type { CreditLedger, LedgerEntry } from '../../flow/ports/outbox.ts';
import type { CreditBook } from '../../flow/ports/ports.ts';
import type { RedisHandle } from '../connection.ts';
import { createCreditCounters } from './counters.ts';
import type { StandingKeeper, StandingSettings } from './standing.ts';
import { createStanding, standingFrom } from './standing.ts';
import { fieldsOf } from '../replies.ts';

export interface CreditBookSettings {
  readonly partitions: number;
  /** Points that a provider's book starts with, 0 to 100; undefined for one that nobody knows. */
  readonly startingPoints: (providerId: string) => number | undefined;
  /** A score that is older is stale (E18); milliseconds. */
  readonly maxAge: number;
  /** A reading is used again for this long; milliseconds. Its age goes on counting meanwhile. */
  readonly reuse?: number;
  /** Past entries are kept for this long; milliseconds. */
  readonly keepPast?: number;
  /** Bands and their consequences; left out: scores only. */
  readonly standing?: StandingSettings;
  readonly now: () => number;
}

export interface CreditBooks extends CreditBook, CreditLedger {
  /** False when an entry of that id is there. */
  add(providerId: string, entry: LedgerEntry): Promise<boolean>;
  /** By hand: who and why are kept. Counts at once for this process, and within `reuse` for the others. */
  adjust(providerId: string, change: Adjustment): Promise<LedgerEntry>;
  /** Lifts what a fall suspended, at once here and within `reuse` elsewhere; false when the service is not suspended. */
  resume(providerId: string, serviceId: string): Promise<boolean>;
  /** Newest first, past entries included. */
  entries(providerId: string): Promise<readonly LedgerEntry[]>;
}

export interface Adjustment {
  /** Whole, either sign. */
  readonly points: number;
  readonly reason: string;
  readonly who: string;
  /** Epoch ms; undefined: for good. */
  readonly expiresAt?: number;
}

interface Sum {
  readonly points: number;
  /** Lowest watermark (epoch ms), or undefined while some partition was never read. */
  readonly upTo: number | undefined;
  readonly standing: Standing | undefined;
  /** With hysteresis; undefined where nobody keeps bands. */
  readonly band: string | undefined;
}

interface Cached {
  readonly at: number;
  readonly sum: Promise<Sum>;
  /** The last sum that came, and when it was asked for. */
  ready: { readonly at: number; readonly sum: Promise<Sum> } | undefined;
}

const DAY = 86_400_000;

interface Sums {
  of(providerId: string): Promise<Sum>;
  forget(providerId: string): void;
}

/** How long a sum that is being renewed still serves, in place of a wait; milliseconds beside `reuse`. */
const RENEWING = 4000;

/**
 * A sum is asked for once and used by everybody who asks meanwhile; one that failed is asked for again. An order does not
 * wait for a newer one: it is fetched beside it, and the old one serves a few seconds more (its age goes on counting, E18).
 */
function createSums(read: (providerId: string) => Promise<Sum>, reuse: number, now: () => number): Sums {
  const cache = new Map<string, Cached>();
  const stillServing = (old: Cached['ready']): Cached['ready'] =>
    old !== undefined && reuse > 0 && now() - old.at < reuse + RENEWING ? old : undefined;
  return {
    of(providerId) {
      const known = cache.get(providerId);
      if (known !== undefined && now() - known.at < reuse) return known.ready?.sum ?? known.sum;
      const fresh: Cached = { at: now(), sum: read(providerId), ready: stillServing(known?.ready) };
      cache.set(providerId, fresh);
      fresh.sum.then(
        () => (fresh.ready = fresh),
        () => undefined,
      );
      return fresh.ready?.sum ?? fresh.sum;
    },
    forget: (providerId) => void cache.delete(providerId),
  };
}

type Key = (name: string) => string;
type Judge = (providerId: string, standing: Standing | undefined, points: number) => Promise<string> | undefined;

function keysUnder(key: Key) {
  return (providerId: string, ...names: readonly string[]): string[] =>
    names.map((name) => key(`${name}:${providerId}`));
}

interface SumSource {
  readonly run: RedisHandle['run'];
  readonly key: Key;
  readonly judge: Judge;
}

/** One step reads the entries, the watermarks and the standing of one provider. */
function sumReader(
  { run, key, judge }: SumSource,
  { now, keepPast, partitions }: { readonly now: () => number; readonly keepPast: number; readonly partitions: number },
): (providerId: string) => Promise<Sum> {
  return async (providerId) => {
    const books = keysUnder(key)(providerId, 'entries', 'live', 'total', 'past');
    const names = [...books, key('watermarks'), key(`standing:${providerId}`)];
    const reply = await run('read-credit', names, [now(), keepPast]);
    const [points, marks, stood] = reply as [number, readonly string[], readonly string[]];
    const standing = standingFrom(fieldsOf(stood));
    return {
      points,
      upTo: lowest(fieldsOf(marks), partitions),
      standing,
      band: await judge(providerId, standing, points),
    };
  };
}

/** Providers' credit books: dated entries, and the score that they sum to, 0 to 100. Never guesses: unknown is unknown (E18). */
export function createCreditBooks(handle: RedisHandle, settings: CreditBookSettings): CreditBooks {
  const { redis, run, prefix } = handle;
  const { now, reuse = 1000, keepPast = 180 * DAY, partitions } = settings;
  const key = (name: string): string => `{${prefix}:credit}:${name}`;
  const keysOf = keysUnder(key);
  const judge: Judge = (providerId, standing, points) =>
    keeper?.judge(providerId, standing, scoreOf(settings.startingPoints(providerId) ?? 0, points));
  const sums = createSums(sumReader({ run, key, judge }, { now, keepPast, partitions }), reuse, now);

  async function add(providerId: string, entry: LedgerEntry, rule = '', coolDown = 0): Promise<boolean> {
    const { id, points, expiresAt, at } = entry;
    const args = [id, JSON.stringify(entry), points, expiresAt ?? '+inf', rule, at, at + coolDown];
    const added = await run('add-credit', keysOf(providerId, 'entries', 'live', 'total', 'cool'), args);
    sums.forget(providerId);
    return added === 1;
  }
  const entries = async (providerId: string): Promise<readonly LedgerEntry[]> =>
    (await redis.hvals(key(`entries:${providerId}`))).map(entryFrom).sort((a, b) => b.at - a.at);
  const env = { handle, keyOf: (providerId: string) => key(`standing:${providerId}`), entries, now };
  const keeper = settings.standing && createStanding(env, settings.standing);

  return {
    read: watched(settings, (providerId) => readScore(providerId, sums, settings)),
    add: (providerId, entry) => add(providerId, entry),
    addByRule: (providerId, { rule, ...entry }, coolDown) => add(providerId, entry, rule, coolDown),
    async watermark(partition, upTo) {
      await redis.hset(key('watermarks'), String(partition), upTo);
    },
    async adjust(providerId, change) {
      const entry = { evidence: undefined, expiresAt: undefined, ...change, id: randomUUID(), at: now() };
      await add(providerId, entry);
      return entry;
    },
    resume: resuming(keeper, sums),
    entries,
    ...createCreditCounters(handle, key),
  };
}

function resuming(keeper: StandingKeeper | undefined, sums: Sums): CreditBooks['resume'] {
  return async (providerId, serviceId) => {
    const lifted = (await keeper?.resume(providerId, serviceId)) ?? false;
    sums.forget(providerId);
    return lifted;
  };
}

type Read = CreditBooks['read'];

/** E18: an alarm when every order from a provider is challenged for want of fresh credit, and when that is over. */
function watched({ standing }: CreditBookSettings, read: Read): Read {
  const stale = new Set<string>();
  return async (providerId) => {
    const reading = await read(providerId);
    const is = reading.kind === 'known';
    const reason = reading.kind === 'unknown' ? reading.reason : `${Math.round(reading.ageMs / 1000)} s old`;
    if (is === stale.has(providerId))
      standing?.note(is ? 'credit.fresh' : 'credit.stale', { provider: providerId, reason });
    if (is) stale.delete(providerId);
    else stale.add(providerId);
    return reading;
  };
}

async function readScore(providerId: string, sums: Sums, settings: CreditBookSettings): Promise<CreditReading> {
  const start = settings.startingPoints(providerId);
  if (start === undefined) return { kind: 'unknown', reason: 'no such provider' };
  try {
    return readingOf(start, await sums.of(providerId), settings);
  } catch {
    sums.forget(providerId);
    return { kind: 'unknown', reason: 'the credit book cannot be read' };
  }
}

function scoreOf(start: number, points: number): number {
  return Math.max(0, Math.min(100, start + points));
}

function readingOf(
  start: number,
  { points, upTo, band, standing }: Sum,
  { maxAge, now }: CreditBookSettings,
): CreditReading {
  if (upTo === undefined) return { kind: 'unknown', reason: 'the credit consumer has not read every partition yet' };
  const score = scoreOf(start, points);
  const ageMs = Math.max(0, now() - upTo);
  if (ageMs > maxAge) return { kind: 'stale', score, ageMs };
  return { kind: 'known', score, ageMs, ...(band === undefined ? {} : { band, standing }) };
}

function lowest(watermarks: ReadonlyMap<string, string>, partitions: number): number | undefined {
  const all = Array.from({ length: partitions }, (_, partition) => watermarks.get(String(partition)));
  return all.includes(undefined) ? undefined : Math.min(...all.map(Number));
}

function entryFrom(json: string): LedgerEntry {
  return Object.assign({ evidence: undefined, expiresAt: undefined }, JSON.parse(json) as LedgerEntry);
}
