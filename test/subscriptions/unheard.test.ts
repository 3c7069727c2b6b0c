import { describe, expect, it } from 'vitest';
import { sweepSubscriptions } from '../../src/flow/subscription/sweep-subscriptions.ts';
import { isSilent, meanwhile } from '../flow/fakes/ocs.ts';
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

describe('a higher price whose last announcement is lost while a renewal is under way', () => {
  /** Until the evening of the 8th: said three times, and lost twice. The renewal of that day is not paid. */
  async function lostTwice(begins: (w: RedisWorld) => void): Promise<RedisWorld> {
    const w = await dearer();
    await w.until('2026-03-07T09:00:30Z');
    await loses(w, ANNOUNCED);
    await w.until('2026-03-08T08:00:00Z');
    await loses(w, ANNOUNCED);
    begins(w);
    await w.until('2026-03-08T20:30:00Z');
    expect(said(w, ANNOUNCED)).toHaveLength(3);
    expect((await w.subscription(AMINA))?.renewing).toContain('-r2');
    return w;
  }
  const empty = (w: RedisWorld) => void w.balances.set(AMINA, 0);
  const topsUp = (w: RedisWorld) => void w.balances.set(AMINA, 100_000);

  it.each<readonly [string, (w: RedisWorld) => void, (w: RedisWorld) => Promise<void>]>([
    [
      'waits for money',
      empty,
      async (w) => {
        await loses(w, ANNOUNCED);
        topsUp(w);
      },
    ],
    [
      'is not answered',
      (w) => w.ocs.plays(...Array.from({ length: 400 }, () => isSilent())),
      async (w) => {
        await loses(w, ANNOUNCED);
        w.ocs.forget();
      },
    ],
    [
      'is being charged',
      empty,
      async (w) => {
        topsUp(w);
        w.ocs.plays(meanwhile(() => loses(w, ANNOUNCED)));
        await w.until('2026-03-09T09:00:30Z');
      },
    ],
  ])('where that %s, is not charged for the next period, but announced anew', async (_, begins, goesOn) => {
    const w = await lostTwice(begins);
    await goesOn(w);
    expect((await w.subscription(AMINA))?.next).toMatchObject({ unheard: 1 });
    await w.until('2026-03-14T00:00:00Z');
    expect(await w.subscription(AMINA)).toMatchObject({ state: 'active', next: { unheard: 1 } });
    await w.until('2026-03-16T00:00:00Z');
    expect([w.ocs.paid, said(w, 'From 2026-03-22').length]).toEqual([3600, 1]);
    await w.until('2026-03-23T00:00:00Z');
    expect([w.ocs.paid, said(w, 'From 2026-03-22').length]).toEqual([8600, 1]);
  });

  it('where that is denied again, is not charged after the pause', async () => {
    const w = await lostTwice(empty);
    await loses(w, ANNOUNCED);
    await w.until('2026-03-09T09:00:30Z');
    expect(await w.subscription(AMINA)).toMatchObject({ state: 'suspended', next: { unheard: 1 } });
    topsUp(w);
    await w.until('2026-03-19T00:00:00Z');
    expect([w.ocs.paid, said(w, 'From 2026-03-25').length]).toEqual([3600, 1]);
  });

  it('is charged from its day on where it was not lost', async () => {
    const w = await lostTwice(empty);
    topsUp(w);
    await w.until('2026-03-16T00:00:00Z');
    expect([w.ocs.paid, said(w, 'From 2026-03-22').length]).toEqual([7400, 0]);
  });

  it('stays unheard where a sweep puts the subscription off that has read it before', async () => {
    const w = await lostTwice(empty);
    const was = (await w.subscription(AMINA))!;
    await loses(w, ANNOUNCED);
    const claimed = { ...w.ports.subscriptions, claimDue: (n: number) => Promise.resolve(n === 0 ? [was] : []) };
    await sweepSubscriptions({ ...w.ports, subscriptions: claimed });
    const put = await w.subscription(AMINA);
    expect(put).toMatchObject({ lookAt: w.clock.now() + HOUR, next: { unheard: 1 } });
  });

  it('lets no sweep that has read it since put back what the renewal has left', async () => {
    const w = await lostTwice(empty);
    await loses(w, ANNOUNCED);
    topsUp(w);
    const was = (await w.subscription(AMINA))!;
    const load = async (id: string) => {
      const order = await w.stores.orders.load(id);
      await w.until('2026-03-09T09:00:30Z');
      return order;
    };
    const subscriptions = { ...w.ports.subscriptions, claimDue: (n: number) => Promise.resolve(n === 0 ? [was] : []) };
    await sweepSubscriptions({ ...w.ports, subscriptions, orders: { ...w.ports.orders, load } });
    const left = await w.subscription(AMINA);
    expect([left?.state, left?.renewing, left?.next?.unheard]).toEqual(['active', undefined, 1]);
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
