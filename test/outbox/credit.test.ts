import { describe, expect, it } from 'vitest';
import type { CreditRule } from '../../src/domain/credit-rule.ts';
import type { CreditLedger, OutboxEntry } from '../../src/flow/ports/outbox.ts';
import { createConsumer } from '../../src/outbox/consumer.ts';
import { createCreditConsumer } from '../../src/outbox/credit.ts';
import { signalsOf } from '../../src/outbox/signals.ts';
import type { CreditBooks } from '../../src/redis/credit/book.ts';
import { createCreditBooks } from '../../src/redis/credit/book.ts';
import { BANDS } from '../policies.ts';
import { answerStep, dedupe, LEASE, MSISDN, openStep, reply } from '../redis/fixtures.ts';
import { PARTITIONS, useBench, useServer } from '../redis/support.ts';
import { entry, manualClock, streamOf } from './support.ts';

const bench = useBench(useServer());
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

function rule(over: Partial<CreditRule> = {}): CreditRule {
  return {
    name: 'test',
    counts: 'complaint',
    least: 3,
    window: DAY,
    points: -10,
    coolDown: DAY,
    lasts: 30 * DAY,
    ...over,
  };
}

interface Scene {
  readonly book: CreditBooks;
  readonly bands: string[];
  /** Lets the consumer handle so many entries of a kind at the bench's time. */
  readonly say: (count: number, over: Partial<OutboxEntry>) => Promise<void>;
  readonly handle: (entries: readonly OutboxEntry[]) => Promise<void>;
  readonly score: () => Promise<number>;
}

function scene(rules: readonly CreditRule[]): Scene {
  const bands: string[] = [];
  const book = createCreditBooks(bench.handle, {
    partitions: PARTITIONS,
    startingPoints: () => 85,
    maxAge: 365 * DAY,
    reuse: 0,
    standing: {
      policy: () => ({
        bands: BANDS.map((band) => ({ ...band, consequence: 'service-suspended' as const })),
        hysteresis: 5,
      }),
      services: () => ['news', 'game'],
      suspendFor: () => 90 * DAY,
      note: (event, fields) => bands.push(`${event} ${String(fields?.['to'])}`),
    },
    now: () => bench.now,
  });
  const consumer = createCreditConsumer(
    book,
    () => ({ rules, burst: { orders: 3 } }),
    () => Promise.resolve('acme'),
  );
  let count = 0;
  return {
    book,
    bands,
    async say(times, over) {
      const made = Array.from({ length: times }, () =>
        entry({ id: `${bench.now}-${++count}`, at: bench.now, ...over }),
      );
      await consumer.handle(made, false);
    },
    handle: (entries) => consumer.handle(entries, false),
    async score() {
      for (let partition = 0; partition < PARTITIONS; partition++) await book.watermark(partition, bench.now);
      const reading = await book.read('acme');
      return reading.kind === 'unknown' ? Number.NaN : reading.score;
    },
  };
}

const COMPLAINT = { type: 'complaint', state: 'recorded', cause: 'mo' } as const;
const ORDERED = { type: 'order', state: 'placed', from: 'charging', cause: 'record' } as const;

