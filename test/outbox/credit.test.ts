import { describe, expect, it } from 'vitest';
import type { LedgerEntry } from '../../src/flow/outbox.ts';
import { createConsumer } from '../../src/outbox/consumer.ts';
import { CREDIT_RULES, createCreditConsumer } from '../../src/outbox/credit.ts';
import { createCreditBooks } from '../../src/redis/credit-book.ts';
import { answerStep, frozen, GRANTED, MSISDN, openStep, recordStep, reply, subscription, dedupe } from '../redis/fixtures.ts'; // prettier-ignore
import { PARTITIONS, useBench, useServer } from '../redis/support.ts';
import { entry, manualClock, streamOf } from './support.ts';

const bench = useBench(useServer());
const DAY = 86_400_000;

function recording() {
  const added: (LedgerEntry & { readonly providerId: string })[] = [];
  const consumer = createCreditConsumer(
    {
      add: (providerId, one) => Promise.resolve(added.push({ ...one, providerId }) > 0),
      watermark: () => Promise.resolve(),
    },
    () => CREDIT_RULES,
  );
  return { added, consumer };
}

describe('a credit rule', () => {
  it('takes a point for a challenge lost by wrong answers', async () => {
    const { added, consumer } = recording();
    await consumer.handle([entry()], false);
    expect(added).toEqual([
      {
        id: '1:1700000000000-0:failed-challenge',
        providerId: 'acme',
        points: -1,
        reason: 'failed-challenge',
        who: 'rule',
        evidence: '01-abc',
        at: 1_700_000_000_000,
        expiresAt: 1_700_000_000_000 + 30 * DAY,
      },
    ]);
  });

  it('takes two for a stop within a day of the start, and none later', async () => {
    const { added, consumer } = recording();
    const since = 1_700_000_000_000;
    const stopped = { type: 'subscription', state: 'ended', cause: 'stop', since } as const;
    await consumer.handle([entry({ ...stopped, at: since + DAY })], false);
    expect(added).toMatchObject([{ points: -2, reason: 'stopped-within-a-day' }]);
    await consumer.handle([entry({ ...stopped, at: since + DAY + 1 })], false);
    expect(added).toHaveLength(1);
  });

  it.each([{ cause: 'end' }, { state: 'expired', cause: 'window' }, { type: 'mt' as const }])(
    'says nothing of %j',
    async (over) => {
      const { added, consumer } = recording();
      await consumer.handle([entry(over)], false);
      expect(added).toEqual([]);
    },
  );
});

describe('the credit consumer', () => {
  it('moves a score by what subscribers did, and keeps it fresh', async () => {
    const { orders, subscribers } = bench.stores;
    const book = createCreditBooks(bench.handle, {
      partitions: PARTITIONS,
      startingPoints: () => 50,
      maxAge: 60_000,
      reuse: 0,
      now: () => bench.now,
    });
    const consumer = createConsumer({
      stream: streamOf(bench, 'credit'),
      consumer: createCreditConsumer(book, () => CREDIT_RULES),
      settings: { every: 100, recoverAfter: 0, batch: 100 },
      clock: manualClock(bench.now),
      note: () => undefined,
    });
    expect(await book.read('acme')).toMatchObject({ kind: 'unknown' });
    const lost = openStep('challenged');
    await orders.open(lost, undefined);
    for (let i = 0; i < 3; i++) await orders.answer(answerStep(lost, false));
    const placed = openStep('charging', { frozen: frozen({ period: 'week' }) });
    await orders.open(placed, undefined);
    await orders.record(recordStep(placed, GRANTED, { subscription: subscription(placed.frozen) }));
    const owe = reply('stopped');
    const now = placed.now + 60_000;
    await subscribers.stop({ dedupe: dedupe(), msisdn: MSISDN, orders: [], services: ['news'], owe, now, leaseFor: 1 });
    await consumer.turn();
    await consumer.turn();
    expect(await book.read('acme')).toEqual({ kind: 'known', score: 47, ageMs: 0 });
  });
});
