import { expect, it } from 'vitest';
import { useBench, useServer } from './support.ts';

const bench = useBench(useServer());
const QUOTA = { limit: 5, window: 60_000 };
const takes = (name: string, tokens: readonly string[]): Promise<readonly boolean[]> =>
  Promise.all(tokens.map((token) => bench.stores.quotas.take(name, token, QUOTA)));
const tokens = Array.from({ length: 50 }, (_, index) => `t${index}`);

it('a quota lets at most its limit through, whoever asks at once, and each name has its own', async () => {
  expect((await takes('x', tokens)).filter(Boolean)).toHaveLength(5);
  expect(await takes('y', ['t0'])).toEqual([true]);
});

it('E12: what comes again is counted once', async () => {
  expect(
    await takes(
      'x',
      Array.from({ length: 20 }, () => 'same'),
    ),
  ).not.toContain(false);
  expect((await takes('x', tokens)).filter(Boolean)).toHaveLength(4);
});

it('E13: what may be another MO by then is counted again, and what was counted stays', async () => {
  const quota = { ...QUOTA, limit: 3, sameFor: 10_000 };
  const comes = async (): Promise<boolean> => bench.stores.quotas.take('x', 'same words', quota);
  const came: boolean[] = [];
  for (const later of [0, 9_999, 1, 10_000, 10_000, 20_000, 10_001]) {
    bench.now += later;
    came.push(await comes());
  }
  expect(came).toEqual([true, true, true, true, false, false, true]);
});

it('a use leaves the window after its time', async () => {
  await takes('x', tokens.slice(0, 3));
  bench.now += 30_000;
  await takes('x', tokens.slice(3, 5));
  expect(await takes('x', ['late'])).toEqual([false]);
  bench.now += 30_001;
  expect((await takes('x', tokens.slice(10))).filter(Boolean)).toHaveLength(3);
});

it('is forgotten once its window is over, with whom it names', async () => {
  await takes('x', ['t0']);
  const [key] = await bench.redis.keys(`*${bench.prefix}*quota*`);
  const left = await bench.redis.pttl(key!);
  expect(left).toBeGreaterThan(QUOTA.window / 2);
  expect(left).toBeLessThanOrEqual(QUOTA.window);
});
