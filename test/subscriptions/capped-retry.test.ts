import { describe, expect, it } from 'vitest';
import type { SpendCap } from '../../src/domain/spend.ts';
import { HOUR } from '../flow/world.ts';
import { useBench, useServer } from '../redis/support.ts';
import { AMINA, kes, RedisWorld } from './world.ts';

const bench = useBench(useServer());

/**
 * Weekly NEWS for KES 12.00, due on the 29th of March at 10:00 without money for it; then there is money, and FILM takes what may
 * still be spent in March.
 */
async function world(cap: Omit<SpendCap, 'currency'>, film: number): Promise<RedisWorld> {
  const w = await RedisWorld.over(bench.handle, '2026-03-22T09:00:00Z');
  w.settings = { ...w.settings, settle: { ...w.settings.settle, first: HOUR, cap: 6 * HOUR } };
  w.policy = { ...w.policy, spend: [{ currency: 'KES', ...cap }] };
  w.sell('news', { period: 'week', price: kes(1200) });
  w.sell('game', { price: kes(film) });
  await w.mo('NEWS', { from: AMINA });
  w.balances.set(AMINA, 0);
  await w.until('2026-03-29T10:00:00Z');
  w.balances.set(AMINA, 50_000);
  await w.mo('GAME', { from: AMINA });
  return w;
}

const told = (w: RedisWorld, word: RegExp): readonly string[] =>
  w.lines.filter((line) => line.includes('5000 -> ') && word.test(line)).map((line) => line.slice(0, 10));

const spentOf = async (w: RedisWorld) => (await w.stores.subscribers.read(AMINA)).spent?.get('KES')?.month;

describe('a renewal that could not be paid and meets a spend cap at its next try', () => {
  it('tells so once, and is charged in the month that counts anew', async () => {
    const w = await world({ perMonth: 3000 }, 1800);
    await w.until('2026-03-31T21:59:00Z');
    expect(told(w, /above KES 30\.00 a month/)).toEqual(['2026-03-29']);
    expect(w.ocs.paid).toBe(3000);
    await w.until('2026-04-01T12:00:00Z');
    expect(told(w, /is on again: KES 12\.00|is renewed: KES 12\.00/)).toEqual(['2026-04-01']);
    expect([w.ocs.paid, await spentOf(w)]).toEqual([4200, { of: '2026-04', minor: 1200 }]);
  });

  it('asks, and goes on with a YES', async () => {
    const w = await world({ promptEach: 2000 }, 700);
    await w.until('2026-03-29T16:00:00Z');
    expect(told(w, /reply YES/)).toEqual(['2026-03-29']);
    await w.says('YES', AMINA);
    await w.until('2026-03-30T12:00:00Z');
    expect([w.ocs.paid, told(w, /KES 12\.00 was charged/).length]).toEqual([3100, 1]);
  });

  it('asks no more than it says: a question that nobody heard again is no newer than an order that asks since', async () => {
    const w = await world({ promptEach: 2500 }, 700);
    w.settings = { ...w.settings, settle: { ...w.settings.settle, first: HOUR / 4, cap: HOUR / 4 } };
    w.sell('tone', { price: kes(50) });
    await w.until('2026-03-29T17:00:00Z');
    expect(told(w, /reply YES/)).toEqual(['2026-03-29']);
    // Redis keeps a text for a day or three; the renewal is tried for longer.
    await bench.redis.del(await bench.redis.keys('*:mt:*'));
    w.credit('fun', 50);
    await w.mo('TONE', { from: AMINA });
    await w.until('2026-03-29T17:40:00Z');
    await w.says('YES', AMINA);
    await w.until('2026-03-29T19:00:00Z');
    expect([told(w, /Ring Tone by Fun Ltd is ordered/).length, w.ocs.paid]).toEqual([1, 1950]);
  });

  it('counts by no cap where none is left', async () => {
    const w = await world({ perMonth: 3000 }, 1800);
    w.policy = { ...w.policy, spend: [] };
    await w.until('2026-03-29T16:00:00Z');
    expect([w.ocs.paid, await spentOf(w)]).toEqual([4200, { of: '2026-03', minor: 3000 }]);
  });

  it('does not end as unpaid, for it was the cap that held it', async () => {
    const w = await world({ perMonth: 3000 }, 1800);
    await w.until('2026-03-29T16:00:00Z');
    w.policy = { ...w.policy, spend: [{ currency: 'KES', perMonth: 1000 }] };
    w.clock.advance(6 * 24 * HOUR);
    await w.until('2026-04-05T22:00:00Z');
    expect(told(w, /was not renewed and nothing was charged/)).toHaveLength(1);
    expect(told(w, /has ended/)).toEqual([]);
    const left = await w.subscription(AMINA);
    expect([left?.state, left?.renewing]).toEqual(['suspended', undefined]);
  });
});
