import { describe, expect, it } from 'vitest';
import type { OwedMt } from '../../src/domain/notice.ts';
import type { OrderState } from '../../src/domain/order.ts';
import type { OpenStep } from '../../src/flow/ports/ports.ts';
import { charge, DENIED, frozen, GRANTED, LEASE, MSISDN, openStep, owed, PARTIAL, partitionOfMsisdn, recordStep, reply, subscription, dedupe, FREE } from './fixtures.ts'; // prettier-ignore
import { useBench, useServer } from './support.ts';

const bench = useBench(useServer());

async function opened(state: OrderState, over: Partial<OpenStep> = {}): Promise<OpenStep> {
  const step = openStep(state, over);
  await bench.stores.orders.open(step, undefined);
  return step;
}

describe('the fence (E5)', () => {
  it('lets the holder send, and nobody who held the lease before', async () => {
    const { orders } = bench.stores;
    const step = await opened('confirmed');
    const id = step.frozen.id;
    const later = step.now + LEASE;
    await orders.take(id, later, LEASE);
    expect(await orders.permit(id, 1, charge(), { now: later })).toBeUndefined();
    const permitted = await orders.permit(id, 2, charge('s;1;2'), { now: later });
    expect(permitted).toMatchObject({ state: 'charging', charge: { sessionId: 's;1;2' } });
    expect(await orders.silence(id, 1, later)).toBe(false);
    expect(await orders.stepBack(id, 1, later)).toBe(false);
    expect(await orders.renew(id, 1, later + LEASE)).toBe(false);
    expect(await orders.renew(id, 2, later + 2 * LEASE)).toBe(true);
    expect(await orders.take(id, later + LEASE, LEASE)).toBeUndefined();
  });

  it('is not needed twice: a permitted order is not permitted again', async () => {
    const { orders } = bench.stores;
    const { frozen: order, now } = await opened('confirmed');
    expect(await orders.permit(order.id, 1, charge(), { now })).toBeDefined();
    expect(await orders.permit(order.id, 1, charge(), { now })).toBeUndefined();
  });

  it('goes to one of 50 that take at once', async () => {
    const { frozen: order, now } = await opened('confirmed');
    const takes = Array.from({ length: 50 }, () => bench.stores.orders.take(order.id, now + LEASE, LEASE));
    expect((await Promise.all(takes)).filter((held) => held !== undefined)).toHaveLength(1);
  });
});

describe('a charge keeps its identity (E2)', () => {
  it('also when it steps back and is permitted again', async () => {
    const { orders } = bench.stores;
    const { frozen: order, now } = await opened('confirmed');
    const first = charge('first;1;1');
    await orders.permit(order.id, 1, first, { now });
    expect(await orders.stepBack(order.id, 1, now)).toBe(true);
    expect(await orders.permit(order.id, 1, charge('second;1;1'), { now })).toMatchObject({ charge: first });
  });

  it('and is as old as the permit under which it may first have left (E4)', async () => {
    const { orders } = bench.stores;
    const { frozen: order, now } = await opened('confirmed');
    expect(await orders.permit(order.id, 1, charge(), { now })).toMatchObject({ sentFrom: now });
    await orders.stepBack(order.id, 1, now);
    expect(await orders.permit(order.id, 1, charge(), { now: now + 7 })).toMatchObject({ sentFrom: now + 7 });
    await orders.silence(order.id, 1, now + 9);
    expect(await orders.load(order.id)).toMatchObject({ state: 'charge-unknown', sentFrom: now + 7 });
  });

  it('and never steps back once a send went unanswered', async () => {
    const { orders } = bench.stores;
    const { frozen: order, now } = await opened('charging');
    expect(await orders.silence(order.id, 1, now)).toBe(true);
    expect(await orders.load(order.id)).toMatchObject({ state: 'charge-unknown', unanswered: true });
    expect(await orders.stepBack(order.id, 1, now)).toBe(false);
    // Whatever brought it into charging again: what may have arrived is not taken back.
    await bench.redis.hset(bench.keys.order(order.id), 'state', 'charging');
    expect(await orders.stepBack(order.id, 1, now)).toBe(false);
  });
});

