import { describe, expect, it } from 'vitest';
import type { SpendCap } from '../../src/domain/spend.ts';
import type { Subscriber, Subscribers } from '../../src/flow/ports/ports.ts';
import { tellSpending } from '../../src/flow/terms/spending.ts';
import { sweepSubscriptions } from '../../src/flow/subscription/sweep-subscriptions.ts';
import { dueMember } from '../../src/redis/keys.ts';
import { useBench, useServer } from '../redis/support.ts';
import { kes, RedisWorld } from './world.ts';

const bench = useBench(useServer());
const AMINA = '254700000001';

/** A week's service for KES 12.00 from Sunday the first of March on. */
async function world(cap: Omit<SpendCap, 'currency'>): Promise<RedisWorld> {
  const w = await RedisWorld.over(bench.handle, '2026-03-01T09:00:00Z');
  w.policy = { ...w.policy, spend: [{ currency: 'KES', ...cap }] };
  w.sell('news', { period: 'week', price: kes(1200) });
  await w.mo('NEWS', { from: AMINA });
  return w;
}

const said = (w: RedisWorld, word: RegExp): readonly string[] =>
  w.lines.filter((line) => line.includes('5000 -> ') && word.test(line)).map((line) => line.slice(0, 19));

describe('a renewal above a spend cap', () => {
  it('pauses the service, is told once, and is told anew and goes on when the month is over', async () => {
    const w = await world({ perMonth: 3000 });
    await w.until('2026-03-31T21:00:00Z');
    expect(said(w, /renewed/)).toEqual(['2026-03-08 10:00:00']);
    expect(said(w, /above KES 30.00 a month/)).toEqual(['2026-03-15 10:00:00']);
    expect(await w.subscription(AMINA)).toMatchObject({ state: 'suspended', number: 2 });
    expect(w.ocs.paid).toBe(2400);
    await w.until('2026-04-02T00:00:00Z');
    expect(said(w, /renews on 2026-04-02/)).toEqual(['2026-04-01 00:00:00']);
    expect(said(w, /is on again/)).toEqual(['2026-04-02 00:00:00']);
    expect(await w.subscription(AMINA)).toMatchObject({ state: 'active', number: 3 });
    expect(w.ocs.paid).toBe(3600);
  });

  it('can be stopped meanwhile, and then costs nothing more', async () => {
    const w = await world({ perMonth: 1200 });
    await w.until('2026-03-20T00:00:00Z');
    await w.says('STOP NEWS', AMINA);
    await w.until('2026-04-20T00:00:00Z');
    expect(await w.subscription(AMINA)).toBeUndefined();
    expect(w.ocs.paid).toBe(1200);
  });

  it('asks where the cap is a prompt, and goes on at once with a YES', async () => {
    const w = await world({ promptEach: 2000 });
    await w.until('2026-03-10T09:00:00Z');
    expect(said(w, /To allow more this month, reply YES/)).toEqual(['2026-03-08 10:00:00']);
    expect(w.ocs.paid).toBe(1200);
    await w.says('YES', AMINA);
    expect(w.smsc.heard.at(-1)?.text).toContain('charged now: 1 Daily News KES 12.00 a week (NEWS).');
    expect(said(w, /To order, send the keyword/)).toEqual([]);
    await w.until('2026-03-10T09:01:00Z');
    expect(said(w, /is on again/)).toEqual(['2026-03-10 10:00:00']);
    await w.until('2026-03-27T09:00:00Z');
    expect(w.ocs.paid).toBe(4800);
  });

  it('asks anew in the next month, and takes no YES to the month before for an answer', async () => {
    const w = await world({ perMonth: 9000 });
    w.policy = { ...w.policy, spend: [{ currency: 'KES', promptEach: 1000 }] };
    await w.until('2026-04-03T09:00:00Z');
    expect(said(w, /To allow more this month, reply YES/)).toEqual(['2026-03-08 10:00:00', '2026-04-01 00:00:00']);
    await w.says('YES', AMINA);
    await w.until('2026-04-03T09:01:00Z');
    expect(said(w, /is on again/)).toEqual(['2026-04-03 11:00:00']);
  });

  it('is told of a cap once in a month, and of another one then', async () => {
    const w = await world({ perMonth: 9000 });
    w.policy = { ...w.policy, spend: [{ currency: 'KES', perDay: 1000 }] };
    await w.until('2026-03-10T09:00:00Z');
    expect(said(w, /above KES 10.00 a day/)).toEqual(['2026-03-08 10:00:00']);
    w.policy = { ...w.policy, spend: [{ currency: 'KES', perMonth: 2000 }] };
    await w.until('2026-03-12T09:00:00Z');
    expect(said(w, /above KES 20.00 a month/)).toEqual(['2026-03-11 00:00:00']);
  });

  it('has asked nothing where it could not owe the question', async () => {
    const w = await world({ promptEach: 2000 });
    await w.until('2026-03-08T08:59:00Z');
    const { ports } = w;
    const moved = () => Promise.resolve({ kind: 'moved' } as const);
    w.ports = { ...ports, subscriptions: { ...ports.subscriptions, keep: moved } };
    await w.until('2026-03-08T09:00:00Z');
    expect((await w.stores.subscribers.read(AMINA)).spent?.get('KES')?.asked).toBeUndefined();
  });

  it('goes on after a YES of which the store took one step and no more', async () => {
    const w = await world({ promptEach: 2000 });
    await w.until('2026-03-10T09:00:00Z');
    const { ports } = w;
    const away = () => Promise.reject(new Error('the store is away'));
    w.ports = { ...ports, subscriptions: { ...ports.subscriptions, keep: away } };
    await w.says('YES', AMINA).catch(() => undefined);
    w.ports = ports;
    await w.until('2026-03-10T09:01:00Z');
    expect(said(w, /charged now/)).toEqual(['2026-03-10 10:00:00']);
    expect(said(w, /is on again/)).toEqual(['2026-03-10 10:00:00']);
  });

  it('goes on after a YES that came between what a sweep read and what it stored', async () => {
    const w = await world({ promptEach: 2000 });
    await w.until('2026-03-10T09:00:00Z');
    const at = bench.keys.subscriberOf(AMINA);
    await bench.redis.zadd(bench.keys.due(at.partition), 'XX', 0, dueMember(at, 'news'));
    const { subscribers } = w.ports;
    const read = async (msisdn: string): Promise<Subscriber> => {
      const before = await subscribers.read(msisdn);
      await w.says('YES', AMINA);
      return before;
    };
    await sweepSubscriptions({ ...w.ports, subscribers: { ...subscribers, read } });
    await w.until('2026-03-10T09:01:00Z');
    expect(said(w, /is on again/)).toEqual(['2026-03-10 10:00:00']);
  });

  it('goes on after a YES that had read it before a sweep held it back', async () => {
    const w = await world({ promptEach: 2000 });
    await w.until('2026-03-10T09:00:00Z');
    const { subscribers, subscriptions } = w.ports;
    const remember: Subscribers['remember'] = async (...step) => {
      const was = await w.subscription(AMINA);
      if (was === undefined) throw new Error('there is no subscription');
      const subscription = { ...was, rev: was.rev + 1 };
      const kept = { was, subscription, cause: 'withdrawn', owe: undefined, now: 1, leaseFor: 1 } as const;
      expect(await subscriptions.keep(kept)).toMatchObject({ kind: 'kept' });
      return subscribers.remember(...step);
    };
    w.ports = { ...w.ports, subscribers: { ...subscribers, remember } };
    await w.says('YES', AMINA);
    await w.until('2026-03-10T09:01:00Z');
    expect(said(w, /is on again/)).toEqual(['2026-03-10 10:00:00']);
  });

  it('names what a YES charges at once, and nothing where another cap holds it still', async () => {
    const w = await world({ promptEach: 2000 });
    await w.until('2026-03-08T10:00:00Z');
    w.policy = { ...w.policy, spend: [{ currency: 'KES', promptEach: 2000, perDay: 1000 }] };
    await w.says('YES', AMINA);
    expect(w.smsc.heard.at(-1)?.text).toContain(
      'you may spend more on services this month. To order, send the keyword',
    );
    await w.until('2026-03-08T11:00:00Z');
    expect(w.ocs.paid).toBe(1200);
  });

  it('waits where an order has asked since, and goes on after a YES to the question that its keyword brings again', async () => {
    const w = await world({ promptEach: 2000 });
    await w.until('2026-03-10T09:00:00Z');
    w.credit('acme', 50);
    for (const text of ['JOKE', 'YES', 'YES']) await w.says(text, AMINA);
    await w.until('2026-03-10T10:00:00Z');
    expect(said(w, /not the right answer/)).toEqual(['2026-03-10 10:00:00']);
    expect(w.ocs.paid).toBe(1200);
    for (const text of ['NEWS', 'YES']) await w.says(text, AMINA);
    await w.until('2026-03-10T10:01:00Z');
    expect(said(w, /To allow more this month, reply YES/)).toEqual(['2026-03-08 10:00:00', '2026-03-10 11:00:00']);
    expect(said(w, /charged now/)).toEqual(['2026-03-10 11:00:00']);
    expect(w.ocs.paid).toBe(2400);
  });

  it('does not count while it waits for money, and counts once it is paid', async () => {
    const w = await world({ perMonth: 3000 });
    w.balances.set(AMINA, 0);
    await w.until('2026-03-09T00:00:00Z');
    const spent = async () => (await w.stores.subscribers.read(AMINA)).spent?.get('KES')?.month?.minor;
    expect(await spent()).toBe(1200);
    w.balances.set(AMINA, 5000);
    await w.until('2026-03-10T00:00:00Z');
    expect(await spent()).toBe(2400);
  });

  it('is not charged by a later try either, when what was ordered meanwhile has used the cap up', async () => {
    const w = await world({ perMonth: 3000 });
    w.sell('film', { charge: 'event', price: kes(1800) });
    w.balances.set(AMINA, 0);
    await w.until('2026-03-08T12:00:00Z');
    w.balances.set(AMINA, 5000);
    await w.mo('FILM', { from: AMINA });
    await w.until('2026-03-31T20:00:00Z');
    expect(w.ocs.paid).toBe(3000);
  });
});

describe('the sum of a month', () => {
  it('is told by the order that made it pass what is asked about, once or once more, and by no other', async () => {
    const w = await world({ promptEach: 2000 });
    await w.until('2026-03-08T09:00:00Z');
    await w.says('YES', AMINA);
    await w.until('2026-03-23T09:00:00Z');
    const orders = [...(await w.stores.index.ofSubscriber(AMINA, 50))].reverse();
    for (const order of [...orders, ...orders]) await tellSpending(w.ports, order);
    expect(orders.map(({ spent }) => spent)).toEqual([1200, 2400, 3600, 4800]);
    const told = w.lines.flatMap((line) => /You have spent \S+ \S+/.exec(line) ?? []);
    expect(told).toEqual(['You have spent KES 24.00', 'You have spent KES 48.00']);
  });
});
