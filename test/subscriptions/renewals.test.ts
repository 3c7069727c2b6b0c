import { describe, expect, it } from 'vitest';
import type { ChargeAnswer } from '../../src/domain/charge.ts';
import type { OrderState } from '../../src/domain/order.ts';
import { resumeOrder } from '../../src/flow/go-on.ts';
import { recordLate } from '../../src/flow/charge/record-charge.ts';
import { sweep } from '../../src/flow/sweep.ts';
import { sweepSubscriptions } from '../../src/flow/subscription/sweep-subscriptions.ts';
import { answer, closesFirst, isSilent, meanwhile, says } from '../flow/fakes/ocs.ts';
import { useBench, useServer } from '../redis/support.ts';
import { AMINA, kes, newsWorld, RedisWorld } from './world.ts';

const server = useServer();
const bench = useBench(server);

const world = (): Promise<RedisWorld> => newsWorld(bench.handle);

const orderOf = async (w: RedisWorld, number: number) => {
  const { orders } = w.stores;
  const [first] = (await w.stores.index.ofSubscriber(AMINA, 50)).filter(({ frozen }) => frozen.renewal === undefined);
  return orders.load(`${first?.frozen.id ?? ''}-r${number}`);
};

const paidFor = (w: RedisWorld): number => [...w.ocs.ledger.values()].filter((minor) => minor > 0).length;

/** To the renewal, not beyond: the sweep has not come yet. */
async function toDue(w: RedisWorld): Promise<void> {
  await w.until('2026-03-08T08:59:59Z');
  w.clock.advance(1000);
}

describe('one debit per period', () => {
  it('when two processes sweep at once', async () => {
    const w = await world();
    await toDue(w);
    const other = await w.second();
    const found = await Promise.all([w.ports, other, w.ports, other].map((ports) => sweepSubscriptions(ports)));
    expect(found.reduce((sum, count) => sum + count, 0)).toBe(1);
    await w.until('2026-03-14T00:00:00Z');
    expect(paidFor(w)).toBe(2);
  });

  it('when both have read the subscription before either opened its order', async () => {
    const w = await world();
    await toDue(w);
    const was = (await w.subscription(AMINA))!;
    const twice = {
      ...w.ports,
      subscriptions: { ...w.ports.subscriptions, claimDue: (n: number) => Promise.resolve(n === 0 ? [was] : []) },
    };
    await Promise.all([sweepSubscriptions(twice), sweepSubscriptions(twice)]);
    await w.until('2026-03-14T00:00:00Z');
    expect(w.noted('subscription.renewing')).toHaveLength(1);
    expect(paidFor(w)).toBe(2);
  });

  it('when the sweeper is killed after it claimed', async () => {
    const w = await world();
    await toDue(w);
    const dead = {
      ...w.ports,
      subscriptions: { ...w.ports.subscriptions, renew: () => Promise.reject(new Error('killed')) },
    };
    await expect(sweepSubscriptions(dead)).rejects.toThrow('killed');
    expect(paidFor(w)).toBe(1);
    await w.until('2026-03-14T00:00:00Z');
    expect(paidFor(w)).toBe(2);
  });

  it('when the process is killed between the debit and its record', async () => {
    const w = await world();
    await toDue(w);
    await sweepSubscriptions(w.ports);
    const id = (await orderOf(w, 2))?.frozen.id ?? '';
    const orders = { ...w.ports.orders, record: () => Promise.reject(new Error('killed')) };
    await expect(resumeOrder({ ...w.ports, orders }, id)).rejects.toThrow('killed');
    expect(paidFor(w)).toBe(2);
    await w.until('2026-03-14T00:00:00Z');
    expect(await orderOf(w, 2)).toMatchObject({ state: 'placed' });
    expect(paidFor(w)).toBe(2);
    expect(w.ocs.received.filter(({ retransmit }) => retransmit)).toHaveLength(1);
  });

  it('but for one that the OCS took after it had denied it: alarmed, for the next try is another charge', async () => {
    const w = await world();
    await toDue(w);
    const deniedLate = async (): Promise<void> => {
      const { frozen, charge } = (await orderOf(w, 2))!;
      const given = { orderId: frozen.id, sessionId: charge!.sessionId, action: 'debit' } as const;
      await recordLate(w.ports, { ...given, answer: answer(4012) });
    };
    w.ocs.plays(isSilent('booked'), meanwhile(deniedLate));
    await w.until('2026-03-08T10:00:00Z');
    expect(await orderOf(w, 2)).toMatchObject({ state: 'confirmed', charge: undefined });
    expect(w.noted('charge.orphan')).toMatchObject([{ state: 'confirmed', result: 2001 }]);
  });

  it('nor is one that comes once the next try has paid: alarmed', async () => {
    const w = await world();
    w.ocs.plays(says(4012));
    await w.until('2026-03-08T10:00:00Z');
    const { sessionId } = w.ocs.received.at(-1)!.identity;
    await w.until('2026-03-12T00:00:00Z');
    const { frozen, state } = (await orderOf(w, 2))!;
    expect(state).toBe('placed');
    await recordLate(w.ports, { orderId: frozen.id, sessionId, action: 'debit', answer: answer(2001) });
    expect(w.noted('charge.orphan')).toMatchObject([{ state: 'placed', result: 2001 }]);
  });

  it('when the OCS stayed silent until the next period: that one comes after it', async () => {
    const w = await world();
    w.ocs.plays(...Array.from({ length: 400 }, () => isSilent('booked')));
    await w.until('2026-03-09T08:00:00Z');
    expect(await orderOf(w, 2)).toMatchObject({ state: 'charge-unknown' });
    w.ocs.forget();
    await w.until('2026-03-16T00:00:00Z');
    expect([paidFor(w), (await orderOf(w, 2))?.state, (await orderOf(w, 3))?.state]).toEqual([3, 'placed', 'placed']);
  });

  it('and none for the weeks in which nobody was there', async () => {
    const w = await world();
    w.clock.advance(30 * 86_400_000);
    await w.until('2026-04-01T08:00:00Z');
    expect(paidFor(w)).toBe(1);
    await w.until('2026-04-02T00:00:00Z');
    expect(paidFor(w)).toBe(2);
    expect(await w.subscription(AMINA)).toMatchObject({ number: 2, dueAt: Date.parse('2026-04-05T08:00:00Z') });
  });
});