describe('what an outbox entry says of its provider', () => {
  it.each<readonly [string, Partial<OutboxEntry>, readonly string[]]>([
    ['placed', ORDERED, ['ordered']],
    ['a renewal that was paid, which nobody ordered', { ...ORDERED, subject: '01-abc-r2' }, []],
    ['placed by a person out of a dispute', { ...ORDERED, from: 'disputed' }, []],
    ['challenged', { state: 'challenged', cause: 'open', from: 'received' }, ['challenged']],
    ['a wrong answer that was not the last', { state: 'challenged', cause: 'wrong' }, []],
    ['lost by wrong answers', { state: 'declined', cause: 'last-wrong' }, ['failed-challenge']],
    ['declined for a suspended provider', { state: 'declined', cause: 'end' }, []],
    ['silence', { state: 'expired', cause: 'end' }, ['abandoned-challenge']],
    ['a refund of what was placed', { state: 'refunding', from: 'placed' }, ['refund']],
    ['a refund after a STOP on its way', { state: 'refunding', from: 'charging' }, []],
    [
      'a STOP within a day',
      { type: 'subscription', state: 'ended', cause: 'stop', since: 1_700_000_000_000 - DAY },
      ['early-stop'],
    ],
    [
      'an end of another kind within a day',
      { type: 'subscription', state: 'ended', cause: 'unpaid', since: 1_700_000_000_000 },
      [],
    ],
    ['provided, as it should', { ...ORDERED, from: 'charged', cause: 'provide' }, ['ordered']],
    ['a STOP later', { type: 'subscription', state: 'ended', cause: 'stop', since: 1_700_000_000_000 - DAY - 1 }, []],
    ['a complaint', COMPLAINT, ['complaint']],
    ['one more within the day', { ...COMPLAINT, state: 'again' }, []],
    ['not provided', { state: 'uncharged', from: 'reserved', cause: 'not-provided' }, ['undelivered']],
    ['released: too little was reserved', { state: 'uncharged', from: 'reserved', cause: 'release' }, []],
    ['charged and not provided', { state: 'refunding', from: 'charged', cause: 'provide' }, ['undelivered']],
    ['free and not provided', { state: 'uncharged', from: 'charged', cause: 'provide' }, ['undelivered']],
    ['stopped before the provider answered', { state: 'refunding', from: 'charged', cause: 'stop' }, []],
    ['no balance', { state: 'uncharged', from: 'charging' }, []],
    ['a notice that did not arrive', { type: 'mt', state: 'undelivered', subject: '01-abc-ordered' }, ['undelivered']],
    ['another text that did not arrive', { type: 'mt', state: 'undelivered', subject: '01-abc-code' }, []],
  ])('%s', (_, over, signals) => {
    expect(signalsOf(entry(over))).toEqual(signals);
  });
});

describe('a credit rule', () => {
  it('speaks at its threshold within its window, and says why', async () => {
    const { book, say, score } = scene([rule()]);
    await say(2, COMPLAINT);
    expect(await score()).toBe(85);
    await say(1, COMPLAINT);
    expect(await score()).toBe(75);
    expect(await book.entries('acme')).toMatchObject([
      { points: -10, reason: 'test: 3 complaint within 24 h', who: 'rule', serviceId: 'news' },
    ]);
  });

  it('forgets what is older than its window', async () => {
    const { say, score } = scene([rule()]);
    await say(2, COMPLAINT);
    bench.now += DAY + HOUR;
    await say(1, COMPLAINT);
    expect(await score()).toBe(85);
  });

  it('cools down, and its entry expires', async () => {
    const { say, score } = scene([rule()]);
    await say(3, COMPLAINT);
    await say(5, COMPLAINT);
    expect(await score()).toBe(75);
    bench.now += DAY;
    await say(3, COMPLAINT);
    expect(await score()).toBe(65);
    bench.now += 29 * DAY;
    expect(await score()).toBe(75);
  });

  it('is measured against what it is of', async () => {
    const { say, score } = scene([rule({ of: 'ordered', percent: 10 })]);
    await say(41, ORDERED);
    await say(4, COMPLAINT);
    expect(await score()).toBe(85);
    await say(1, COMPLAINT);
    expect(await score()).toBe(75);
  });

  it('is not watered down by one subscriber who orders all day, free of charge', async () => {
    const { say, score } = scene([rule({ of: 'ordered', percent: 10 })]);
    await say(99, { ...ORDERED, who: 'a' });
    for (const who of ['b', 'c', 'd']) await say(1, { ...ORDERED, who });
    await say(3, COMPLAINT);
    expect(await score()).toBe(75);
  });

  it('counts an entry that comes again once', async () => {
    const { say, score } = scene([rule()]);
    for (let i = 0; i < 5; i++) await say(1, { ...COMPLAINT, id: '1700000000000-77' });
    expect(await score()).toBe(85);
  });

  it('counts entries of two partitions that have the same number', async () => {
    const { say, score } = scene([rule()]);
    for (const partition of [1, 2, 3]) await say(1, { ...COMPLAINT, partition, id: '1700000000000-77' });
    expect(await score()).toBe(75);
  });

  it('looks back from the newest of what comes at once, and blames that', async () => {
    const { book, handle, score } = scene([rule()]);
    const at = (ms: number, subject: string) =>
      entry({ ...COMPLAINT, id: `${ms}-0`, at: bench.now + ms, subject, serviceId: subject });
    await handle([at(0, 'a'), at(1, 'b'), at(DAY + HOUR, 'c')]);
    expect(await score()).toBe(85);
    await handle([at(DAY + 2 * HOUR, 'd'), at(DAY + 3 * HOUR, 'e')]);
    bench.now += DAY + 3 * HOUR;
    expect(await score()).toBe(75);
    expect(await book.entries('acme')).toMatchObject([{ evidence: 'e', serviceId: 'e' }]);
  });

  it('speaks beside another that the same signal reached', async () => {
    const { say, score } = scene([rule(), rule({ name: 'other', points: -5 })]);
    await say(3, COMPLAINT);
    expect(await score()).toBe(70);
  });

  it.each<readonly [CreditRule['counts'], Partial<OutboxEntry>]>([
    ['ordered', ORDERED],
    ['challenged', { state: 'challenged', cause: 'open', from: 'received' }],
    ['failed-challenge', { state: 'declined', cause: 'last-wrong' }],
    ['abandoned-challenge', { state: 'expired', cause: 'end' }],
  ])('hears one subscriber once a day, so that one phone sinks no provider: %s', async (counts, over) => {
    const { say, score } = scene([rule({ counts, window: 2 * DAY })]);
    bench.now = 1_700_000_000_000 - (1_700_000_000_000 % DAY);
    await say(9, { ...over, who: 'a' });
    await say(1, { ...over, who: 'b' });
    bench.now += DAY - 1;
    await say(9, { ...over, who: 'a' });
    expect(await score()).toBe(85);
    bench.now += 1;
    await say(1, { ...over, who: 'a' });
    expect(await score()).toBe(75);
  });

  it('hears a burst: more than three orders of one subscriber within the hour', async () => {
    const { say, score } = scene([rule({ counts: 'burst', least: 4 })]);
    for (const who of ['a', 'b', 'c', 'd', 'e', 'f']) await say(3, { ...ORDERED, who });
    expect(await score()).toBe(85);
    await say(2, { ...ORDERED, who: 'a' });
    await say(2, { ...ORDERED, who: 'b' });
    expect(await score()).toBe(75);
  });
});

