import { describe, expect, it } from 'vitest';
import { HOUR } from '../flow/world.ts';
import { useBench, useServer } from '../redis/support.ts';
import type { RedisWorld } from './world.ts';
import { AMINA, kes, newsWorld } from './world.ts';

const bench = useBench(useServer());

/** KES 12 a week until its price is KES 50: announced on the 7th of March for the period that begins on the 15th. */
async function dearer(): Promise<RedisWorld> {
  const w = await newsWorld(bench.handle);
  w.settings = { ...w.settings, say: { ...w.settings.say, first: 6 * HOUR, cap: 12 * HOUR } };
  w.sell('news', { period: 'week', price: kes(5000) });
  await w.until('2026-03-07T08:59:59Z');
  return w;
}

const said = (w: RedisWorld, words: string): readonly string[] =>
  w.smsc.heard.filter(({ text }) => text.includes(words)).map(({ text }) => text);

/** The network gives up on what it took last of these words. */
async function loses(w: RedisWorld, words: string): Promise<void> {
  await w.receipt(w.smsc.heard.findLastIndex(({ text }) => text.includes(words)) + 1, 'expired', AMINA);
}

const ANNOUNCED = 'From 2026-03-15';

describe('a higher price that nobody has read of', () => {
  it('is said again, and not charged where it never arrives; a period later it is announced anew', async () => {
    const w = await dearer();
    await w.until('2026-03-07T09:00:30Z');
    for (const times of [1, 2, 3]) {
      expect(said(w, ANNOUNCED)).toHaveLength(times);
      await loses(w, ANNOUNCED);
      await w.until(`2026-03-${String(7 + times).padStart(2, '0')}T12:00:00Z`);
    }
    await w.until('2026-03-16T00:00:00Z');
    expect([w.ocs.paid, said(w, ANNOUNCED).length]).toEqual([3600, 3]);
    await w.until('2026-03-23T00:00:00Z');
    expect([w.ocs.paid, said(w, 'From 2026-03-22').length]).toEqual([8600, 1]);
  });

  it('is not charged where no SMSC takes its announcement', async () => {
    const w = await dearer();
    w.smsc.plays({ kind: 'permanent', status: 0xb });
    await w.until('2026-03-16T00:00:00Z');
    expect([w.ocs.paid, said(w, ANNOUNCED).length]).toEqual([3600, 0]);
  });

  it('is not charged where no bind was there to say it by its day', async () => {
    const w = await dearer();
    const { speaker } = w.ports;
    const submit: typeof speaker.submit = (mt) =>
      mt.text.startsWith('From ') ? Promise.resolve({ kind: 'no-bind' }) : speaker.submit(mt);
    w.ports = { ...w.ports, speaker: { submit } };
    await w.until('2026-03-16T00:00:00Z');
    expect(w.ocs.paid).toBe(3600);
  });

  it('is charged from its day on where the SMSC took its announcement', async () => {
    const w = await dearer();
    await w.until('2026-03-16T00:00:00Z');
    expect([w.ocs.paid, said(w, ANNOUNCED).length]).toEqual([7400, 1]);
  });
});

describe('a reminder', () => {
  it('that did not arrive is said again, until the day that it names', async () => {
    const w = await newsWorld(bench.handle);
    await w.until('2026-03-07T09:00:30Z');
    await loses(w, 'renews on');
    await w.until('2026-03-07T12:00:00Z');
    expect(said(w, 'renews on')).toHaveLength(2);
    await w.until('2026-03-08T09:00:30Z');
    await loses(w, 'renews on');
    await w.until('2026-03-09T00:00:00Z');
    expect(said(w, 'renews on')).toHaveLength(2);
  });
});