describe('what was told before a charge', () => {
  const texts = (w: RedisWorld) => w.smsc.heard.map(({ text }) => text);
  const charged = (w: RedisWorld) => [...w.ocs.ledger.values()].filter((minor) => minor > 0);

  it('comes a day before it after an outage too, with the day on which it will be', async () => {
    const w = await world();
    w.clock.advance(7 * 86_400_000 + 3_600_000);
    await w.until('2026-03-08T12:00:00Z');
    expect([texts(w).at(-1), paidFor(w)]).toEqual([expect.stringContaining('2026-03-09'), 1]);
    await w.until('2026-03-09T12:00:00Z');
    expect(paidFor(w)).toBe(2);
    expect(await w.subscription(AMINA)).toMatchObject({ dueAt: Date.parse('2026-03-15T09:00:00Z') });
  });

  it.each([
    ['back to the old one', 1200],
    ['to one between', 1000],
  ])('is the lower price that was announced, though it moves %s before the day', async (_, later) => {
    const w = await world();
    w.sell('news', { price: kes(800) });
    await w.until('2026-03-07T12:00:00Z');
    expect(texts(w).at(-1)).toContain('costs KES 8.00');
    w.sell('news', { price: kes(later) });
    await w.until('2026-03-09T00:00:00Z');
    expect(charged(w)).toEqual([1200, 800]);
    await w.until('2026-03-23T00:00:00Z');
    expect(charged(w)).toEqual([1200, 800, later, later]);
  });
});

describe('a day on which everybody is reminded', () => {
  it('holds no sweep up: what must be looked at again comes first, and texts are left to jobs of their route', async () => {
    const w = await world();
    w.clock.advance(6 * 86_400_000);
    const looks: string[] = [];
    const { wake, subscriptions } = w.ports;
    await sweep({
      ...w.ports,
      wake: { claimDue: (...of) => (looks.push('wake'), wake.claimDue(...of)) },
      subscriptions: { ...subscriptions, claimDue: (...of) => (looks.push('due'), subscriptions.claimDue(...of)) },
    });
    expect(looks.lastIndexOf('wake')).toBeLessThan(looks.indexOf('due'));
    expect(w.smsc.heard).toHaveLength(1);
    expect(w.jobs).toMatchObject([{ kind: 'mt', route: '5000' }]);
    await w.work();
    expect(w.smsc.heard.at(-1)?.text).toContain('2026-03-08');
    expect(w.jobs).toEqual([]);
  });
});

