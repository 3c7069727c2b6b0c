import { describe, expect, it } from 'vitest';
import { resumeOrder } from '../../src/flow/go-on.ts';
import type { ProvideEvent, ProvideStep, Provided } from '../../src/flow/ports/ports.ts';
import { tellingId, tellProvider } from '../../src/flow/charge/provide.ts';
import { meanwhile, says } from '../flow/fakes/ocs.ts';
import { useBench, useServer } from '../redis/support.ts';
import { kes, RedisWorld } from './world.ts';

const server = useServer();
const bench = useBench(server);
const AMINA = '254700000001';
const DONE: Provided = { kind: 'done' };
const NO: Provided = { kind: 'failed', reason: 'the provider answered 409', refused: true };
const SILENT: Provided = { kind: 'failed', reason: 'no answer, and the limit is over', refused: false };
const LATER: Provided = { kind: 'wait', reason: 'the provider answered 503' };

/** A provider that answers as it is told; the last answer is repeated. */
async function world(mode: 'before-notice' | 'after-notice', ...answers: readonly Provided[]) {
  const w = await RedisWorld.over(bench.handle, '2026-03-01T09:00:00Z');
  w.sell('news', { period: 'week', price: kes(1200), provision: mode });
  w.sell('film', { provision: mode });
  const asked: { id: string; event: ProvideEvent }[] = [];
  const left = [...answers];
  const provide = (frozen: { readonly id: string }, event: ProvideEvent): Promise<Provided> => {
    asked.push({ id: frozen.id, event });
    return Promise.resolve((left.length > 1 ? left.shift() : left[0]) ?? DONE);
  };
  w.ports = { ...w.ports, provide };
  const newest = async () => (await w.stores.index.ofSubscriber(AMINA, 1))[0];
  return { w, asked, newest, texts: () => w.smsc.heard.map(({ text }) => text) };
}