describe('recording an answer (E5)', () => {
  it('takes the first definite one from any process, once', async () => {
    const { orders, mts } = bench.stores;
    const step = await opened('charging');
    const answers = await Promise.all([
      ...Array.from({ length: 20 }, () => orders.record(recordStep(step, GRANTED))),
      ...Array.from({ length: 20 }, () => orders.record(recordStep(step, DENIED))),
    ]);
    expect(answers.filter(({ kind }) => kind === 'recorded')).toHaveLength(1);
    expect(answers[0]).toMatchObject({ kind: 'recorded', state: 'placed', owed: { lease: { fence: 1 } } });
    expect(await orders.load(step.frozen.id)).toMatchObject({ state: 'placed', verdict: GRANTED });
    expect(await mts.take(`${step.frozen.id}-no-balance`, step.now + LEASE * 2, LEASE)).toBeUndefined();
  });

  it('takes a late one after silence', async () => {
    const { orders } = bench.stores;
    const step = await opened('charging');
    await orders.silence(step.frozen.id, 1, step.now);
    expect(await orders.record(recordStep(step, GRANTED))).toMatchObject({ kind: 'recorded', state: 'placed' });
    expect(await orders.silence(step.frozen.id, 1, step.now)).toBe(false);
    expect(await orders.load(step.frozen.id)).toMatchObject({ state: 'placed' });
  });

  it('takes back nothing that was placed, whatever comes later', async () => {
    const { orders } = bench.stores;
    const step = await opened('charging');
    await orders.record(recordStep(step, GRANTED));
    expect(await orders.record(recordStep(step, PARTIAL))).toEqual({ kind: 'repeat', state: 'placed' });
    expect(await orders.load(step.frozen.id)).toMatchObject({ state: 'placed', verdict: GRANTED });
  });

  it('knows a charge that was permitted later by its Session-Id, too', async () => {
    const { orders } = bench.stores;
    const step = await opened('confirmed');
    await orders.permit(step.frozen.id, 1, charge('later;1;1'), { now: step.now });
    expect(await orders.record(recordStep(step, GRANTED, { sessionId: 'later;1;1' }))).toMatchObject({
      kind: 'recorded',
      state: 'placed',
    });
  });

  it('leaves what is still to be done to its holder, and to the sweeper after that', async () => {
    const { orders, wake } = bench.stores;
    const step = await opened('charging');
    await orders.record(recordStep(step, PARTIAL));
    const { id } = step.frozen;
    const due = (at: number) => wake.claimDue(partitionOfMsisdn(MSISDN), at, 9);
    expect(await due(step.now + LEASE - 1)).toEqual([]);
    expect(await due(step.now + LEASE)).toMatchObject([{ kind: 'order', id }]);
  });

  it('begins to count the waits anew: what is done next has not waited yet', async () => {
    const { orders } = bench.stores;
    const step = await opened('charging');
    await orders.silence(step.frozen.id, 1, step.now);
    await orders.release(step.frozen.id, 1, step.now + 1);
    expect(await orders.load(step.frozen.id)).toMatchObject({ waits: 1 });
    await orders.record(recordStep(step, PARTIAL));
    expect(await orders.load(step.frozen.id)).toMatchObject({ state: 'refunding', waits: 0 });
  });

  it('ignores the answer to another charge', async () => {
    const step = await opened('charging');
    const other = recordStep(step, GRANTED, { sessionId: 'other;1;1' });
    expect(await bench.stores.orders.record(other)).toEqual({ kind: 'repeat', state: 'charging' });
  });

  it('places nothing that was never charged, unless it is free (P3)', async () => {
    const { orders } = bench.stores;
    const step = await opened('confirmed', { charge: undefined });
    expect(await orders.record(recordStep(step, GRANTED))).toEqual({ kind: 'repeat', state: 'confirmed' });
    expect(await orders.record(recordStep(step, FREE))).toMatchObject({ kind: 'recorded', state: 'placed' });
  });

  it('leaves the subscription and the provider with the subscriber', async () => {
    const step = await opened('charging', { frozen: frozen({ period: 'week' }) });
    const left = subscription(step.frozen);
    await bench.stores.orders.record(recordStep(step, GRANTED, { subscription: left }));
    const subscriber = await bench.stores.subscribers.read(MSISDN);
    expect(subscriber.subscriptions).toEqual([left]);
    expect([...subscriber.providers]).toEqual(['acme']);
    expect(subscriber.inFlight).toEqual([]);
  });

  it('parks a renewal until its next try: for money, not for the OCS', async () => {
    const { orders, index } = bench.stores;
    const step = await opened('charging', { frozen: frozen({ period: 'week' }) });
    const renewal = { kind: 'retry', at: step.now + LEASE } as const;
    const left = subscription(step.frozen);
    await orders.silence(step.frozen.id, 1, step.now);
    await orders.record(recordStep(step, DENIED, { to: 'confirmed', owe: undefined, subscription: left, renewal }));
    const order = await orders.load(step.frozen.id);
    expect(order).toMatchObject({ state: 'confirmed', charge: undefined, verdict: undefined, denied: DENIED });
    // The silence was about the charge that was denied; the next one is another (E2).
    expect(order?.unanswered).toBe(false);
    expect([(await index.census()).confirmed, await index.retrying()]).toEqual([1, 1]);
    expect(await orders.take(step.frozen.id, step.now + LEASE - 1, LEASE)).toBeUndefined();
    await orders.take(step.frozen.id, step.now + LEASE, LEASE);
    await orders.permit(step.frozen.id, 2, charge('s;1;2'), { now: step.now + LEASE });
    expect([(await index.census()).confirmed, await index.retrying()]).toEqual([0, 0]);
  });

  it('ends with a renewal that cannot be paid its own subscription, not one that was ordered since', async () => {
    const { orders, subscribers } = bench.stores;
    const order = frozen({ period: 'week' });
    const renewal = await opened('charging', { frozen: { ...order, id: `${order.id}-r2`, renewal: 2 } });
    const since = await opened('charging', { frozen: frozen({ period: 'week' }) });
    await orders.record(recordStep(since, GRANTED, { subscription: subscription(since.frozen) }));
    await orders.record(recordStep(renewal, DENIED, { renewal: { kind: 'end', msisdn: MSISDN } }));
    expect((await subscribers.read(MSISDN)).subscriptions).toHaveLength(1);
  });

  it('places nothing for less money than was asked', async () => {
    const { orders } = bench.stores;
    const step = await opened('charging');
    expect(await orders.record(recordStep(step, PARTIAL))).toMatchObject({ state: 'refunding', owed: undefined });
    expect((await bench.stores.subscribers.read(MSISDN)).subscriptions).toEqual([]);
  });
});

