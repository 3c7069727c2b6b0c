import { describe, expect, it } from 'vitest';
import type { OpenStep } from '../../src/flow/ports/ports.ts';
import { charge, DENIED, GRANTED, LEASE, MSISDN, openStep, PARTIAL, recordStep, refundStep, resolveStep } from './fixtures.ts'; // prettier-ignore
import { useBench, useServer } from './support.ts';

const bench = useBench(useServer());

async function opened(): Promise<OpenStep> {
  const step = openStep('charging');
  await bench.stores.orders.open(step, undefined);
  return step;
}

describe('a refund (E6)', () => {
  it('is stored once, whoever asks', async () => {
    const { orders } = bench.stores;
    const step = await opened();
    const id = step.frozen.id;
    expect(await orders.permitRefund(id, 1, charge(), step.now)).toBeUndefined();
    await orders.record(recordStep(step, PARTIAL));
    const first = charge('refund;1;1');
    expect(await orders.permitRefund(id, 1, first, step.now)).toMatchObject({ order: { refund: first }, again: false });
    expect(await orders.permitRefund(id, 1, charge('refund;1;2'), step.now)).toMatchObject({
      order: { refund: first },
      again: true,
    });
    expect(await orders.permitRefund(id, 0, charge('refund;1;3'), step.now)).toBeUndefined();
    const told = refundStep(step, GRANTED, { sessionId: 'refund;1;1' });
    expect(await orders.recordRefund(told)).toMatchObject({
      kind: 'recorded',
      state: 'refunded',
      owed: { mt: told.owe },
    });
    expect(await orders.recordRefund(told)).toEqual({ kind: 'repeat', state: 'refunded' });
  });

  async function refunding(sessionId: string): Promise<OpenStep> {
    const step = await opened();
    await bench.stores.orders.record(recordStep(step, PARTIAL));
    await bench.stores.orders.permitRefund(step.frozen.id, 1, charge(sessionId), step.now);
    return step;
  }

  it('that somebody asks for keeps its order until it is answered', async () => {
    const { orders } = bench.stores;
    const step = await opened();
    const { id } = step.frozen;
    await orders.record(recordStep(step, GRANTED));
    expect(await bench.redis.pttl(bench.keys.order(id))).toBeGreaterThan(0);
    const asked = { who: 'noc-1', why: 'asked for by letter', at: step.now };
    await orders.askRefund({ orderId: id, asked, told: 'paid-back', now: step.now });
    expect(await bench.redis.pttl(bench.keys.order(id))).toBe(-1);
  });

  it('has T unless its holder handed the first send back (E1, E2), and is as old as what may have left (E4)', async () => {
    const { orders } = bench.stores;
    const step = await opened();
    const { id } = step.frozen;
    await orders.record(recordStep(step, PARTIAL));
    const permit = (fence: number, now: number) => orders.permitRefund(id, fence, charge('r;1;1'), now);
    const first = await permit(1, step.now + 1);
    expect(first).toMatchObject({ again: false, order: { sentFrom: step.now + 1 } });
    expect(await orders.handBack(id, 2, 'refund')).toBe(false);
    expect(await orders.handBack(id, 1, 'refund')).toBe(true);
    expect(await orders.handBack(id, 1, 'refund')).toBe(false);
    await orders.take(id, step.now + LEASE, LEASE);
    expect(await permit(2, step.now + 2)).toMatchObject({ again: false, order: { sentFrom: step.now + 2 } });
    expect(await permit(2, step.now + 3)).toMatchObject({ again: true, order: { sentFrom: step.now + 2 } });
    expect(await orders.handBack(id, 2, 'refund')).toBe(false);
    expect(await permit(2, step.now + 4)).toMatchObject({ again: true });
  });

  it('that an older release stored without a mark counts as sent', async () => {
    const { orders } = bench.stores;
    const step = await opened();
    await orders.record(recordStep(step, PARTIAL));
    const stored = charge('r;1;1');
    await bench.redis.hset(bench.keys.order(step.frozen.id), 'refund', JSON.stringify(stored));
    expect(await orders.permitRefund(step.frozen.id, 1, charge(), step.now)).toMatchObject({
      order: { refund: stored },
      again: true,
    });
  });

  const NOT_APPLICABLE = { kind: 'granted', free: true, resultCode: 4011 } as const;
  it.each([DENIED, NOT_APPLICABLE])('that the OCS refuses is parked for a person: %o', async (verdict) => {
    const { orders } = bench.stores;
    const step = await refunding('refund;1;1');
    expect(await orders.recordRefund(refundStep(step, verdict, { sessionId: 'refund;1;1' }))).toMatchObject({
      state: 'disputed',
    });
    expect(await orders.take(step.frozen.id, step.now + 10 * LEASE, LEASE)).toBeUndefined();
  });

  it('of which less was given back is parked for a person with how much (E6)', async () => {
    const { orders } = bench.stores;
    const step = await refunding('refund;1;1');
    const reason = 'the OCS gave back KES 2.00 of KES 5.00 (2001)';
    const part = refundStep(step, PARTIAL, { sessionId: 'refund;1;1', reason, owe: undefined });
    expect(await orders.recordRefund(part)).toMatchObject({ kind: 'recorded', state: 'disputed' });
    expect(await bench.redis.hget(bench.keys.order(step.frozen.id), 'reason')).toBe(reason);
    expect(await orders.recordRefund(part)).toEqual({ kind: 'repeat', state: 'disputed' });
  });

  it.each([GRANTED, DENIED])('takes no answer to another one: %o', async (verdict) => {
    const { orders } = bench.stores;
    const step = await refunding('refund;1;1');
    const other = refundStep(step, verdict, { sessionId: 'refund;1;0' });
    expect(await orders.recordRefund(other)).toEqual({ kind: 'repeat', state: 'refunding' });
    expect(await bench.redis.hget(bench.keys.order(step.frozen.id), 'refundVerdict')).toBeNull();
  });

  it('that succeeds after all settles the dispute about it; what comes late and refuses it does not', async () => {
    const { orders, subscribers } = bench.stores;
    const step = await refunding('refund;1;1');
    await orders.dispute(step.frozen.id, 1, 'not answered', step.now);
    const late = { sessionId: 'refund;1;1' };
    expect(await orders.recordRefund(refundStep(step, DENIED, late))).toEqual({ kind: 'repeat', state: 'disputed' });
    expect(await orders.permitRefund(step.frozen.id, 1, charge(), step.now)).toBeUndefined();
    expect(await orders.recordRefund(refundStep(step, GRANTED, late))).toMatchObject({
      kind: 'recorded',
      state: 'refunded',
      owed: { mt: { kind: 'refunded' } },
    });
    expect((await subscribers.read(MSISDN)).inFlight).toEqual([]);
  });

  it.each(['placed', 'refund'] as const)(
    'that a person has ruled on (%s) is over: the next one is its own',
    async (outcome) => {
      const { orders } = bench.stores;
      const step = await refunding('old;1;1');
      const { id } = step.frozen;
      await orders.recordRefund(refundStep(step, DENIED, { sessionId: 'old;1;1' }));
      await orders.resolve(resolveStep(step, outcome));
      const asked = { who: 'noc-1', why: 'why', at: step.now };
      if (outcome === 'placed') await orders.askRefund({ orderId: id, asked, told: 'paid-back', now: step.now });
      const held = await orders.take(id, step.now + 10 * LEASE, LEASE);
      const next = charge('next;1;1');
      expect(await orders.permitRefund(id, held!.lease.fence, next, step.now)).toMatchObject({
        order: { refund: next },
        again: false,
      });
      const old = refundStep(step, GRANTED, { sessionId: 'old;1;1' });
      expect(await orders.recordRefund(old)).toEqual({ kind: 'repeat', state: 'refunding' });
    },
  );
});
