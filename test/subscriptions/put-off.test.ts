import { describe, expect, it } from 'vitest';
import { HOUR } from '../flow/world.ts';
import { useBench, useServer } from '../redis/support.ts';
import { AMINA, kes, newsWorld, RedisWorld } from './world.ts';

const bench = useBench(useServer());

/** Told as `2026-03-07 10:00 renews on 2026-03-08`, by the clock of Berlin. */
const STORY = /renews on [\d-]+|debit KES \d+\.\d\d|Next charge on [\d-]+|From [\d-]+|above KES 30\.00 a month/;

function story(w: RedisWorld, from = ''): readonly string[] {
  return w.lines.flatMap((line) => {
    const [what] = STORY.exec(line) ?? [];
    return what === undefined || line < from ? [] : [`${line.slice(0, 16)} ${what}`];
  });
}

function suspend(w: RedisWorld, suspended: boolean): void {
  const { providers } = w.catalogue;
  const changed = new Map([...providers].map(([id, one]) => [id, { ...one, suspended }]));
  w.catalogue = { ...w.catalogue, providers: changed };
}

/** Of the looks of each hour only the last two are played. */
async function suspendedUntil(w: RedisWorld, to: string): Promise<void> {
  suspend(w, true);
  w.clock.advance(Date.parse(to) - 1.5 * HOUR - w.clock.now());
  await w.until(to);
  suspend(w, false);
}

/** AMINA's weekly NEWS renews on the 8th at 10:00; its provider is suspended from one instant to another. */
async function suspendedFor(from: string, to: string): Promise<RedisWorld> {
  const w = await newsWorld(bench.handle);
  await w.until(from);
  await suspendedUntil(w, to);
  return w;
}

describe('a renewal that was put off, for its provider was suspended', () => {
  it('is told anew, charged then, and its days begin with the charge', async () => {
    const w = await suspendedFor('2026-03-07T20:00:00Z', '2026-03-14T08:30:00Z');
    await w.until('2026-03-22T12:00:00Z');
    expect(story(w, '2026-03-07')).toEqual([
      '2026-03-07 10:00 renews on 2026-03-08',
      '2026-03-14 10:00 renews on 2026-03-15',
      '2026-03-15 10:00 debit KES 12.00',
      '2026-03-15 10:00 Next charge on 2026-03-22',
      '2026-03-21 10:00 renews on 2026-03-22',
      '2026-03-22 10:00 debit KES 12.00',
      '2026-03-22 10:00 Next charge on 2026-03-29',
    ]);
  });

  it('pays for no day of the suspension, also where that ends within a period', async () => {
    const w = await suspendedFor('2026-03-07T20:00:00Z', '2026-03-10T08:30:00Z');
    await w.until('2026-03-17T12:00:00Z');
    expect(story(w, '2026-03-10')).toEqual([
      '2026-03-10 10:00 renews on 2026-03-11',
      '2026-03-11 10:00 debit KES 12.00',
      '2026-03-11 10:00 Next charge on 2026-03-18',
      '2026-03-17 10:00 renews on 2026-03-18',
    ]);
  });

  it('needs no other reminder on the day of which it was told', async () => {
    const w = await suspendedFor('2026-03-07T20:00:00Z', '2026-03-08T14:30:00Z');
    await w.until('2026-03-09T12:00:00Z');
    expect(story(w, '2026-03-07')).toEqual([
      '2026-03-07 10:00 renews on 2026-03-08',
      '2026-03-08 16:00 debit KES 12.00',
      '2026-03-08 16:00 Next charge on 2026-03-15',
    ]);
  });

  it('is not told while it would not be so, and keeps its days where the suspension ends before', async () => {
    const w = await suspendedFor('2026-03-05T00:00:00Z', '2026-03-07T20:30:00Z');
    await w.until('2026-03-14T12:00:00Z');
    expect(story(w, '2026-03-05')).toEqual([
      '2026-03-07 22:00 renews on 2026-03-08',
      '2026-03-08 22:00 debit KES 12.00',
      '2026-03-08 22:00 Next charge on 2026-03-15',
      '2026-03-14 10:00 renews on 2026-03-15',
    ]);
  });

  it('costs what was announced meanwhile, from the day that was named on', async () => {
    const w = await suspendedFor('2026-03-07T20:00:00Z', '2026-03-09T08:30:00Z');
    w.sell('news', { price: kes(1500) });
    await w.until('2026-03-17T12:00:00Z');
    expect(story(w, '2026-03-09')).toEqual([
      '2026-03-09 10:00 From 2026-03-16',
      '2026-03-09 10:00 renews on 2026-03-10',
      '2026-03-10 10:00 debit KES 12.00',
      '2026-03-10 10:00 Next charge on 2026-03-17',
      '2026-03-16 10:00 renews on 2026-03-17',
      '2026-03-17 10:00 debit KES 15.00',
      '2026-03-17 10:00 Next charge on 2026-03-24',
    ]);
  });

  it('of a service without reminders is charged once it can be, for days that begin then', async () => {
    const w = await RedisWorld.over(bench.handle, '2026-03-01T09:00:00Z');
    w.sell('news', { price: kes(200) });
    await w.mo('NEWS', { from: AMINA });
    await w.until('2026-03-02T08:00:00Z');
    await suspendedUntil(w, '2026-03-03T15:30:00Z');
    await w.until('2026-03-04T15:30:00Z');
    expect(story(w, '2026-03-02')).toEqual([
      '2026-03-03 17:00 debit KES 2.00',
      '2026-03-03 17:00 Next charge on 2026-03-04',
    ]);
  });
});

describe('a renewal that was held back by a spend cap', () => {
  it('is told before it is charged in the month that counts anew', async () => {
    const w = await newsWorld(bench.handle);
    w.policy = { ...w.policy, spend: [{ currency: 'KES', perMonth: 3000 }] };
    await w.mo('FILM', { from: AMINA });
    await w.until('2026-03-16T00:00:00Z');
    await w.mo('STOP FILM', { from: AMINA });
    await w.until('2026-04-03T00:00:00Z');
    const news = story(w, '2026-03-16').filter((line) => !line.includes('Film'));
    expect(news).toEqual([
      '2026-04-01 00:00 renews on 2026-04-02',
      '2026-04-02 00:00 debit KES 12.00',
      '2026-04-02 00:00 Next charge on 2026-04-09',
    ]);
  });
});
