import { describe, expect, it } from 'vitest';
import type { SpendCap } from '../../src/domain/spend.ts';
import { says } from '../flow/fakes/ocs.ts';
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
      'Daily News is paused: KES 12.00 is unpaid. Nothing was charged now. Top up: it is tried again until 2026-03-14. To end it, send STOP NEWS to 5000.',
    );
    expect(await answerTo(w, 'LIST')).toContain('1 Daily News KES 12.00 a week (NEWS, paused: unpaid, top up).');
    expect(w.ocs.paid).toBe(1200);
  });

  it('unpaid though there is money: hears the same as when it was paused, and not to top up', async () => {
    const w = await world();
    await w.until('2026-03-08T08:59:00Z');
    w.ocs.plays(...Array.from({ length: 3 }, () => says(5012)));
    await w.until('2026-03-09T12:00:00Z');
    const paused = w.smsc.heard.at(-1)?.text;
    expect(paused).toContain(
      'Daily News is paused: KES 12.00 could not be charged. It is tried again until 2026-03-15.',
    );
    expect(await answerTo(w, 'NEWS')).toBe(paused);
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

describe('the day by which to top up', () => {
  /** A week's service that was ordered at 00:20, as its subscriber's clock shows it. */
  async function earlyWorld(): Promise<RedisWorld> {
    const w = await RedisWorld.over(bench.handle, '2026-02-28T23:20:00Z');
    w.sell('news', { period: 'week', price: kes(1200) });
    await w.mo('NEWS', { from: AMINA });
    w.balances.set(AMINA, 0);
    return w;
  }
  const lastTextOf = (w: RedisWorld): string => w.smsc.heard.at(-1)?.text ?? '';

  it('is one on all of which it helps: before the pause, and before the end', async () => {
    const w = await earlyWorld();
    await w.until('2026-03-08T12:00:00Z');
    expect(lastTextOf(w)).toContain('Please top up by 2026-03-08, or it is paused.');
    await w.until('2026-03-09T12:00:00Z');
    expect(lastTextOf(w)).toContain('Top up by 2026-03-14 and it goes on.');
    await w.until('2026-03-14T22:55:00Z');
    w.balances.set(AMINA, 5000);
    await w.until('2026-03-15T12:00:00Z');
    expect(lastTextOf(w)).toContain('Daily News is on again: KES 12.00 was charged.');
  });

  it('is that of the try that pauses it, where none is made when the grace is over', async () => {
    const w = await earlyWorld();
    w.settings = { ...w.settings, subscriptions: { ...w.settings.subscriptions, grace: 30 * 3_600_000 } };
    await w.until('2026-03-08T12:00:00Z');
    expect(lastTextOf(w)).toContain('Please top up by 2026-03-10, or it is paused.');
  });
});
