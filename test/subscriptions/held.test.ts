import { describe, expect, it } from 'vitest';
import type { SpendCap } from '../../src/domain/spend.ts';
import { sweepSubscriptions } from '../../src/flow/subscription/sweep-subscriptions.ts';
import { useBench, useServer } from '../redis/support.ts';
import { AMINA, kes, RedisWorld } from './world.ts';

const bench = useBench(useServer());

/** Monthly NEWS for KES 12.00 from the 5th of January on; on the 5th of February KES 5.00 were spent before it is due. */
async function heldWorld(cap: Omit<SpendCap, 'currency'>): Promise<RedisWorld> {
  const w = await RedisWorld.over(bench.handle, '2026-01-05T09:00:00Z');
  w.sell('news', { period: 'month', price: kes(1200) });
  await w.mo('NEWS', { from: AMINA });
  w.policy = { ...w.policy, spend: [{ currency: 'KES', ...cap }] };
  await w.until('2026-02-03T09:00:00Z');
  await w.mo('GAME', { from: AMINA });
  await w.until('2026-02-05T09:01:00Z');
  return w;
}

const lastTextOf = (w: RedisWorld): string => w.smsc.heard.at(-1)?.text ?? '';

describe('a monthly renewal that a spend cap held for longer than renewals are tried', () => {
  it('is charged with a YES, and its month begins then', async () => {
    const w = await heldWorld({ promptEach: 1500 });
    expect(lastTextOf(w)).toContain('reply YES');
    await w.until('2026-02-25T09:00:00Z');
    await w.says('YES', AMINA);
    await w.until('2026-02-25T09:01:00Z');
    expect(lastTextOf(w)).toContain('is on again: KES 12.00 was charged. Next charge on 2026-03-25.');
    expect(await w.subscription(AMINA)).toMatchObject({ state: 'active', number: 2 });
  });

  it('is told and charged in the next month without one', async () => {
    const w = await heldWorld({ perMonth: 1500 });
    await w.until('2026-02-28T23:00:00Z');
    expect(lastTextOf(w)).toContain('renews on 2026-03-04 for KES 12.00');
    await w.until('2026-03-04T00:00:00Z');
    expect(lastTextOf(w)).toContain('is on again: KES 12.00 was charged. Next charge on 2026-04-04.');
  });

  it('tells once until when to top up where there is no money for it then, and by the next try goes on', async () => {
    const w = await heldWorld({ perMonth: 1500 });
    await w.until('2026-03-03T00:00:00Z');
    w.balances.set(AMINA, 0);
    await w.until('2026-03-04T12:00:00Z');
    const paused =
      'Daily News is paused: your balance stayed too low for KES 12.00. Top up by 2026-03-10 and it goes on.';
    const told = (): number => w.smsc.heard.filter(({ text }) => text.startsWith(paused)).length;
    expect([lastTextOf(w).startsWith(paused), told()]).toEqual([true, 1]);
    await w.until('2026-03-06T00:00:00Z');
    expect(told()).toBe(1);
    w.balances.set(AMINA, 1200);
    await w.until('2026-03-08T00:00:00Z');
    expect(lastTextOf(w)).toContain('is on again: KES 12.00 was charged.');
  });

  it('is under way no more once it ended without a charge: nothing tells that it is unpaid', async () => {
    const w = await heldWorld({ promptEach: 1500 });
    await w.says('YES', AMINA);
    await sweepSubscriptions(w.ports);
    expect(await w.subscription(AMINA)).toMatchObject({ renewing: expect.stringContaining('-r2') as string });
    w.suspend('acme');
    await w.until('2026-02-05T09:02:00Z');
    expect(lastTextOf(w)).toContain('was not renewed and nothing was charged');
    await w.says('LIST', AMINA);
    expect(lastTextOf(w)).toContain('(NEWS, paused: spending limit)');
    expect((await w.subscription(AMINA))?.renewing).toBeUndefined();
  });
});