describe('before-notice', () => {
  it('tells the subscriber only once the provider has provided', async () => {
    const { w, asked, newest, texts } = await world('before-notice', LATER, LATER, DONE);
    await w.mo('NEWS', { from: AMINA });
    expect(await newest()).toMatchObject({ state: 'charged' });
    // Whoever paid and hears nothing orders again.
    expect(texts()).toEqual([expect.stringMatching(/takes longer than usual/)]);
    await w.until('2026-03-01T10:00:00Z');
    expect(await newest()).toMatchObject({ state: 'placed' });
    expect([asked.length, w.ocs.received.length]).toEqual([3, 1]);
    expect(texts().filter((text) => text.includes('is ordered'))).toHaveLength(1);
  });

  it.each([
    ['says no', NO],
    ['is silent by its limit', SILENT],
  ])('a provider that %s: the money goes back and the text says so', async (_, answer) => {
    const { w, newest, texts } = await world('before-notice', answer);
    await w.mo('NEWS', { from: AMINA });
    await w.until('2026-03-01T10:00:00Z');
    expect(await newest()).toMatchObject({ state: 'refunded' });
    expect(w.ocs.paid).toBe(0);
    expect(texts()).toEqual([
      'Acme could not provide Daily News, so KES 12.00 was paid back to you. You do not have this service.',
    ]);
    expect(await w.subscription(AMINA)).toBeUndefined();
  });

  it('a renewal that it refuses ends the subscription, also where the process is killed before the money goes back', async () => {
    const { w, newest } = await world('before-notice', DONE, NO);
    await w.mo('NEWS', { from: AMINA });
    await w.until('2026-03-08T08:59:59Z');
    const healthy = w.ports;
    const killed = (step: ProvideStep): Promise<never> =>
      healthy.orders.provided(step).then(() => Promise.reject(new Error('killed')));
    w.ports = { ...healthy, orders: { ...healthy.orders, provided: killed } };
    await expect(w.until('2026-03-08T09:30:00Z')).rejects.toThrow('killed');
    w.ports = healthy;
    await w.until('2026-03-09T00:00:00Z');
    expect(await newest()).toMatchObject({ state: 'refunded' });
    expect(await w.subscription(AMINA)).toBeUndefined();
    await w.until('2026-03-31T00:00:00Z');
    expect(w.ocs.paid).toBe(1200);
  });

  it('a reservation is released instead: nothing was charged', async () => {
    const { w, newest, texts } = await world('before-notice', NO);
    await w.mo('FILM', { from: AMINA });
    expect(await newest()).toMatchObject({ state: 'uncharged' });
    expect([w.ocs.paid, w.ocs.held.size]).toEqual([0, 0]);
    expect(texts()).toEqual(['Acme could not provide Film Club, so it was not charged.']);
  });

  it('killed between the debit and the provider: the order goes on from there, one debit', async () => {
    const { w, newest, texts } = await world('before-notice', DONE);
    const killed = () => Promise.reject(new Error('killed'));
    const healthy = w.ports;
    w.ports = { ...healthy, provide: killed };
    await expect(w.mo('NEWS', { from: AMINA })).rejects.toThrow('killed');
    expect(await newest()).toMatchObject({ state: 'charged' });
    w.ports = healthy;
    await w.until('2026-03-01T10:00:00Z');
    expect(await newest()).toMatchObject({ state: 'placed' });
    expect([w.ocs.received.length, texts().length]).toEqual([1, 1]);
  });

  it('killed after the provider heard: it is asked again under the same name, and told once', async () => {
    const { w, asked, newest, texts } = await world('before-notice', DONE);
    const healthy = w.ports;
    w.ports = { ...healthy, orders: { ...healthy.orders, provided: () => Promise.reject(new Error('killed')) } };
    await expect(w.mo('NEWS', { from: AMINA })).rejects.toThrow('killed');
    w.ports = healthy;
    await w.until('2026-03-01T10:00:00Z');
    expect(new Set(asked.map(({ id, event }) => `${id} ${event}`)).size).toBe(1);
    expect([asked.length, (await newest())?.state, texts().length]).toEqual([2, 'placed', 1]);
  });

  it('a STOP while the provider is asked: paid back, not placed', async () => {
    const { w, newest } = await world('before-notice', LATER);
    w.ocs.plays(meanwhile(() => w.mo('STOP', { from: AMINA })));
    await w.mo('NEWS', { from: AMINA });
    await w.until('2026-03-01T10:00:00Z');
    expect(await newest()).toMatchObject({ state: 'refunded' });
    expect(w.ocs.paid).toBe(0);
  });

  it('a STOP while the provider is asked for what was free: not placed, and told', async () => {
    const { w, newest, texts } = await world('before-notice', LATER);
    w.ocs.plays(meanwhile(() => w.mo('STOP', { from: AMINA }), says(4011)));
    await w.mo('NEWS', { from: AMINA });
    await w.until('2026-03-01T10:00:00Z');
    expect(await newest()).toMatchObject({ state: 'uncharged' });
    expect(texts().filter((text) => text.includes('was not ordered and nothing was charged'))).toHaveLength(1);
  });

  it('a renewal that the provider refuses is paid back and ends it; one that it misses leaves it', async () => {
    const missed = await world('before-notice', DONE, SILENT, DONE);
    await missed.w.mo('NEWS', { from: AMINA });
    await missed.w.until('2026-03-16T00:00:00Z');
    expect(missed.asked.map(({ event }) => event)).toEqual(['placed', 'renewed', 'renewed']);
    expect(missed.w.ocs.paid).toBe(2400);
    expect(await missed.w.subscription(AMINA)).toMatchObject({ number: 3 });
    await bench.redis.flushdb();
    const refused = await world('before-notice', DONE, NO);
    await refused.w.mo('NEWS', { from: AMINA });
    await refused.w.until('2026-03-16T00:00:00Z');
    expect(refused.w.ocs.paid).toBe(1200);
    expect(await refused.w.subscription(AMINA)).toBeUndefined();
  });
});