describe('a fall', () => {
  it('moves the band, once, and suspends the service that cost most', async () => {
    const { book, bands, say, score } = scene([rule({ points: -30 })]);
    await score();
    await say(3, { ...COMPLAINT, serviceId: 'game' });
    await score();
    await score();
    expect(bands).toEqual(['credit.band known']);
    const reading = await book.read('acme');
    expect(reading).toMatchObject({
      kind: 'known',
      band: 'known',
      standing: { suspended: { game: bench.now + 90 * DAY } },
    });
  });

  it('leaves a service suspended until a person lifts that, once', async () => {
    const { book, bands, say, score } = scene([rule({ points: -30 })]);
    await score();
    await say(3, { ...COMPLAINT, serviceId: 'game' });
    await score();
    const lifted = [await book.resume('acme', 'news'), await book.resume('acme', 'game')];
    expect(lifted).toEqual([false, true]);
    await score();
    expect(await book.read('acme')).toMatchObject({ kind: 'known', band: 'known', standing: { suspended: {} } });
    expect(await book.resume('acme', 'game')).toBe(false);
    expect(bands).toEqual(['credit.band known']);
  });

  it('has nothing to lift once the time of a suspension is over', async () => {
    const { book, say, score } = scene([rule({ points: -30 })]);
    await score();
    await say(3, { ...COMPLAINT, serviceId: 'game' });
    await score();
    bench.now += 90 * DAY;
    expect(await book.resume('acme', 'game')).toBe(false);
  });

  it('climbs only five points above the limit', async () => {
    const { book, bands, score } = scene([]);
    await score();
    await book.adjust('acme', { points: -6, reason: 'test', who: 'ann' });
    await score();
    await book.adjust('acme', { points: 5, reason: 'test', who: 'ann' });
    expect(await score()).toBe(84);
    expect(bands).toEqual(['credit.band known']);
    await book.adjust('acme', { points: 1, reason: 'test', who: 'ann' });
    await score();
    await score();
    expect(bands).toEqual(['credit.band known', 'credit.band trusted']);
  });
});

