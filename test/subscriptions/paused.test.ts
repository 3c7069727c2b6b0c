import { describe, expect, it } from 'vitest';
import type { SpendCap } from '../../src/domain/spend.ts';
import { useBench, useServer } from '../redis/support.ts';
import { kes, RedisWorld } from './world.ts';

const bench = useBench(useServer());
const AMINA = '254700000001';

/** A week's service for KES 12.00 from the first of March on. */
async function world(cap?: Omit<SpendCap, 'currency'>): Promise<RedisWorld> {
  const w = await RedisWorld.over(bench.handle, '2026-03-01T09:00:00Z');
  if (cap !== undefined) w.policy = { ...w.policy, spend: [{ currency: 'KES', ...cap }] };
  w.sell('news', { period: 'week', price: kes(1200) });
  await w.mo('NEWS', { from: AMINA });
  return w;
}

async function answerTo(w: RedisWorld, text: string): Promise<string> {
  await w.says(text, AMINA);
  return w.smsc.heard.at(-1)?.text ?? '';
}

describe('who asks for a service that is paused', () => {
  it('unpaid: hears that it is, until when it is tried, and that LIST says so too', async () => {
    const w = await world();
    w.balances.set(AMINA, 0);
    await w.until('2026-03-10T09:00:00Z');
    expect(await answerTo(w, 'NEWS')).toBe(
      'Daily News is paused: KES 12.00 is unpaid. Nothing was charged now. Top up: it is tried again until 2026-03-15. To end it, send STOP NEWS to 5000.',
    );
    expect(await answerTo(w, 'LIST')).toContain('1 Daily News KES 12.00 a week (NEWS, paused: unpaid, top up).');
    expect(w.ocs.paid).toBe(1200);
  });

  it('in grace has it still', async () => {
    const w = await world();
    w.balances.set(AMINA, 0);
    await w.until('2026-03-08T12:00:00Z');
    expect(await answerTo(w, 'NEWS')).toMatch(/^You already have Daily News/);
    expect(await answerTo(w, 'LIST')).toContain('1 Daily News KES 12.00 a week (NEWS).');
  });

  it('over a spend cap: hears which cap, for no balance helps', async () => {
    const w = await world({ perMonth: 1200 });
    await w.until('2026-03-10T09:00:00Z');
    expect(await answerTo(w, 'NEWS')).toMatch(/^Daily News was not charged: .*above KES 12\.00 a month/);
    expect(await answerTo(w, 'LIST')).toContain('(NEWS, paused: spending limit).');
  });
});
