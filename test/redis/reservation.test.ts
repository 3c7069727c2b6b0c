import { describe, expect, it } from 'vitest';
import type { OpenStep } from '../../src/flow/ports/ports.ts';
import { charge, closeStep, DENIED, frozen, GRANTED, LEASE, MSISDN, openStep, owed, PARTIAL, recordStep, refundStep, resolveStep, stopStep, subscription } from './fixtures.ts'; // prettier-ignore
import { createStores } from '../../src/redis/stores.ts';
import { hash, PARTITIONS, useBench, useServer } from './support.ts';

const bench = useBench(useServer());

async function reserved(): Promise<OpenStep> {
  const step = openStep('charging', { frozen: frozen({ period: 'week', chargeKind: 'reserve' }) });
  await bench.stores.orders.open(step, undefined);
  const session = { host: 'ocs-1', validity: 30 };
  const verdict = { ...GRANTED, session };
  await bench.stores.orders.record(recordStep(step, verdict, { to: 'reserved', owe: undefined }));
  return step;
}

const commit = (session = 's;1;1') => ({ kind: 'commit', identity: { ...charge(session), requestNumber: 1 } }) as const;
const release = { kind: 'release', identity: { ...charge('s;1;1'), requestNumber: 1 } } as const;

const stop = (opened: OpenStep) => bench.stores.subscribers.stop(stopStep(opened));

