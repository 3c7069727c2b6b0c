import { describe, expect, it } from 'vitest';
import type { Ports, Provided } from '../../src/flow/ports/ports.ts';
import type { Act } from '../flow/fakes/ocs.ts';
import { answer, closesFirst, grants, isSilent, meanwhile, says } from '../flow/fakes/ocs.ts';
import { tellingId, tellProvider } from '../../src/flow/charge/provide.ts';
import { recordLate } from '../../src/flow/charge/record-charge.ts';
import { sweepSubscriptions } from '../../src/flow/subscription/sweep-subscriptions.ts';
import { resolveOrder } from '../../src/flow/charge/resolve-order.ts';
import { HOUR } from '../flow/world.ts';
import { useBench, useServer } from '../redis/support.ts';
import { AMINA, newsWorld, RedisWorld } from './world.ts';

const bench = useBench(useServer());

const world = (): Promise<RedisWorld> => newsWorld(bench.handle);

const renewalOf = async (w: RedisWorld, serviceId = 'news') =>
  (await w.stores.index.ofSubscriber(AMINA, 50)).find(
    ({ frozen }) => frozen.renewal === 2 && frozen.serviceId === serviceId,
  );
const texts = (w: RedisWorld) => w.smsc.heard.map(({ text }) => text);

describe('a bare STOP with several subscriptions while one renews', () => {
  async function withTone(): Promise<RedisWorld> {
    const w = await world();
    w.sell('tone', { period: 'month' });
    await w.mo('TONE', { from: AMINA });
    return w;
  }

  it.each<readonly [string, Act, string]>([
    ['whose charge is unknown', isSilent('booked'), 'charge-unknown'],
    ['that is tried again', says(4012), 'confirmed'],
  ])('asks which, and leaves a renewal %s as it is', async (_, act, state) => {
    const w = await withTone();
    await w.until('2026-03-08T08:59:59Z');
    w.ocs.plays(act);
    await w.until('2026-03-08T09:00:01Z');
    expect((await renewalOf(w))?.state).toBe(state);
    await w.mo('STOP', { from: AMINA });
    expect(texts(w).at(-1)).toContain('You have NEWS, TONE.');
    await w.until('2026-03-09T00:00:00Z');
    expect((await renewalOf(w))?.state).toBe('placed');
    expect(texts(w).filter((text) => text.includes('paid back'))).toEqual([]);
    expect([w.ocs.paid, await w.subscription(AMINA)]).toMatchObject([2900, { number: 2 }]);
  });
});

describe('a subscription that ends while it renews', () => {
  const REFUSED: Provided = { kind: 'failed', reason: 'the provider answered 409', refused: true };
  const firstOf = async (w: RedisWorld) => (await w.stores.index.ofSubscriber(AMINA, 50)).at(-1)?.frozen.id ?? '';

  async function refusing(): Promise<RedisWorld> {
    const w = await world();
    w.sell('news', { provision: 'after-notice' });
    await w.until('2026-03-08T08:59:59Z');
    w.ports = { ...w.ports, provide: () => Promise.resolve(REFUSED) };
    return w;
  }
  const refuse = async (w: RedisWorld) => tellProvider(w.ports, tellingId(await firstOf(w), 'placed', 0));

  it.each<readonly [string, (w: RedisWorld) => Act, string, readonly string[]]>([
    ['is tried again later', () => says(4012), 'cancelled', ['Your balance is too low']],
    ['is charged', (w) => meanwhile(() => refuse(w)), 'refunded', ['KES 12.00 for Daily News was paid back']],
    ['is denied', (w) => meanwhile(() => refuse(w), says(4012)), 'uncharged', ['Daily News was not renewed']],
    ['does not leave', (w) => meanwhile(() => refuse(w), closesFirst()), 'cancelled', ['Daily News was not renewed']],
    ['is not answered', () => isSilent('booked'), 'refunded', ['KES 12.00 for Daily News was paid back']],
  ])('takes with it a period that %s: nothing is renewed after it', async (_, act, state, told) => {
    const w = await refusing();
    w.ocs.plays(act(w));
    await w.until('2026-03-08T09:00:01Z');
    await refuse(w);
    await w.until('2026-03-31T00:00:00Z');
    expect((await renewalOf(w))?.state).toBe(state);
    expect([w.ocs.paid, await w.subscription(AMINA)]).toEqual([0, undefined]);
    for (const words of ['You do not have this service', ...told])
      expect(texts(w).filter((text) => text.includes(words)).length).toBeGreaterThan(0);
    expect(texts(w).filter((text) => text.includes('is renewed'))).toEqual([]);
  });

  const NEVER_PAID = { outcome: 'uncharged', why: 'not in the book of the OCS', who: 'noc' } as const;

  /** Given on silence, disputed since, and its renewal waits for its next try. */
  async function unpaid(): Promise<RedisWorld> {
    const w = await RedisWorld.over(bench.handle, '2026-03-01T09:00:00Z');
    w.sell('horoscope', { period: 'week' });
    w.ocs.plays(...Array.from({ length: 400 }, () => isSilent()));
    await w.mo('STARS', { from: AMINA });
    await w.until('2026-03-08T08:59:59Z');
    w.ocs.forget();
    w.ocs.plays(says(4012));
    await w.until('2026-03-08T09:00:01Z');
    return w;
  }

  /** Ports that do not see the renewal until the subscriber was read so often. */
  const blindFor = ({ ports }: RedisWorld, reads: number): Ports => ({
    ...ports,
    subscribers: {
      ...ports.subscribers,
      async read(msisdn) {
        const found = await ports.subscribers.read(msisdn);
        if (reads-- <= 0) return found;
        return { ...found, subscriptions: found.subscriptions.map((one) => ({ ...one, renewing: undefined })) };
      },
    },
  });

  it('is looked for again where it began since its subscriber was read, and not for ever', async () => {
    const w = await unpaid();
    const first = await firstOf(w);
    await expect(resolveOrder(blindFor(w, 5), first, NEVER_PAID)).rejects.toThrow('changed 5 times');
    expect(await w.stores.orders.load(first)).toMatchObject({ state: 'disputed' });
    expect(await resolveOrder(blindFor(w, 1), first, NEVER_PAID)).toMatchObject({ kind: 'resolved' });
    expect((await renewalOf(w, 'horoscope'))?.state).toBe('cancelled');
  });

  it('takes it with it also where a person says that what began it on silence was never paid', async () => {
    const w = await unpaid();
    expect(await resolveOrder(w.ports, await firstOf(w), NEVER_PAID)).toMatchObject({ kind: 'resolved' });
    await w.until('2026-03-31T00:00:00Z');
    expect((await renewalOf(w, 'horoscope'))?.state).toBe('cancelled');
    expect([w.ocs.paid, await w.subscription(AMINA, 'horoscope')]).toEqual([0, undefined]);
  });
});

