import { describe, expect, it } from 'vitest';
import { useBench, useServer } from '../redis/support.ts';
import { kes, RedisWorld } from './world.ts';

const bench = useBench(useServer());
const AMINA = '254700000001';
const ADDRESS = 'amina@example.org';

/** A week's service from the first of March on, ordered over email. */
async function world(): Promise<RedisWorld> {
  const w = await RedisWorld.over(bench.handle, '2026-03-01T09:00:00Z');
  w.settings = { ...w.settings, channels: ['sms', 'email'] };
  w.sell('news', { period: 'week', price: kes(1200) });
  await w.mo(`NEWS EMAIL ${ADDRESS}`, { from: AMINA });
  return w;
}

const ways = (w: RedisWorld): readonly string[] =>
  w.smsc.heard.slice(1).map(({ channel, address, text }) => `${channel} ${address ?? '-'} ${text.slice(0, 30)}`);

describe('the texts of a subscription that was ordered over email (P6)', () => {
  it('go there: reminder, receipt of a renewal, new price and pause', async () => {
    const w = await world();
    await w.until('2026-03-09T00:00:00Z');
    expect(ways(w)).toEqual([
      `email ${ADDRESS} Daily News by Acme renews on 2`,
      `email ${ADDRESS} Daily News by Acme is renewed:`,
    ]);
    w.sell('news', { period: 'week', price: kes(1500) });
    w.balances.set(AMINA, 0);
    await w.until('2026-03-17T00:00:00Z');
    expect(ways(w).slice(2)).toEqual([
      `email ${ADDRESS} From 2026-03-22, Daily News co`,
      `email ${ADDRESS} Daily News by Acme renews on 2`,
      `email ${ADDRESS} Your balance is too low to ren`,
      `email ${ADDRESS} Daily News is paused: your bal`,
    ]);
  });

  it('go on as before where an older record keeps no address', async () => {
    const w = await world();
    const key = bench.keys.subscriber(bench.keys.subscriberOf(AMINA));
    const { address, ...older } = (await w.subscription(AMINA))!;
    expect(address).toBe(ADDRESS);
    await bench.redis.hset(key, 'sub:news', JSON.stringify(older));
    await w.until('2026-03-09T00:00:00Z');
    expect(ways(w).map((way) => way.slice(0, 8))).toEqual(['email - ', 'email - ']);
  });

  it('the address goes with the number when it is erased', async () => {
    const w = await world();
    await w.says('STOP NEWS', AMINA);
    // Written down, as an erasure wants it.
    const { keys, redis } = bench;
    await redis.del(keys.outbox(keys.subscriberOf(AMINA).partition));
    const { eraser } = w.stores;
    const kept = await eraser.find(AMINA);
    await eraser.erase(AMINA, kept, new Set(), true);
    expect(JSON.stringify(await eraser.records(AMINA))).not.toContain(ADDRESS);
  });
});
