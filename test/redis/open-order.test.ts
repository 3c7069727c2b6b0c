import { describe, expect, it } from 'vitest';
import type { OpenStep } from '../../src/flow/ports/ports.ts';
import {
  answerStep,
  challenge,
  dedupe,
  frozen,
  LEASE,
  MSISDN,
  openStep,
  owed,
  reply,
  resolveStep,
  stopStep,
} from './fixtures.ts';
import { useBench, useServer } from './support.ts';

const bench = useBench(useServer());

const stop = (opened: OpenStep) => bench.stores.subscribers.stop(stopStep(opened));

describe('opening an order', () => {
  it('stores it with its lease, so that nobody else may send', async () => {
    const { orders } = bench.stores;
    const step = openStep('charging');
    const opened = await orders.open(step, undefined);
    expect(opened).toMatchObject({ kind: 'opened', held: { lease: { fence: 1, until: step.now + LEASE } } });
    const loaded = await orders.load(step.frozen.id);
    expect(loaded).toMatchObject(opened.kind === 'opened' ? opened.held.order : {});
    expect(loaded).toMatchObject({ state: 'charging', charge: step.charge, tries: 0, unanswered: false });
    expect(await orders.take(step.frozen.id, step.now + LEASE - 1, LEASE)).toBeUndefined();
    expect(await orders.take(step.frozen.id, step.now + LEASE, LEASE)).toMatchObject({ lease: { fence: 2 } });
  });

  it('is taken under a named fence only while nobody has taken it up since', async () => {
    const { orders } = bench.stores;
    const { frozen: order, now } = openStep('charging');
    const { id } = order;
    await orders.open({ ...openStep('charging'), frozen: order }, undefined);
    expect(await orders.take(id, now + LEASE, LEASE, 1)).toMatchObject({ lease: { fence: 2 } });
    expect(await orders.take(id, now + 2 * LEASE, LEASE, 1)).toBeUndefined();
    expect(await orders.take(id, now + 2 * LEASE, LEASE)).toMatchObject({ lease: { fence: 3 } });
  });

  it('takes the same message once, however many links bring it at once (E12)', async () => {
    const same = dedupe();
    const all = await Promise.all(
      Array.from({ length: 100 }, () => bench.stores.orders.open(openStep('confirmed', { dedupe: same }), undefined)),
    );
    expect(all.filter(({ kind }) => kind === 'opened')).toHaveLength(1);
    expect(all.filter(({ kind }) => kind === 'repeat')).toHaveLength(99);
    expect(await bench.stores.index.ofSubscriber(MSISDN, 1000)).toHaveLength(1);
  });

  it('owes the challenge text and holds nobody to the order until it is answered', async () => {
    const order = frozen();
    const step = openStep('challenged', { frozen: order, owe: owed(order.id, 'code', { orderId: order.id }) });
    const opened = await bench.stores.orders.open(step, undefined);
    expect(opened).toMatchObject({ kind: 'opened', owed: { mt: step.owe, lease: { fence: 1 }, waits: 0 } });
    expect(await bench.redis.zscore(bench.keys.wake(Number.parseInt(order.id, 10)), `o:${order.id}`)).toBe(
      String(step.challenge?.windowEndsAt),
    );
    const { pending } = await bench.stores.subscribers.read(MSISDN);
    expect(pending).toEqual([{ orderId: order.id, serviceId: 'news' }]);
  });

  it('tells when its subscriber was asked last, whatever becomes of it; one that asks nothing does not', async () => {
    const { orders, subscribers } = bench.stores;
    const asked = async () => (await subscribers.read(MSISDN)).lastAsked;
    await orders.open(openStep('charging'), undefined);
    expect(await asked()).toBeUndefined();
    const step = openStep('challenged');
    await orders.open(step, undefined);
    await orders.answer(answerStep(step, true));
    await orders.open(openStep('confirmed', { now: step.now + 60_000 }), undefined);
    expect(await asked()).toBe(step.now);
  });

  it('ends the challenge that it supersedes, in the same step', async () => {
    const { orders, subscribers } = bench.stores;
    const first = openStep('challenged');
    await orders.open(first, undefined);
    const second = openStep('challenged', { supersedes: first.frozen.id, challenge: challenge() });
    await orders.open(second, undefined);
    expect(await orders.load(first.frozen.id)).toMatchObject({ state: 'cancelled' });
    expect((await subscribers.read(MSISDN)).pending).toEqual([{ orderId: second.frozen.id, serviceId: 'news' }]);
  });

  it('leaves what it supersedes alone once that is charged: money may have moved', async () => {
    const { orders } = bench.stores;
    const first = openStep('challenged');
    await orders.open(first, undefined);
    await orders.answer(answerStep(first, true));
    await orders.open(openStep('challenged', { supersedes: first.frozen.id }), undefined);
    expect(await orders.load(first.frozen.id)).toMatchObject({ state: 'charging' });
  });

  it('comes to nothing after a STOP that was received no sooner, unless it was opened before that (E12, E14)', async () => {
    const { orders, subscribers } = bench.stores;
    const first = openStep('confirmed');
    await orders.open(first, undefined);
    const reach = { services: ['news'], spared: [], receivedAt: first.receivedAt };
    await subscribers.stop(stopStep(first, { reach }));
    expect(await orders.open(openStep('confirmed'), undefined)).toEqual({ kind: 'stopped' });
    expect(await orders.open(first, undefined)).toEqual({ kind: 'repeat' });
  });

  it('comes to nothing after the latest STOP, whichever was heard last; none is remembered for ever (E14)', async () => {
    const { orders, subscribers } = bench.stores;
    const order = openStep('confirmed');
    for (const later of [2, 0]) {
      const reach = { services: 'all', spared: [], receivedAt: order.receivedAt + later } as const;
      await subscribers.stop(stopStep(order, { orders: [], reach }));
    }
    const after = { receivedAt: order.receivedAt + 1 };
    expect(await orders.open(openStep('confirmed', after), undefined)).toEqual({ kind: 'stopped' });
    expect(await bench.redis.pttl(bench.keys.stopped(bench.keys.subscriberOf(MSISDN)))).toBeGreaterThan(0);
  });

  it('forgets which orders were whose when the last of them is forgotten', async () => {
    const step = openStep('refused');
    await bench.stores.orders.open(step, undefined);
    const order = await bench.redis.pttl(bench.keys.order(step.frozen.id));
    const list = await bench.redis.pttl(bench.keys.ordersOf(bench.keys.subscriberOf(MSISDN)));
    expect(Math.abs(list - order)).toBeLessThan(60_000);
  });

  it('answers a second order of a recurring service while the first is under way', async () => {
    const { orders } = bench.stores;
    await orders.open(openStep('charging'), undefined);
    const already = reply('already');
    const again = openStep('charging');
    expect(await orders.open(again, already)).toMatchObject({ kind: 'already', owed: { mt: already } });
    expect(await orders.load(again.frozen.id)).toBeUndefined();
  });

  it.each([
    ['is not settled', () => Promise.resolve(), 'already'],
    ['a person has settled', (step: OpenStep) => bench.stores.orders.resolve(resolveStep(step, 'uncharged')), 'opened'],
    ['a STOP has reached', (step: OpenStep) => stop(step), 'opened'],
  ] as const)('after a dispute that %s', async (...[, meanwhile, kind]) => {
    const { orders, subscribers } = bench.stores;
    const step = openStep('charging');
    await orders.open(step, undefined);
    await orders.silence(step.frozen.id, 1, step.now);
    await orders.dispute(step.frozen.id, 1, 'no answer', step.now);
    expect((await subscribers.read(MSISDN)).inFlight).toHaveLength(1);
    await meanwhile(step);
    expect(await orders.open(openStep('charging'), reply('already'))).toMatchObject({ kind });
  });

  it.each(['stopRequested', 'givenEarly', 'refundAsked'])('after a dispute about what was %s', async (flag) => {
    const { orders, subscribers } = bench.stores;
    const step = openStep('charging');
    const { id } = step.frozen;
    await orders.open(step, undefined);
    await orders.silence(id, 1, step.now);
    await bench.redis.hset(bench.keys.order(id), flag, '1');
    await orders.dispute(id, 1, 'no answer', step.now);
    expect((await subscribers.read(MSISDN)).inFlight).toHaveLength(1);
    expect(await orders.open(openStep('charging'), reply('already'))).toMatchObject({ kind: 'opened' });
    await orders.resolve(resolveStep(step, 'uncharged'));
    expect((await subscribers.read(MSISDN)).inFlight).toHaveLength(1);
  });

  it('leaves a refused order at rest: nothing wakes anybody', async () => {
    const step = openStep('refused');
    await bench.stores.orders.open(step, undefined);
    expect(await bench.stores.orders.take(step.frozen.id, step.now + LEASE, LEASE)).toBeUndefined();
    expect(await bench.redis.zcard(bench.keys.wake(Number.parseInt(step.frozen.id, 10)))).toBe(0);
    expect(await bench.redis.pttl(bench.keys.order(step.frozen.id))).toBeGreaterThan(0);
  });
});