describe('a period that was given on silence and is denied for good', () => {
  const ended = (w: RedisWorld) => texts(w).filter((text) => text.startsWith('Horoscope has ended'));

  async function given(): Promise<RedisWorld> {
    const w = await RedisWorld.over(bench.handle, '2026-03-01T09:00:00Z');
    w.sell('horoscope', { period: 'week' });
    await w.mo('STARS', { from: AMINA });
    await w.until('2026-03-08T08:59:59Z');
    w.ocs.plays(isSilent(), says(5030));
    await w.until('2026-03-08T09:00:01Z');
    expect(texts(w).at(-1)).toContain('Horoscope by Acme is renewed');
    return w;
  }

  it('ends its subscription, and says so once', async () => {
    const w = await given();
    await w.until('2026-03-31T00:00:00Z');
    expect(await renewalOf(w, 'horoscope')).toMatchObject({ state: 'placed', verdict: { kind: 'denied' } });
    expect([w.ocs.paid, await w.subscription(AMINA, 'horoscope')]).toEqual([500, undefined]);
    expect(ended(w)).toHaveLength(1);
  });

  it('says nothing more to whoever has stopped it meanwhile', async () => {
    const w = await given();
    await w.mo('STOP STARS', { from: AMINA });
    await w.until('2026-03-31T00:00:00Z');
    expect([w.ocs.received.length, ended(w)]).toEqual([3, []]);
  });

  /** Given by the day, and the silence outlasts the day: until the third day renews, and is answered so. */
  async function renewedSince(third: (w: RedisWorld) => Act): Promise<RedisWorld> {
    const w = await RedisWorld.over(bench.handle, '2026-03-01T09:00:00Z');
    w.settings = { ...w.settings, duplicateMemory: 72 * HOUR };
    await w.mo('STARS', { from: AMINA });
    await w.until('2026-03-02T08:59:59Z');
    const { charging } = w.ports;
    const thirdIs = third(w);
    const send: typeof charging.send = (request) => {
      if (request.action === 'debit') w.ocs.plays(request.orderId.endsWith('-r2') ? isSilent() : thirdIs);
      return charging.send(request);
    };
    w.ports = { ...w.ports, charging: { ...charging, send } };
    await w.until('2026-03-03T09:00:30Z');
    return w;
  }
  const renewal = async (w: RedisWorld, number: number) =>
    (await w.stores.index.ofSubscriber(AMINA, 50)).find(({ frozen }) => frozen.renewal === number);
  async function denyIt(w: RedisWorld): Promise<void> {
    const { frozen, charge } = (await renewal(w, 2))!;
    const late = { orderId: frozen.id, sessionId: charge!.sessionId, action: 'debit' } as const;
    await recordLate(w.ports, { ...late, answer: answer(5030) });
  }

  it.each<readonly [string, string, (w: RedisWorld) => Act, string, number]>([
    ['stops', 'waits for its next try', () => says(4012), 'cancelled', 500],
    ['stops', 'is being charged', (w) => meanwhile(() => denyIt(w)), 'refunded', 500],
    ['leaves', 'was paid', () => grants(), 'placed', 1000],
  ])('%s a renewal of the next period that %s', async (...[, , third, state, paid]) => {
    const w = await renewedSince(third);
    await denyIt(w);
    expect(await w.subscription(AMINA, 'horoscope')).toBeUndefined();
    await w.until('2026-03-31T00:00:00Z');
    expect([(await renewal(w, 2))?.state, (await renewal(w, 3))?.state]).toEqual(['placed', state]);
    expect([w.ocs.paid, await w.subscription(AMINA, 'horoscope')]).toEqual([paid, undefined]);
    expect(ended(w)).toHaveLength(1);
  });

  it('leaves what its subscriber has ordered since, and what renews that', async () => {
    const w = await RedisWorld.over(bench.handle, '2026-03-01T09:00:00Z');
    await w.mo('STARS', { from: AMINA });
    w.ocs.plays(...Array.from({ length: 400 }, () => isSilent()));
    await w.until('2026-03-02T09:00:30Z');
    const before = await renewal(w, 2);
    await w.mo('STOP STARS', { from: AMINA });
    await w.until('2026-03-04T08:00:00Z');
    expect(await w.stores.orders.load(before!.frozen.id)).toMatchObject({ state: 'disputed' });
    w.ocs.forget();
    await w.mo('STARS', { from: AMINA });
    await w.until('2026-03-05T07:59:59Z');
    w.ocs.plays(says(4012));
    await w.until('2026-03-05T08:00:30Z');
    const left = await w.subscription(AMINA, 'horoscope');
    const late = { orderId: before!.frozen.id, sessionId: before!.charge!.sessionId, action: 'debit' } as const;
    await recordLate(w.ports, { ...late, answer: answer(5030) });
    expect(await w.stores.orders.load(before!.frozen.id)).toMatchObject({
      state: 'placed',
      verdict: { kind: 'denied' },
    });
    expect(await w.subscription(AMINA, 'horoscope')).toEqual(left);
    await w.until('2026-03-05T15:00:00Z');
    expect([w.ocs.paid, ended(w)]).toEqual([1500, []]);
  });
});