describe('a reservation (E10)', () => {
  it('keeps what its answer said of the session, for the last interrogation', async () => {
    const { frozen: order } = await reserved();
    expect(await bench.stores.orders.load(order.id)).toMatchObject({
      state: 'reserved',
      verdict: { kind: 'granted', session: { host: 'ocs-1', validity: 30 } },
    });
  });

  it('is decided once: what commits is never released, what releases is never committed; the ids stay (E2)', async () => {
    const { orders } = bench.stores;
    const one = await reserved();
    const first = commit();
    expect(await orders.permitClosing(one.frozen.id, 1, first, 1)).toMatchObject({
      order: { state: 'committing', closing: first },
      again: false,
    });
    expect(await orders.permitClosing(one.frozen.id, 1, release, 2)).toBeUndefined();
    const other = await reserved();
    expect(await orders.permitClosing(other.frozen.id, 1, release, 1)).toMatchObject({
      order: { state: 'reserved', closing: release },
      again: false,
    });
    expect(await orders.permitClosing(other.frozen.id, 1, commit(), 2)).toBeUndefined();
    const again = { kind: 'release', identity: charge('another;1;1') } as const;
    expect(await orders.permitClosing(other.frozen.id, 1, again, 3)).toMatchObject({
      order: { closing: release },
      again: true,
    });
  });

  it.each([commit(), release])(
    'is sent again with T, unless its holder handed the first send back: %o',
    async (closing) => {
      const { orders } = bench.stores;
      const step = await reserved();
      const { id } = step.frozen;
      const permit = (fence: number) => orders.permitClosing(id, fence, closing, step.now);
      const other = closing.kind === 'commit' ? 'release' : 'commit';
      expect(await permit(1)).toMatchObject({ again: false });
      expect(await orders.handBack(id, 2, closing.kind)).toBe(false);
      expect(await orders.handBack(id, 1, other)).toBe(false);
      expect(await orders.handBack(id, 1, closing.kind)).toBe(true);
      await orders.take(id, step.now + LEASE, LEASE);
      expect(await permit(1)).toBeUndefined();
      // Never sent: a first send again. Nobody hands that one back, so it may have left, and no later send is a first one.
      expect(await permit(2)).toMatchObject({ order: { closing }, again: false });
      expect(await permit(2)).toMatchObject({ order: { closing }, again: true });
      expect(await orders.handBack(id, 2, closing.kind)).toBe(false);
      expect(await permit(2)).toMatchObject({ again: true });
    },
  );

  it('E14: a commit that was decided on is sent after a stop too, whether or not it had left', async () => {
    const { orders } = bench.stores;
    const step = await reserved();
    const { id } = step.frozen;
    await orders.permitClosing(id, 1, commit(), 1);
    await orders.handBack(id, 1, 'commit');
    await stop(step);
    expect(await orders.permitClosing(id, 1, commit(), 2)).toMatchObject({ again: false });
    expect(await orders.permitClosing(id, 1, commit(), 3)).toMatchObject({ again: true });
    expect(await orders.permitClosing(id, 1, release, 4)).toBeUndefined();
  });

  it('is closed only by the holder of the fence (E5)', async () => {
    const { frozen: order } = await reserved();
    expect(await bench.stores.orders.permitClosing(order.id, 2, commit(), 1)).toBeUndefined();
    expect(await bench.stores.orders.load(order.id)).toMatchObject({ state: 'reserved', closing: undefined });
  });

  it('E14: a stop does not end it, and forbids its commit; the release then cancels it with its own text', async () => {
    const { orders, mts } = bench.stores;
    const step = await reserved();
    const { id } = step.frozen;
    await stop(step);
    expect(await orders.load(id)).toMatchObject({ state: 'reserved', stopRequested: true });
    expect(await orders.permitClosing(id, 1, commit(), 1)).toBeUndefined();
    await orders.permitClosing(id, 1, release, 1);
    const recorded = await orders.recordClosing(closeStep(step, 'uncharged'));
    expect(recorded).toMatchObject({ kind: 'recorded', state: 'cancelled', owed: { mt: { kind: 'declined' } } });
    expect(await mts.take(`${id}-declined`, step.now + 9 * LEASE, LEASE)).toBeDefined();
    expect(await mts.take(`${id}-not-charged`, step.now + 9 * LEASE, LEASE)).toBeUndefined();
  });

  it('the first answer to the commit wins, from any process (E5), and leaves the subscription', async () => {
    const { orders, subscribers } = bench.stores;
    const step = await reserved();
    await orders.permitClosing(step.frozen.id, 1, commit(), 1);
    const left = subscription(step.frozen);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => orders.recordClosing(closeStep(step, 'placed', { subscription: left }))),
    );
    expect(answers.filter(({ kind }) => kind === 'recorded')).toHaveLength(1);
    expect(await orders.recordClosing(closeStep(step, 'disputed'))).toEqual({ kind: 'repeat', state: 'placed' });
    expect((await subscribers.read(MSISDN)).subscriptions).toEqual([left]);
  });

  it('a late success of the commit settles the dispute that its refusal began, once (E5), and none about its refund', async () => {
    const { orders, subscribers } = bench.stores;
    const step = await reserved();
    const { id } = step.frozen;
    await orders.permitClosing(id, 1, commit(), 1);
    expect(await orders.recordClosing(closeStep(step, 'disputed', { resultCode: 5002 }))).toMatchObject({
      state: 'disputed',
    });
    const left = subscription(step.frozen);
    const done = closeStep(step, 'placed', { subscription: left });
    expect(await orders.recordClosing(done)).toMatchObject({ kind: 'recorded', state: 'placed' });
    expect(await orders.recordClosing(done)).toEqual({ kind: 'repeat', state: 'placed' });
    expect((await subscribers.read(MSISDN)).subscriptions).toEqual([left]);
    const asked = { who: 'amina', why: 'asked for by letter', at: step.now };
    await orders.askRefund({ orderId: id, asked, told: 'paid-back', now: step.now });
    const held = await orders.take(id, step.now + 9 * LEASE, LEASE);
    await orders.permitRefund(id, held?.lease.fence ?? 0, charge('refund;1;1'), step.now);
    await orders.recordRefund(refundStep(step, DENIED, { sessionId: 'refund;1;1', reason: 'refused' }));
    expect(await orders.recordClosing(done)).toEqual({ kind: 'repeat', state: 'disputed' });
  });

  it('E14: a stop during the commit leads to a refund, which the sweeper finds', async () => {
    const { orders, wake } = bench.stores;
    const step = await reserved();
    const { id } = step.frozen;
    await orders.permitClosing(id, 1, commit(), 1);
    await stop(step);
    expect(await orders.recordClosing(closeStep(step, 'placed'))).toEqual({
      kind: 'recorded',
      state: 'refunding',
      owed: undefined,
    });
    expect(await wake.claimDue(Number.parseInt(id, 10), step.now + 9 * LEASE, 10)).toContainEqual(
      expect.objectContaining({ kind: 'order', id }),
    );
  });
});

