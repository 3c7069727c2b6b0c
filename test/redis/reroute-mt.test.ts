import { describe, expect, it } from 'vitest';
import type { Challenge } from '../../src/domain/challenge.ts';
import { partitionOf } from '../../src/domain/ids.ts';
import type { OwedMt } from '../../src/domain/notice.ts';
import { answerStep, LEASE, MSISDN, openStep, owed } from './fixtures.ts';
import { useBench, useServer } from './support.ts';

const bench = useBench(useServer());
const NOW = 1_700_000_000_000;
const fallback = { text: 'code', from: 'email', to: 'sms', because: 'the mail server answered 550', at: NOW } as const;

/** A code owed by email, as `open` leaves it. */
async function oweByEmail(): Promise<OwedMt> {
  const step = openStep('challenged');
  const mt = owed(step.frozen.id, 'code', { orderId: step.frozen.id, channel: 'email', address: 'me@example.org' });
  await bench.stores.orders.open({ ...step, owe: mt }, undefined);
  return mt;
}

const bySms = (mt: OwedMt): OwedMt => ({ ...mt, channel: 'sms', tried: ['email'] });
const orderOf = async ({ orderId }: OwedMt) => bench.stores.orders.load(orderId ?? '');

describe('a text that its channel cannot carry', () => {
  it('P6: is owed over the next one by the holder of its fence, and its order keeps the reason', async () => {
    const mt = await oweByEmail();
    const step = { mt: bySms(mt), fallback, challenge: undefined, fence: 1, now: NOW, leaseFor: LEASE };
    expect(await bench.stores.mts.reroute({ ...step, fence: 7 })).toBeUndefined();
    expect(await bench.stores.mts.reroute(step)).toMatchObject({ mt: bySms(mt), lease: { fence: 2 } });
    const taken = await bench.stores.mts.take(mt.id, NOW + LEASE, LEASE);
    expect(taken?.mt).toEqual(bySms(mt));
    expect((await orderOf(mt))?.fallbacks).toEqual([fallback]);
  });

  it('keeps every reason, in their order', async () => {
    const mt = await oweByEmail();
    const step = { mt: bySms(mt), fallback, challenge: undefined, fence: 1, now: NOW, leaseFor: LEASE };
    await bench.stores.mts.reroute(step);
    const second = { ...fallback, from: 'sms', to: 'flash' } as const;
    await bench.stores.mts.reroute({ ...step, mt: { ...mt, channel: 'flash' }, fallback: second, fence: 2 });
    expect((await orderOf(mt))?.fallbacks).toEqual([fallback, second]);
  });

  it('is rerouted after it left only when it did not arrive, and once', async () => {
    const mt = { ...(await oweByEmail()), channel: 'sms' } as const;
    const step = {
      mt: { ...mt, channel: 'flash' },
      fallback,
      challenge: undefined,
      fence: undefined,
      now: NOW,
      leaseFor: LEASE,
    } as const;
    await bench.stores.mts.accepted(mt, { smsc: 'north', messageIds: ['m1'], text: 'said' }, NOW);
    expect(await bench.stores.mts.reroute(step)).toBeUndefined();
    const lost = { smsc: 'north', messageId: 'm1', msisdn: MSISDN, state: 'undeliverable', error: '034' } as const;
    await bench.stores.mts.receipt(lost, NOW);
    const held = await Promise.all(Array.from({ length: 20 }, () => bench.stores.mts.reroute(step)));
    expect(held.filter((one) => one !== undefined)).toHaveLength(1);
  });

  describe('and that is a challenge', () => {
    const longer = (challenge: Challenge | undefined): Challenge => ({
      ...(challenge ?? { id: 'none', kind: 'otp', keyId: 'k', maxTries: 3 }),
      windowEndsAt: NOW + 3_600_000,
      codeEndsAt: NOW + 300_000,
    });

    it('E16: has the time of its new channel, and the sweeper looks when that is over', async () => {
      const mt = await oweByEmail();
      const challenge = longer((await orderOf(mt))?.challenge);
      await bench.stores.mts.reroute({ mt: bySms(mt), fallback, challenge, fence: 1, now: NOW, leaseFor: LEASE });
      expect((await orderOf(mt))?.challenge).toEqual(challenge);
      const partition = partitionOf(mt.orderId ?? '');
      const due = (at: number) => bench.stores.wake.claimDue(partition, at, 10);
      const orders = (found: Awaited<ReturnType<typeof due>>) => found.filter(({ kind }) => kind === 'order');
      expect(orders(await due(challenge.windowEndsAt - 1))).toEqual([]);
      expect(orders(await due(challenge.windowEndsAt))).toMatchObject([{ id: mt.orderId }]);
    });

    it('gives no order back its window that was answered meanwhile', async () => {
      const mt = await oweByEmail();
      const order = await orderOf(mt);
      const challenge = longer(order?.challenge);
      const right = answerStep(openStep('challenged', { frozen: order!.frozen, challenge: order!.challenge }), true);
      await bench.stores.orders.answer({ ...right, now: NOW });
      await bench.stores.mts.reroute({ mt: bySms(mt), fallback, challenge, fence: 1, now: NOW, leaseFor: LEASE });
      const wakes = await bench.redis.zscore(bench.keys.wake(partitionOf(mt.orderId ?? '')), `o:${mt.orderId ?? ''}`);
      expect(wakes).toBe(String(NOW + LEASE));
    });

    it('is left as it is where another code was asked for meanwhile', async () => {
      const mt = await oweByEmail();
      const before = (await orderOf(mt))?.challenge;
      const other = { ...longer(before), id: 'older' };
      await bench.stores.mts.reroute({
        mt: bySms(mt),
        fallback,
        challenge: other,
        fence: 1,
        now: NOW,
        leaseFor: LEASE,
      });
      expect((await orderOf(mt))?.challenge).toEqual(before);
    });
  });
});
