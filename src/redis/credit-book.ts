import { randomUUID } from 'node:crypto';
import type { CreditReading } from '../domain/policy.ts';
import type { CreditLedger, LedgerEntry } from '../flow/outbox.ts';
import type { CreditBook } from '../flow/ports.ts';
import type { RedisHandle } from './connection.ts';
import { fieldsOf } from './replies.ts';

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
  readonly now: () => number;
}

export interface CreditBooks extends CreditBook, CreditLedger {
  /** By hand: who and why are kept. Counts at once for this process, and within `reuse` for the others. */
  adjust(providerId: string, change: Adjustment): Promise<LedgerEntry>;
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
}

interface Cached {
  readonly at: number;
  readonly sum: Promise<Sum>;
}

const DAY = 86_400_000;

interface Sums {
  of(providerId: string): Promise<Sum>;
  forget(providerId: string): void;
}

/** A sum is asked for once and used by everybody who asks meanwhile; one that failed is asked for again. */
function createSums(read: (providerId: string) => Promise<Sum>, reuse: number, now: () => number): Sums {
  const cache = new Map<string, Cached>();
  return {
    of(providerId) {
      const found = cache.get(providerId);
      if (found !== undefined && now() - found.at < reuse) return found.sum;
      const sum = read(providerId);
      cache.set(providerId, { at: now(), sum });
      return sum;
    },
    forget: (providerId) => void cache.delete(providerId),
  };
}

/** Providers' credit books: dated entries, and the score that they sum to, 0 to 100. Never guesses: unknown is unknown (E18). */
export function createCreditBooks(handle: RedisHandle, settings: CreditBookSettings): CreditBooks {
  const { redis, run, prefix } = handle;
  const { now, reuse = 1000, keepPast = 180 * DAY, partitions } = settings;
  const key = (name: string): string => `{${prefix}:credit}:${name}`;
  const keysOf = (providerId: string, ...names: readonly string[]) => names.map((name) => key(`${name}:${providerId}`));

  const sums = createSums(
    async (providerId) => {
      const names = [...keysOf(providerId, 'entries', 'live', 'total', 'past'), key('watermarks')];
      const [points, flat] = (await run('read-credit', names, [now(), keepPast])) as [number, readonly string[]];
      return { points, upTo: lowest(fieldsOf(flat), partitions) };
    },
    reuse,
    now,
  );

  async function add(providerId: string, entry: LedgerEntry): Promise<boolean> {
    const args = [entry.id, JSON.stringify(entry), entry.points, entry.expiresAt ?? '+inf'];
    const added = await run('add-credit', keysOf(providerId, 'entries', 'live', 'total'), args);
    sums.forget(providerId);
    return added === 1;
  }

  return {
    read: (providerId) => readScore(providerId, sums, settings),
    add,
    async watermark(partition, upTo) {
      await redis.hset(key('watermarks'), String(partition), upTo);
    },
    async adjust(providerId, change) {
      const entry = { evidence: undefined, expiresAt: undefined, ...change, id: randomUUID(), at: now() };
      await add(providerId, entry);
      return entry;
    },
    async entries(providerId) {
      const stored = await redis.hvals(key(`entries:${providerId}`));
      return stored.map(entryFrom).sort((a, b) => b.at - a.at);
    },
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

function readingOf(start: number, { points, upTo }: Sum, { maxAge, now }: CreditBookSettings): CreditReading {
  if (upTo === undefined) return { kind: 'unknown', reason: 'the credit consumer has not read every partition yet' };
  const score = Math.max(0, Math.min(100, start + points));
  const ageMs = Math.max(0, now() - upTo);
  return { kind: ageMs > maxAge ? 'stale' : 'known', score, ageMs };
}

function lowest(watermarks: ReadonlyMap<string, string>, partitions: number): number | undefined {
  const all = Array.from({ length: partitions }, (_, partition) => watermarks.get(String(partition)));
  return all.includes(undefined) ? undefined : Math.min(...all.map(Number));
}

function entryFrom(json: string): LedgerEntry {
  return { ...{ evidence: undefined, expiresAt: undefined }, ...(JSON.parse(json) as LedgerEntry) };
}