describe('a renewal that waits for its next try', () => {
  it('is not charged before it by the job that was to ask again after a silence', async () => {
    const w = await world();
    await w.until('2026-03-08T08:59:59Z');
    w.ocs.plays(isSilent());
    await w.until('2026-03-08T09:00:01Z');
    const { frozen, charge } = (await renewalOf(w))!;
    const late = { orderId: frozen.id, sessionId: charge!.sessionId, action: 'debit' } as const;
    await recordLate(w.ports, { ...late, answer: answer(4012) });
    expect(w.jobs).toMatchObject([{ kind: 'order', id: frozen.id }]);
    await w.until('2026-03-08T14:59:59Z');
    expect([await renewalOf(w), w.ocs.received.length]).toMatchObject([{ state: 'confirmed' }, 2]);
    await w.until('2026-03-08T15:00:30Z');
    expect([await renewalOf(w), w.ocs.received.length]).toMatchObject([{ state: 'placed' }, 3]);
  });
});

describe('a sweep that stood still since it read a subscription', () => {
  it('neither renews nor ends in its place the one that was ordered after a STOP', async () => {
    const w = await RedisWorld.over(bench.handle, '2026-03-01T09:00:00Z');
    await w.mo('NEWS', { from: AMINA });
    await w.until('2026-03-02T08:59:59Z');
    w.clock.advance(1000);
    const was = (await w.subscription(AMINA))!;
    await w.mo('STOP NEWS', { from: AMINA });
    w.clock.advance(1000);
    await w.mo('NEWS', { from: AMINA });
    const fresh = await w.subscription(AMINA);
    expect([fresh?.rev, fresh?.orderId === was.orderId]).toEqual([was.rev, false]);
    const claimed = { ...w.ports.subscriptions, claimDue: (n: number) => Promise.resolve(n === 0 ? [was] : []) };
    await sweepSubscriptions({ ...w.ports, subscriptions: claimed });
    expect(w.noted('subscription.renewing')).toEqual([]);
    const end = { was, subscription: undefined, cause: 'withdrawn', owe: undefined, now: 0, leaseFor: 1 } as const;
    expect(await w.ports.subscriptions.keep(end)).toEqual({ kind: 'moved' });
    expect([await w.subscription(AMINA), w.ocs.paid]).toEqual([fresh, 1000]);
  });
});