describe('the credit consumer', () => {
  it('reads what subscribers did off the outbox, and keeps the score fresh', async () => {
    const { orders, subscribers } = bench.stores;
    bench.now = 1_700_000_000_000;
    const { book } = scene([]);
    const rules = {
      rules: [
        rule({ counts: 'failed-challenge', least: 1 }),
        rule({ counts: 'failed-challenge', least: 2, name: 'one subscriber twice' }),
        rule({ counts: 'challenged', least: 2, name: 'one subscriber challenged twice' }),
        rule({ name: 'c', least: 1 }),
      ],
      burst: { orders: 3 },
    };
    const consumer = createConsumer({
      stream: streamOf(bench, 'credit'),
      consumer: createCreditConsumer(book, () => rules),
      settings: { every: 500, recoverAfter: 30_000, batch: 200, parts: 1 },
      clock: manualClock(bench.now),
      note: () => undefined,
    });
    await consumer.turn();
    for (const step of [openStep('challenged'), openStep('challenged')]) {
      await orders.open(step, undefined);
      for (let i = 0; i < 3; i++) await orders.answer(answerStep(step, false));
    }
    const about = { providerId: 'acme', serviceId: 'news' };
    const complaint = { dedupe: dedupe(), msisdn: MSISDN, about, cause: 'mo', owe: reply('complaint') } as const;
    await subscribers.complain({ ...complaint, now: bench.now, leaseFor: LEASE });
    await consumer.turn();
    expect(await book.read('acme')).toMatchObject({ kind: 'known', score: 65 });
    expect((await book.entries('acme')).map(({ reason }) => reason).sort()).toEqual([
      'c: 1 complaint within 24 h',
      'test: 1 failed-challenge within 24 h',
    ]);
  });
});

it('a notice that did not arrive is counted of whose order it was, where that is known', async () => {
  const [asked, counted]: [string[], string[]] = [[], []];
  const ledger = {
    count: (providerId: string) => Promise.resolve(void counted.push(providerId)),
  } as unknown as CreditLedger;
  const providerOf = (id: string) => {
    asked.push(id);
    return Promise.resolve(id === '01-abc' ? 'acme' : undefined);
  };
  const lost = { type: 'mt', state: 'undelivered', providerId: '' } as const;
  const consumer = createCreditConsumer(ledger, () => ({ rules: [], burst: { orders: 3 } }), providerOf);
  await consumer.handle(
    [entry({ ...lost, subject: '01-abc-ordered' }), entry({ ...lost, subject: '01-gone-ordered' })],
    false,
  );
  expect(asked).toEqual(['01-abc', '01-gone']);
  expect(counted).toEqual(['acme']);
});

it('entries whose book could not be written come again', async () => {
  const ledger = {
    count: () => Promise.resolve(),
    counts: () => Promise.resolve(() => 3),
    addByRule: () => Promise.reject(new Error('no answer')),
  } as unknown as CreditLedger;
  const rules = { rules: [rule()], burst: { orders: 3 } };
  const consumer = createCreditConsumer(ledger, () => rules);
  const complaint = entry({ type: 'complaint', state: 'recorded' });
  await expect(consumer.handle([complaint], false)).rejects.toThrow('no answer');
});

describe('hundreds of providers', () => {
  /** Books that answer when told to, and how many were asked and not answered yet. */
  function slowLedger(broken: string) {
    const counted: string[] = [];
    const waiting: (() => void)[] = [];
    let most = 0;
    const ledger = {
      count: async (providerId: string) => {
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
          most = Math.max(most, waiting.length);
        });
        if (providerId === broken) throw new Error('no answer');
        counted.push(providerId);
      },
      counts: () => Promise.resolve(() => 0),
    } as unknown as CreditLedger;
    const answerAll = (): void => {
      for (const answer of waiting.splice(0)) answer();
    };
    return { ledger, counted, answerAll, most: () => most };
  }

  it('have their books kept many at a time, and one whose book failed has all of it come again', async () => {
    const { ledger, counted, answerAll, most } = slowLedger('sp-7');
    const consumer = createCreditConsumer(ledger, () => ({ rules: [], burst: { orders: 3 } }));
    const entries = Array.from({ length: 100 }, (_, at) =>
      entry({ id: `${at}-0`, providerId: `sp-${at}`, ...ORDERED }),
    );
    const state = { ended: false };
    const handled = consumer.handle(entries, false).finally(() => (state.ended = true));
    const outcome = expect(handled).rejects.toThrow('no answer');
    while (!state.ended) {
      answerAll();
      await new Promise((resolve) => setImmediate(resolve));
    }
    await outcome;
    expect(most()).toBe(32);
    expect(counted).toHaveLength(31);
  });
});
