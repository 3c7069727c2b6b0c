import { describe, expect, it } from 'vitest';
import { useBench, useServer } from '../redis/support.ts';
import { AMINA, kes, newsWorld, RedisWorld } from './world.ts';

const bench = useBench(useServer());

async function freeWorld(): Promise<RedisWorld> {
  const w = await RedisWorld.over(bench.handle, '2026-03-01T09:00:00Z');
  w.sell('news', { period: 'week', price: kes(0), charge: 'free' });
  await w.mo('NEWS', { from: AMINA });
  return w;
}

const texts = (w: RedisWorld): readonly string[] => w.smsc.heard.map(({ text }) => text);

describe('a service that a subscriber has, and that is another offer now', () => {
  it.each<readonly [string, () => Promise<RedisWorld>, (w: RedisWorld) => void, number]>([
    ['costs what was free', freeWorld, (w) => w.sell('news', { price: kes(1200), charge: 'event' }), 0],
    [
      'costs another currency',
      () => newsWorld(bench.handle),
      (w) => w.sell('news', { price: { minor: 50, currency: 'USD', decimals: 2 } }),
      1200,
    ],
    ['is sold no more', () => newsWorld(bench.handle), (w) => w.withdraw('news'), 1200],
    [
      'costs so much that its order would be confirmed',
      () => newsWorld(bench.handle),
      (w) => {
        w.policy = { ...w.policy, priceSteps: [{ currency: 'KES', above: 2000, atLeast: 'confirm' }] };
        w.sell('news', { price: kes(2100) });
      },
      1200,
    ],
  ])(
    '%s: goes on to the end of what it was, is told, and is charged to nobody by silence',
    async (_, begin, change, paid) => {
      const w = await begin();
      await w.until('2026-03-02T09:00:00Z');
      change(w);
      await w.until('2026-03-08T08:59:00Z');
      expect([texts(w).length, (await w.subscription(AMINA))?.state]).toEqual([1, 'active']);
      await w.until('2026-03-08T09:01:00Z');
      expect(texts(w).at(-1)).toMatch(/^Daily News has ended\. You will not be charged for it again\./);
      await w.until('2026-03-31T00:00:00Z');
      expect([await w.subscription(AMINA), w.ocs.paid, texts(w).length]).toEqual([undefined, paid, 2]);
    },
  );

  it('but not for a step of the price that it was above before', async () => {
    const w = await newsWorld(bench.handle);
    w.policy = { ...w.policy, priceSteps: [{ currency: 'KES', above: 1000, atLeast: 'confirm' }] };
    w.sell('news', { price: kes(1300) });
    await w.until('2026-03-16T09:00:00Z');
    expect(texts(w).filter((text) => text.includes('costs KES 13.00'))).toHaveLength(1);
    expect(await w.subscription(AMINA)).toMatchObject({ state: 'active', number: 3 });
  });

  it.each<readonly [string, () => Promise<RedisWorld>, number]>([
    ['free', freeWorld, 0],
    ['for money', () => newsWorld(bench.handle), 5 * 1200],
  ])('but goes on at its own price where it is sold by another period now: %s', async (_, begin, paid) => {
    const w = await begin();
    w.policy = { ...w.policy, priceSteps: [{ currency: 'KES', above: 2000, atLeast: 'confirm' }] };
    w.sell('news', { period: 'month', price: kes(4000), charge: 'event' });
    await w.until('2026-03-30T00:00:00Z');
    expect([(await w.subscription(AMINA))?.state, w.ocs.paid]).toEqual(['active', paid]);
  });

  it('but goes on where it is what it was again by then', async () => {
    const w = await freeWorld();
    w.sell('news', { price: kes(1200), charge: 'event' });
    await w.until('2026-03-07T12:00:00Z');
    w.sell('news', { price: kes(0), charge: 'free' });
    await w.until('2026-03-10T09:00:00Z');
    expect(await w.subscription(AMINA)).toMatchObject({ state: 'active', number: 2, price: { minor: 0 } });
  });
});
