import { describe, expect, it } from 'vitest';
import { createRatings } from '../../src/redis/ratings.ts';
import { useBench, useServer } from './support.ts';

const bench = useBench(useServer());

function process(now = { at: 0 }, version = { is: 'v1' }, config = { failures: 3, pause: 60_000 }) {
  const { failures, pause } = { failures: () => config.failures, pause: () => config.pause };
  return createRatings(bench.handle, { failures, pause, catalogueVersion: () => version.is, now: () => now.at });
}

describe('services that the OCS cannot rate', () => {
  it('are counted for all processes together, told once, and stopped for all', async () => {
    const now = { at: 0 };
    const [one, other] = [process(now), process(now)];
    expect([await one.failed('news'), await other.failed('news'), await one.failed('news')]).toEqual([
      false,
      false,
      true,
    ]);
    expect(await one.failed('news')).toBe(false);
    expect(await one.stopped('news')).toBe(true);
    now.at = 1000; // what was read before is looked up again
    expect(await other.stopped('news')).toBe(true);
    expect(await other.stopped('game')).toBe(false);
  });

  it('a grant counts anew', async () => {
    const ratings = process();
    await ratings.failed('news');
    await ratings.failed('news');
    await ratings.rated('news');
    expect(await ratings.failed('news')).toBe(false);
    expect(await ratings.stopped('news')).toBe(false);
  });

  it('a pause ends, and so does a catalogue that was mended', async () => {
    const version = { is: 'v1' };
    const now = { at: 0 };
    const ratings = process(now, version);
    for (let i = 0; i < 3; i++) await ratings.failed('news');
    const [key = ''] = await bench.redis.keys('*:ratings}:*');
    expect(await bench.redis.pttl(key)).toBeGreaterThan(50_000);
    version.is = 'v2';
    now.at = 5000;
    expect(await ratings.stopped('news')).toBe(false);
  });

  it('go by what config says now: a reload changes how many failures stop one, and for how long', async () => {
    const config = { failures: 3, pause: 60_000 };
    const ratings = process(undefined, undefined, config);
    await ratings.failed('news');
    config.failures = 2;
    config.pause = 600_000;
    expect(await ratings.failed('news')).toBe(true);
    expect(await ratings.stopped('news')).toBe(true);
    expect(await bench.redis.pttl(`{${bench.handle.prefix}:ratings}:v1:news`)).toBeGreaterThan(60_000);
  });

  it('what cannot be read stops nothing', async () => {
    const ratings = process();
    bench.redis.disconnect();
    expect(await ratings.stopped('news')).toBe(false);
  });
});