describe('a pause by a denial that no money mends', () => {
  it('is told with how long it is tried again and how to stop, and is charged within that time', async () => {
    const w = await world();
    w.ocs.plays(...Array.from({ length: 3 }, () => says(5031)));
    await w.until('2026-03-10T00:00:00Z');
    expect(await w.subscription(AMINA)).toMatchObject({ state: 'suspended' });
    expect(w.smsc.heard.at(-1)?.text).toBe(
      'Daily News is paused: KES 12.00 could not be charged. It is tried again until 2026-03-15. To stop it, send STOP NEWS to 5000.',
    );
    await w.until('2026-03-12T00:00:00Z');
    expect(w.smsc.heard.at(-1)?.text).toContain('Daily News is on again: KES 12.00 was charged.');
    expect(paidFor(w)).toBe(2);
  });
});

describe('a renewal that is reserved, and denied under a command that succeeded', () => {
  const opened = (code: number) => (): ChargeAnswer => ({ ...answer(code), opened: true });

  it.each<[string, () => ChargeAnswer, OrderState]>([
    ['4012', opened(4012), 'confirmed'],
    ['a grant of nothing', () => answer(2001, 0), 'confirmed'],
    ['4010', opened(4010), 'uncharged'],
    ['5030', opened(5030), 'uncharged'],
  ])('%s: its session is ended, whether it is tried again or not (RFC 8506 7)', async (_what, act, state) => {
    const w = await RedisWorld.over(bench.handle, '2026-03-01T09:00:00Z');
    await w.mo('FILM', { from: AMINA });
    w.ocs.plays(act);
    await w.until('2026-03-08T10:00:00Z');
    const [, , reserve, release] = w.ocs.received;
    expect(w.ocs.received.map(({ action }) => action)).toEqual(['reserve', 'commit', 'reserve', 'release']);
    expect(release?.identity).toMatchObject({ sessionId: reserve?.identity.sessionId, requestNumber: 1 });
    expect(await orderOf(w, 2)).toMatchObject({ state });
  });
});

describe('the last try of a renewal that was denied', () => {
  it('ends the subscription also where an outage made it too late to be made', async () => {
    const w = await world();
    w.balances.set(AMINA, 0);
    await w.until('2026-03-14T00:00:00Z');
    w.clock.advance(2 * 86_400_000);
    await w.until('2026-03-31T00:00:00Z');
    expect(await orderOf(w, 2)).toMatchObject({ state: 'uncharged' });
    expect(await w.subscription(AMINA)).toBeUndefined();
    expect(w.smsc.heard.at(-1)?.text).toMatch(/^Daily News has ended/);
    expect(await orderOf(w, 3)).toBeUndefined();
  });
});

describe('a look that is put off while a renewal is not settled', () => {
  it('does not overwrite what the renewal left when it was settled', async () => {
    const w = await world();
    await toDue(w);
    w.ocs.plays(isSilent('booked'));
    await sweepSubscriptions(w.ports);
    await resumeOrder(w.ports, (await orderOf(w, 2))?.frozen.id ?? '');
    const was = (await w.subscription(AMINA))!;
    const claimed = { ...w.ports.subscriptions, claimDue: (n: number) => Promise.resolve(n === 0 ? [was] : []) };
    await sweepSubscriptions({ ...w.ports, subscriptions: claimed });
    const late = (await w.subscription(AMINA))!;
    await w.until('2026-03-09T00:00:00Z');
    expect((await orderOf(w, 2))?.state).toBe('placed');
    const end = {
      was: late,
      subscription: undefined,
      cause: 'withdrawn',
      owe: undefined,
      now: 0,
      leaseFor: 1,
    } as const;
    expect(await w.ports.subscriptions.keep(end)).toEqual({ kind: 'moved' });
  });
});