describe('after-notice', () => {
  it('is told afterwards; a no pays back what was placed and ends it', async () => {
    const { w, newest, texts } = await world('after-notice', LATER, NO);
    await w.mo('NEWS', { from: AMINA });
    const order = (await newest())!;
    expect(order.state).toBe('placed');
    const id = tellingId(order.frozen.id, 'placed', w.clock.now());
    expect(await tellProvider(w.ports, id)).toMatchObject({ kind: 'wait' });
    expect(await tellProvider(w.ports, id)).toEqual({ kind: 'dead', reason: 'the provider answered 409' });
    await w.until('2026-03-01T10:00:00Z');
    expect([(await newest())?.state, w.ocs.paid]).toEqual(['refunded', 0]);
    expect(texts().at(-1)).toContain('could not provide Daily News, so KES 12.00 was paid back');
    expect(await w.subscription(AMINA)).toBeUndefined();
    // A person who retries the dead letter must not order again what was paid back.
    expect(await tellProvider(w.ports, id)).toEqual({ kind: 'dead', reason: 'the order is refunded' });
  });

  it('a STOP before it has provided is its last word: it is not asked again, and the money goes back', async () => {
    const { w, asked, newest } = await world('after-notice', LATER, DONE);
    await w.mo('NEWS', { from: AMINA });
    const { id } = (await newest())!.frozen;
    const placed = tellingId(id, 'placed', w.clock.now());
    expect(await tellProvider(w.ports, placed)).toMatchObject({ kind: 'wait' });
    await w.mo('STOP', { from: AMINA });
    expect(await tellProvider(w.ports, tellingId(id, 'ended', w.clock.now()))).toEqual({ kind: 'rest' });
    expect(await tellProvider(w.ports, placed)).toEqual({ kind: 'rest' });
    expect(asked.map(({ event }) => event)).toEqual(['placed', 'ended']);
    await w.until('2026-03-01T10:00:00Z');
    expect([(await newest())?.state, w.ocs.paid]).toEqual(['refunded', 0]);
  });

  it('an end waits for what is being told of the same subscription, and for nothing else', async () => {
    const { w, asked, newest } = await world('after-notice', DONE);
    await w.mo('NEWS', { from: AMINA });
    await w.until('2026-03-08T12:00:00Z');
    const { id } = (await newest())!.frozen;
    const ended = tellingId(id, 'ended', w.clock.now());
    const end = (...atWork: readonly string[]) => {
      const later = { ...w.ports.later, telling: () => Promise.resolve(atWork) };
      return tellProvider({ ...w.ports, later }, ended);
    };
    const first = id.replace('-r2', '');
    expect(await end(ended, tellingId(first, 'placed', 5))).toMatchObject({ kind: 'wait' });
    expect(await end(ended, tellingId(id, 'renewed', 5))).toMatchObject({ kind: 'wait' });
    expect(asked).toEqual([]);
    expect(await end(ended, tellingId('03-other', 'placed', 5))).toEqual({ kind: 'rest' });
    expect(asked).toEqual([{ id, event: 'ended' }]);
  });

  it('a renewal that the provider misses is paid back, and the subscription goes on', async () => {
    const { w, newest, texts } = await world('after-notice', SILENT);
    await w.mo('NEWS', { from: AMINA });
    await w.until('2026-03-08T12:00:00Z');
    const order = (await newest())!;
    expect(order).toMatchObject({ state: 'placed', frozen: { renewal: 2 } });
    await tellProvider(w.ports, tellingId(order.frozen.id, 'renewed', w.clock.now()));
    await w.until('2026-03-08T13:00:00Z');
    expect([(await newest())?.state, w.ocs.paid]).toEqual(['refunded', 1200]);
    expect(texts().at(-1)).toBe('KES 12.00 for Daily News was paid back to you.');
    expect(await w.subscription(AMINA)).toMatchObject({ state: 'active', number: 2 });
  });

  it('is resumed by any process', async () => {
    const { w, newest } = await world('before-notice', LATER, DONE);
    await w.mo('NEWS', { from: AMINA });
    const other = { ...(await w.second()), provide: w.ports.provide! };
    w.clock.advance(60_000);
    await resumeOrder(other, (await newest())?.frozen.id ?? '');
    expect(await newest()).toMatchObject({ state: 'placed' });
  });
});