describe('given on silence (E7)', () => {
  async function given(): Promise<OpenStep> {
    const step = openStep('charging', { frozen: frozen({ period: 'week', grantOnUnknown: true }) });
    await bench.stores.orders.open(step, undefined);
    await bench.stores.orders.silence(step.frozen.id, 1, step.now);
    expect(await gift(step)).toMatchObject({ mt: { kind: 'ordered' } });
    return step;
  }
  const gift = (step: OpenStep): Promise<unknown> =>
    bench.stores.orders.giveEarly({
      orderId: step.frozen.id,
      fence: 1,
      subscription: subscription(step.frozen),
      owe: owed(step.frozen.id, 'ordered'),
      now: step.now,
      leaseFor: LEASE,
    });

  it("once: the charge stays open, the service is the subscriber's", async () => {
    const step = await given();
    expect(await gift(step)).toBeUndefined();
    expect(await bench.stores.orders.load(step.frozen.id)).toMatchObject({ state: 'charge-unknown', givenEarly: true });
    expect((await bench.stores.subscribers.read(MSISDN)).subscriptions).toHaveLength(1);
  });

  it.each([
    ['a grant', GRANTED, 'placed'],
    ['a denial', DENIED, 'uncharged'],
  ] as const)('%s that comes at last is recorded; nothing is said or given twice', async (_, verdict, to) => {
    const step = await given();
    await stop(step); // E14 after `placed`: the subscription ends, nothing is refunded
    expect((await bench.stores.subscribers.read(MSISDN)).subscriptions).toEqual([]);
    const answer = recordStep(step, verdict, {
      to,
      subscription: to === 'placed' ? subscription(step.frozen) : undefined,
    });
    expect(await bench.stores.orders.record(answer)).toEqual({ kind: 'recorded', state: 'placed', owed: undefined });
    expect(await bench.stores.orders.load(step.frozen.id)).toMatchObject({ verdict, stopRequested: false });
    expect((await bench.stores.subscribers.read(MSISDN)).subscriptions).toEqual([]);
  });

  it('nor by who took the order before', async () => {
    const step = openStep('charging');
    await bench.stores.orders.open(step, undefined);
    await bench.stores.orders.silence(step.frozen.id, 1, step.now);
    await bench.stores.orders.take(step.frozen.id, step.now + LEASE, LEASE);
    expect(await gift(step)).toBeUndefined();
  });

  it('and never again by a person, whose word places what the subscriber has stopped since', async () => {
    const step = await given();
    const { orders, subscribers } = bench.stores;
    await orders.dispute(step.frozen.id, 1, 'forgotten', step.now);
    await stop(step);
    await orders.resolve(resolveStep(step, 'placed', { subscription: subscription(step.frozen) }));
    expect(await orders.load(step.frozen.id)).toMatchObject({ state: 'placed' });
    expect((await subscribers.read(MSISDN)).subscriptions).toEqual([]);
  });

  it('never after a stop, and never once it is answered', async () => {
    const stopped = openStep('charging');
    await bench.stores.orders.open(stopped, undefined);
    await bench.stores.orders.silence(stopped.frozen.id, 1, stopped.now);
    await stop(stopped);
    expect(await gift(stopped)).toBeUndefined();
    const answered = openStep('charging');
    await bench.stores.orders.open(answered, undefined);
    await bench.stores.orders.silence(answered.frozen.id, 1, answered.now);
    await bench.stores.orders.record(recordStep(answered, DENIED));
    expect(await gift(answered)).toBeUndefined();
  });
});

