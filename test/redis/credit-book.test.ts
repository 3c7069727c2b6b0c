import { describe, expect, it, vi } from 'vitest';
import type { CountedSignal, LedgerEntry } from '../../src/flow/ports/outbox.ts';
import type { NoteFields } from '../../src/lib/note.ts';
import type { CreditBooks } from '../../src/redis/credit/book.ts';
import { createCreditBooks } from '../../src/redis/credit/book.ts';
import { BANDS } from '../policies.ts';
import { PARTITIONS, useBench, useServer } from './support.ts';

const bench = useBench(useServer());
const DAY = 86_400_000;

const SETTINGS = {
  partitions: PARTITIONS,
  startingPoints: (id: string) => (id === 'acme' ? 60 : undefined),
  maxAge: 60_000,
  reuse: 0,
  keepPast: 10 * DAY,
  now: () => bench.now,
};

function books(reuse = 0): CreditBooks {
  return createCreditBooks(bench.handle, { ...SETTINGS, reuse });
}

async function readUpTo(book: CreditBooks, upTo: number): Promise<void> {
  for (let partition = 0; partition < PARTITIONS; partition++) await book.watermark(partition, upTo);
}

function entry(id: string, points: number, over: Partial<LedgerEntry> = {}): LedgerEntry {
  return { id, points, reason: 'test', who: 'rule', evidence: undefined, at: bench.now, expiresAt: undefined, ...over };
}

describe('credit that cannot be relied on', () => {
  it('is told once of each provider, and its end once, whatever is read of others meanwhile (E18)', async () => {
    const notes: unknown[] = [];
    const note = (event: string, fields?: NoteFields): void => void notes.push([event, fields?.['provider']]);
    const standing = { policy: () => ({ bands: BANDS }), services: () => [], suspendFor: () => 0, note };
    const book = createCreditBooks(bench.handle, { ...SETTINGS, startingPoints: () => 60, standing });
    await readUpTo(book, bench.now);
    const inTheWay = `{${bench.prefix}:credit}:live:acme`;
    await bench.redis.set(inTheWay, 'no sorted set');
    const readBoth = async (): Promise<void> => {
      for (const id of ['acme', 'other', 'acme', 'other']) await book.read(id);
    };
    await readBoth();
    expect(notes).toEqual([['credit.stale', 'acme']]);
    await bench.redis.del(inTheWay);
    await readBoth();
    expect(notes).toEqual([
      ['credit.stale', 'acme'],
      ['credit.fresh', 'acme'],
    ]);
  });
});

describe('a credit score', () => {
  it('is unknown until the consumer has read every partition (E18)', async () => {
    const book = books();
    expect(await book.read('acme')).toMatchObject({ kind: 'unknown' });
    for (let partition = 0; partition < PARTITIONS - 1; partition++) await book.watermark(partition, bench.now);
    expect(await book.read('acme')).toMatchObject({ kind: 'unknown' });
    await book.watermark(PARTITIONS - 1, bench.now);
    expect(await book.read('acme')).toEqual({ kind: 'known', score: 60, ageMs: 0 });
  });

  it('is as old as the partition that was read least (E18)', async () => {
    const book = books();
    await readUpTo(book, bench.now);
    await book.watermark(2, bench.now - 60_000);
    expect(await book.read('acme')).toEqual({ kind: 'known', score: 60, ageMs: 60_000 });
    bench.now += 1;
    expect(await book.read('acme')).toEqual({ kind: 'stale', score: 60, ageMs: 60_001 });
  });

  it('goes on ageing while a reading is used again', async () => {
    const book = books(1000);
    await readUpTo(book, bench.now);
    await book.read('acme');
    bench.now += 999;
    await readUpTo(book, bench.now);
    expect(await book.read('acme')).toEqual({ kind: 'known', score: 60, ageMs: 999 });
    bench.now += 1;
    // Nobody waits for the newer one: it is fetched beside this reading, and serves the next.
    expect(await book.read('acme')).toEqual({ kind: 'known', score: 60, ageMs: 1000 });
    await expect.poll(() => book.read('acme')).toEqual({ kind: 'known', score: 60, ageMs: 1 });
  });

  it('is the starting points and the live entries, within 0 and 100', async () => {
    const book = books();
    await readUpTo(book, bench.now);
    await book.add('acme', entry('a', -15));
    await book.add('acme', entry('b', 5));
    expect(await book.read('acme')).toMatchObject({ score: 50 });
    await book.add('acme', entry('c', -500));
    expect(await book.read('acme')).toMatchObject({ score: 0 });
    await book.add('acme', entry('d', 900));
    expect(await book.read('acme')).toMatchObject({ score: 100 });
  });

  it('counts an entry once, however often it is added', async () => {
    const book = books();
    await readUpTo(book, bench.now);
    const added = await Promise.all(Array.from({ length: 20 }, () => book.add('acme', entry('a', -3))));
    expect(added.filter(Boolean)).toHaveLength(1);
    expect(await book.read('acme')).toMatchObject({ score: 57 });
  });

  it('forgives what has expired, keeps it in the book for a while, and forgets it then', async () => {
    const book = books();
    await readUpTo(book, bench.now + 30 * DAY);
    await book.add('acme', entry('a', -20, { expiresAt: bench.now + DAY }));
    bench.now += DAY - 1;
    expect(await book.read('acme')).toMatchObject({ score: 40 });
    bench.now += 1;
    expect(await book.read('acme')).toMatchObject({ score: 60 });
    expect(await book.entries('acme')).toHaveLength(1);
    bench.now += 10 * DAY;
    await book.read('acme');
    expect(await book.entries('acme')).toEqual([]);
    expect(await book.read('acme')).toMatchObject({ score: 60 });
  });

  it('is changed by hand at once, with who and why', async () => {
    const book = books(60_000);
    await readUpTo(book, bench.now);
    await book.read('acme');
    const made = await book.adjust('acme', { points: -30, reason: 'complaints in the press', who: 'nora' });
    expect(await book.read('acme')).toMatchObject({ score: 30 });
    expect(await book.entries('acme')).toEqual([made]);
    expect(made).toMatchObject({ who: 'nora', reason: 'complaints in the press', at: bench.now });
  });

  it('is unknown for a stranger, and where Redis cannot be asked', async () => {
    const book = books();
    await readUpTo(book, bench.now);
    expect(await book.read('stranger')).toEqual({ kind: 'unknown', reason: 'no such provider' });
    await bench.handle.close();
    expect(await book.read('acme')).toEqual({ kind: 'unknown', reason: 'the credit book cannot be read' });
  });
});