describe('a dispute (E4)', () => {
  it('is for the holder of the lease to call', async () => {
    const { orders } = bench.stores;
    const step = await opened('charging');
    const id = step.frozen.id;
    await orders.silence(id, 1, step.now);
    await orders.take(id, step.now + LEASE, LEASE);
    expect(await orders.dispute(id, 1, 'no answer', step.now)).toBe(false);
    expect(await orders.dispute(id, 2, 'no answer', step.now)).toBe(true);
    expect(await bench.redis.hget(bench.keys.order(id), 'reason')).toBe('no answer');
    expect(await bench.redis.pttl(bench.keys.order(id))).toBe(-1);
  });

  it('is settled by the definite answer that comes at last', async () => {
    const { orders } = bench.stores;
    const step = await opened('charging');
    await orders.silence(step.frozen.id, 1, step.now);
    await orders.dispute(step.frozen.id, 1, 'no answer', step.now);
    expect((await bench.stores.subscribers.read(MSISDN)).inFlight).toHaveLength(1);
    expect(await orders.record(recordStep(step, DENIED))).toMatchObject({ kind: 'recorded', state: 'uncharged' });
    expect((await bench.stores.subscribers.read(MSISDN)).inFlight).toEqual([]);
  });
});

describe('STOP (E14)', () => {
  const stop = (orders: readonly string[], services: readonly string[] = [], key = dedupe(), also?: OwedMt) =>
    bench.stores.subscribers.stop({
      dedupe: key,
      msisdn: MSISDN,
      orders,
      services,
      owe: reply('stopped'),
      also,
      now: 1_700_000_003_000,
      leaseFor: LEASE,
    });

  const due = () => bench.stores.wake.claimDue(partitionOfMsisdn(MSISDN), 1_700_000_003_000, 9);

  it('owes a second text to whoever sweeps next, once', async () => {
    const { mts } = bench.stores;
    const [key, also] = [dedupe(), reply('stopped')];
    await stop([], [], key, also);
    await stop([], [], key, also);
    expect(await due()).toEqual([{ kind: 'mt', id: also.id, fence: 1 }]);
    expect(await mts.take(also.id, 1_700_000_003_000, LEASE)).toMatchObject({
      mt: { id: also.id },
      lease: { fence: 2 },
    });
  });

  it.each(['challenged', 'confirmed'] as const)('cancels what is %s', async (state) => {
    const step = await opened(state);
    expect(await stop([step.frozen.id])).toMatchObject({ mt: { kind: 'stopped' } });
    expect(await bench.stores.orders.load(step.frozen.id)).toMatchObject({ state: 'cancelled' });
    expect(await bench.stores.orders.permit(step.frozen.id, 1, charge(), { now: step.now })).toBeUndefined();
  });

  it('marks what is being charged, and its success is refunded, not placed', async () => {
    const { orders } = bench.stores;
    const step = await opened('charging');
    await stop([step.frozen.id]);
    expect(await orders.load(step.frozen.id)).toMatchObject({ state: 'charging', stopRequested: true });
    const recorded = await orders.record(recordStep(step, GRANTED, { subscription: subscription(step.frozen) }));
    expect(recorded).toEqual({ kind: 'recorded', state: 'refunding', owed: undefined });
    expect((await bench.stores.subscribers.read(MSISDN)).subscriptions).toEqual([]);
  });

  it('a denial leaves nothing to be paid back', async () => {
    const { orders } = bench.stores;
    const step = await opened('charging');
    await stop([step.frozen.id]);
    expect(await orders.record(recordStep(step, DENIED))).toMatchObject({ kind: 'recorded', state: 'uncharged' });
  });

  it('nor does that of a renewal, which is not tried again', async () => {
    const { orders } = bench.stores;
    const step = await opened('charging', { frozen: frozen({ period: 'week' }) });
    await stop([step.frozen.id]);
    const renewal = { kind: 'retry', at: step.now + LEASE } as const;
    const subscribed = subscription(step.frozen);
    const denied = recordStep(step, DENIED, { to: 'confirmed', owe: undefined, subscription: subscribed, renewal });
    expect(await orders.record(denied)).toMatchObject({ kind: 'recorded', state: 'uncharged' });
  });

  /** Charged, not given yet, and stopped. */
  async function stoppedOnceCharged(): Promise<{ readonly id: string; readonly now: number }> {
    const step = await opened('charging');
    await bench.stores.orders.record(recordStep(step, GRANTED, { to: 'charged', owe: undefined }));
    await stop([step.frozen.id]);
    return { id: step.frozen.id, now: step.now };
  }

  it('is what the refund is about, whatever the provider said (E10)', async () => {
    const { orders } = bench.stores;
    const { id, now } = await stoppedOnceCharged();
    const refused = {
      to: 'refunding',
      free: false,
      told: 'not-provided',
      subscription: undefined,
      owe: undefined,
    } as const;
    await orders.provided({ orderId: id, ...refused, now, leaseFor: LEASE });
    const order = await orders.load(id);
    expect(order).toMatchObject({ state: 'refunding', stopRequested: true });
    expect(order?.refundText).toBeUndefined();
  });

  it('leaves the provider’s yes unsaid: nothing is ordered any more', async () => {
    const { orders } = bench.stores;
    const { id, now } = await stoppedOnceCharged();
    const yes = {
      to: 'placed',
      free: false,
      told: undefined,
      subscription: undefined,
      owe: owed(id, 'ordered'),
    } as const;
    expect(await orders.provided({ orderId: id, ...yes, now, leaseFor: LEASE })).toEqual({
      kind: 'recorded',
      state: 'refunding',
      owed: undefined,
    });
  });

  it('marks what is unknown, and a free success places nothing', async () => {
    const { orders } = bench.stores;
    const step = await opened('charging');
    await orders.silence(step.frozen.id, 1, step.now);
    await stop([step.frozen.id]);
    const oweStopped = owed(step.frozen.id, 'declined');
    const free = recordStep(step, FREE, { oweStopped });
    expect(await orders.record(free)).toMatchObject({ state: 'uncharged', owed: undefined });
    expect(await due()).toContainEqual({ kind: 'mt', id: oweStopped.id, fence: 1 });
  });

  it('cancels a marked order that steps back, for nothing was charged', async () => {
    const { orders } = bench.stores;
    const step = await opened('charging');
    await stop([step.frozen.id]);
    const oweStopped = owed(step.frozen.id, 'declined');
    expect(await orders.stepBack(step.frozen.id, 1, step.now, oweStopped)).toBe(true);
    expect(await orders.load(step.frozen.id)).toMatchObject({ state: 'cancelled' });
    expect(await due()).toEqual([{ kind: 'mt', id: oweStopped.id, fence: 1 }]);
  });

  it('ends the subscription of an order that was placed while STOP was read', async () => {
    const { orders, subscribers } = bench.stores;
    const step = await opened('charging', { frozen: frozen({ period: 'week' }) });
    await orders.record(recordStep(step, GRANTED, { subscription: subscription(step.frozen) }));
    await stop([step.frozen.id]);
    expect((await subscribers.read(MSISDN)).subscriptions).toEqual([]);
    expect(await orders.load(step.frozen.id)).toMatchObject({ state: 'placed' });
  });

  it('ends a subscription once; a redelivered STOP hears nothing new', async () => {
    const { orders, subscribers } = bench.stores;
    const step = await opened('charging', { frozen: frozen({ period: 'week' }) });
    await orders.record(recordStep(step, GRANTED, { subscription: subscription(step.frozen) }));
    const key = dedupe();
    expect(await stop([], ['news'], key)).toBeDefined();
    expect(await stop([], ['news'], key)).toBeUndefined();
    expect((await subscribers.read(MSISDN)).subscriptions).toEqual([]);
    // Nobody looks at it any more, and its number is another one's.
    expect(await bench.redis.zcard(bench.keys.due(partitionOfMsisdn(MSISDN)))).toBe(0);
    expect((await subscribers.read(MSISDN)).numbers.size).toBe(0);
  });
});