describe("a person's word on a disputed order (E8)", () => {
  async function disputed(): Promise<OpenStep> {
    const step = openStep('charging', { frozen: frozen({ period: 'week' }) });
    await bench.stores.orders.open(step, undefined);
    await bench.stores.orders.silence(step.frozen.id, 1, step.now);
    await bench.stores.orders.dispute(step.frozen.id, 1, 'forgotten', step.now);
    return step;
  }

  it('placed leaves the subscription and owes the text; who and why are kept with the order', async () => {
    const step = await disputed();
    const word = resolveStep(step, 'placed', { subscription: subscription(step.frozen) });
    expect(await bench.stores.orders.resolve(word)).toMatchObject({
      state: 'placed',
      owed: { mt: { kind: 'ordered' } },
    });
    expect((await bench.stores.subscribers.read(MSISDN)).subscriptions).toHaveLength(1);
    const kept = await bench.redis.hget(bench.keys.order(step.frozen.id), 'resolution');
    expect(JSON.parse(kept ?? '')).toEqual(word.resolution);
    expect(await bench.stores.orders.resolve(word)).toEqual({ kind: 'repeat', state: 'placed' });
    const order = await bench.stores.orders.load(step.frozen.id);
    expect(order?.verdict).toEqual({ kind: 'granted', free: false, resultCode: 0 });
  });

  it('placed leaves it known what was taken: no more is ever given back (E6)', async () => {
    const { orders } = bench.stores;
    const step = openStep('charging');
    const { id } = step.frozen;
    await orders.open(step, undefined);
    await orders.record(recordStep(step, PARTIAL));
    await orders.permitRefund(id, 1, charge('r;1;1'), step.now);
    await orders.recordRefund(refundStep(step, DENIED, { sessionId: 'r;1;1' }));
    await orders.resolve(resolveStep(step, 'placed'));
    expect(await orders.load(id)).toMatchObject({ state: 'placed', verdict: PARTIAL });
  });

  it('placed gives nothing after a stop: what was taken goes back (E14)', async () => {
    const step = await disputed();
    await stop(step);
    const word = resolveStep(step, 'placed', { subscription: subscription(step.frozen) });
    expect(await bench.stores.orders.resolve(word)).toEqual({ kind: 'recorded', state: 'refunding', owed: undefined });
    expect((await bench.stores.subscribers.read(MSISDN)).subscriptions).toEqual([]);
  });

  it('refund wakes at once, and is another one than the OCS forgot (E6)', async () => {
    const step = await disputed();
    const { id } = step.frozen;
    await bench.redis.hset(bench.keys.order(id), 'refund', JSON.stringify(charge('old;1;1')));
    expect(await bench.stores.orders.resolve(resolveStep(step, 'refund'))).toMatchObject({ state: 'refunding' });
    const held = await bench.stores.orders.take(id, step.now + 9 * LEASE, LEASE);
    expect(held?.order.refund).toBeUndefined();
  });
});

describe('orders by the time they were opened', () => {
  it('are listed oldest first, both ends included', async () => {
    const at = [0, 1000, 2000, 3000].map((ms) => 1_700_000_000_000 + ms);
    for (const openedAt of at)
      await bench.stores.orders.open(openStep('charging', { frozen: frozen({ openedAt }), now: openedAt }), undefined);
    const { orders, from } = await bench.stores.index.between(at[1] ?? 0, at[2] ?? 0);
    expect(orders.map(({ frozen: { openedAt } }) => openedAt)).toEqual([at[1], at[2]]);
    expect(from).toBe(at[1]);
  });

  it('tell since when the list is whole, once a partition has dropped its oldest', async () => {
    const stores = await createStores(bench.handle, {
      partitions: PARTITIONS,
      owner: 'test',
      hash,
      now: () => bench.now,
      retention: { recentOrders: 2 },
    });
    const at = [0, 1000, 2000].map((ms) => 1_700_000_000_000 + ms);
    for (const openedAt of at)
      await stores.orders.open(openStep('charging', { frozen: frozen({ openedAt }), now: openedAt }), undefined);
    const { orders, from } = await stores.index.between(0, at[2] ?? 0);
    expect(orders).toHaveLength(2);
    expect(from).toBe(at[1]);
  });
});