describe('what is counted', () => {
  const HOUR = 3_600_000;
  const BURST = { orders: 3, within: HOUR } as never;
  const at = (now: number, id: string): readonly CountedSignal[] => [
    { id, signal: 'ordered', at: now, who: undefined, subject: '00-a', serviceId: 'news' },
  ];

  it('is counted once, also when it comes again after what came meanwhile, and is forgotten in minutes', async () => {
    const book = books();
    const ordered = async (): Promise<number> => {
      const counts = await book.counts('acme', [{ counts: 'ordered', window: HOUR } as never], bench.now);
      return counts('ordered', HOUR);
    };
    await book.count('acme', at(bench.now, '0:1'), BURST);
    await book.count('acme', at(bench.now + 60_000, '0:2'), BURST);
    await book.count('acme', at(bench.now, '0:1'), BURST);
    expect(await ordered()).toBe(2);
    const counted = `{${bench.handle.prefix}:credit}:counted`;
    expect(await bench.redis.zcard(counted)).toBe(2);
    await book.count('acme', at(bench.now + 10.5 * 60_000, '0:3'), BURST);
    expect(await bench.redis.zrange(counted, '0', '-1')).toEqual(['0:2:ordered', '0:3:ordered']);
  });

  it('is counted by the handful, so that no step keeps the orders waiting, and adds up', async () => {
    const run = vi.fn(bench.handle.run);
    const book = createCreditBooks({ ...bench.handle, run }, SETTINGS);
    const signals = Array.from({ length: 70 }, (_, n) => ({ ...at(bench.now, `0:${n}`)[0]!, who: `00-${n % 2}` }));
    await book.count('acme', signals, BURST);
    await book.count('acme', signals, BURST);
    const wanted = [{ counts: 'ordered', window: HOUR } as never, { counts: 'burst', window: HOUR } as never];
    const counts = await book.counts('acme', wanted, bench.now);
    expect([counts('ordered', HOUR), counts('burst', HOUR)]).toEqual([2, 64]);
    expect(run.mock.calls.map(([name]) => name)).toEqual(Array.from({ length: 6 }, () => 'count-signals'));
  });

  it('is kept for as long as a rule may look back, however rare its signal', async () => {
    const book = books();
    const begun = Math.floor(bench.now / HOUR);
    const hoursKept = async (...later: readonly number[]): Promise<readonly number[]> => {
      for (const hour of later) await book.count('acme', at((begun + hour) * HOUR, `0:${hour}`), BURST);
      const fields = await bench.redis.hkeys(`{${bench.handle.prefix}:credit}:counts:acme`);
      const hours = fields.filter((field) => field.includes(':')).map((field) => Number(field.split(':')[1]) - begun);
      return hours.sort((a, b) => a - b);
    };
    expect(await hoursKept(0, 1, 100, 743)).toEqual([0, 1, 100, 743]);
    expect(await hoursKept(800)).toEqual([100, 743, 800]);
    expect(await hoursKept(799)).toEqual([100, 743, 799, 800]);
    expect(await hoursKept(844)).toEqual([743, 799, 800, 844]);
    const counts = await book.counts('acme', [{ counts: 'ordered', window: 30 * DAY } as never], (begun + 844) * HOUR);
    expect(counts('ordered', 30 * DAY)).toBe(4);
    expect(await hoursKept(5000)).toEqual([5000]);
  });

  it.each([
    ['early in its hour', 5, 65],
    ['late in it', 50, 20],
  ])('remembers who ordered within an hour, %s, until ten minutes past its end', async (_, minute, minutes) => {
    const hour = Math.floor(bench.now / HOUR);
    const now = hour * HOUR + minute * 60_000;
    await books().count('acme', [{ ...at(now, '0:1')[0]!, who: '00-a' }], BURST);
    const left = await bench.redis.pttl(`{${bench.handle.prefix}:credit}:burst:acme:${hour}`);
    expect(Math.ceil(left / 60_000)).toBe(minutes);
  });
});