/** A STOP meets the renewal in each state that it can be in (E14). */
describe('STOP', () => {
  it.each<readonly [string, OrderState, number, readonly string[]]>([
    ['while it is charged', 'refunded', 0, ['STOP received', 'was paid back']],
    ['while the answer is unknown', 'refunded', 0, ['STOP received', 'was paid back']],
    ['and the charge is denied', 'uncharged', 0, ['STOP received', 'was not renewed and nothing was charged']],
    ['and nothing was sent', 'cancelled', 0, ['STOP received', 'was not renewed and nothing was charged']],
  ])('%s: %s', async (when, state, paid, told) => {
    const w = await world();
    const stop = (): Promise<unknown> => w.mo('STOP NEWS', { from: AMINA });
    const acts = {
      'while it is charged': [meanwhile(stop)],
      'while the answer is unknown': [meanwhile(stop, isSilent('booked'))],
      'and the charge is denied': [meanwhile(stop, says(4012))],
      'and nothing was sent': [meanwhile(stop, closesFirst())],
    } as const;
    await toDue(w);
    w.ocs.plays(...acts[when as keyof typeof acts]);
    await w.until('2026-03-25T00:00:00Z');
    expect((await orderOf(w, 2))?.state).toBe(state);
    expect(w.ocs.paid).toBe(1200 + paid);
    expect(await w.subscription(AMINA)).toBeUndefined();
    const texts = w.smsc.heard.map(({ text }) => text);
    for (const words of told) expect(texts.filter((text) => text.includes(words))).toHaveLength(1);
    expect(await orderOf(w, 3)).toBeUndefined();
  });

  it('in the grace cancels the renewal, and in the pause too: nothing is tried again', async () => {
    for (const until of ['2026-03-08T12:00:00Z', '2026-03-10T00:00:00Z']) {
      const w = await world();
      w.balances.set(AMINA, 0);
      await w.until(until);
      const before = w.ocs.received.length;
      await w.mo('STOP', { from: AMINA });
      w.balances.set(AMINA, 100_000);
      await w.until('2026-03-31T00:00:00Z');
      expect(await orderOf(w, 2)).toMatchObject({ state: 'cancelled' });
      expect(w.ocs.received).toHaveLength(before);
      await bench.redis.flushdb();
    }
  });

  it('reaches a renewal that was opened after its record was read', async () => {
    const w = await world();
    await toDue(w);
    const early = {
      ...w.ports.subscribers,
      readSender: async (msisdn: string) => {
        const before = await w.stores.subscribers.readSender(msisdn);
        await sweepSubscriptions(w.ports);
        return before;
      },
    };
    const ports = w.ports;
    w.ports = { ...ports, subscribers: early };
    await w.mo('STOP NEWS', { from: AMINA });
    w.ports = ports;
    await w.until('2026-03-31T00:00:00Z');
    expect(await orderOf(w, 2)).toMatchObject({ state: 'cancelled' });
    expect([paidFor(w), await w.subscription(AMINA)]).toEqual([1, undefined]);
  });

  it('before the renewal leaves nothing that is due', async () => {
    const w = await world();
    await w.mo('STOP ALL', { from: AMINA });
    await w.until('2026-04-30T00:00:00Z');
    expect(paidFor(w)).toBe(1);
    expect(w.smsc.heard.at(-1)?.text).toContain('Everything is stopped: Daily News');
  });

  it('by the numbers that LIST shows, also as bare numbers', async () => {
    const w = await world();
    w.sell('film', { charge: 'event' });
    await w.mo('FILM', { from: AMINA });
    await w.mo('STARS', { from: AMINA });
    await w.mo('LIST', { from: AMINA });
    expect(w.smsc.heard.at(-1)?.text).toContain('1 Daily News KES 12.00 a week (NEWS), 2 Film Club');
    await w.mo('STOP 2', { from: AMINA });
    expect(w.smsc.heard.at(-1)?.text).toContain('Stopped: Film Club.');
    await w.mo('1,3', { from: AMINA });
    expect(w.smsc.heard.at(-1)?.text).toContain('Stopped: Horoscope, Daily News.');
    await w.mo('2', { from: AMINA });
    expect(w.smsc.heard.at(-1)?.text).toContain('You have no service on 5000');
  });

  it('not by a number that LIST never showed: that is no STOP, and hears what there is', async () => {
    const w = await world();
    await w.mo('7', { from: AMINA });
    expect(w.smsc.heard.at(-1)?.text).toContain('You have 1 Daily News');
    expect(await w.subscription(AMINA)).toMatchObject({ state: 'active' });
  });
});

describe('a refund that somebody asks for', () => {
  it('goes through the OCS once, is told, and the subscription goes on', async () => {
    const { askRefund } = await import('../../src/flow/charge/ask-refund.ts');
    const w = await world();
    await w.until('2026-03-08T12:00:00Z');
    const id = (await orderOf(w, 2))?.frozen.id ?? '';
    const word = { who: 'noc-1', why: 'the service was down' };
    expect(await askRefund(w.ports, id, word)).toEqual({ kind: 'asked' });
    expect(await askRefund(w.ports, id, word)).toMatchObject({ kind: 'not-paid' });
    await w.until('2026-03-09T00:00:00Z');
    expect(await orderOf(w, 2)).toMatchObject({ state: 'refunded' });
    expect(w.ocs.paid).toBe(1200);
    expect(w.smsc.heard.at(-1)?.text).toBe('KES 12.00 for Daily News was paid back to you.');
    expect(await w.subscription(AMINA)).toMatchObject({ state: 'active', number: 2 });
    expect(await askRefund(w.ports, 'nobody', word)).toEqual({ kind: 'unknown' });
  });
});
