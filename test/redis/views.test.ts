import { describe, expect, it } from 'vitest';
import type { Doubt } from '../../src/domain/order.ts';
import { DOUBTS } from '../../src/domain/order.ts';
import { createStores } from '../../src/redis/stores.ts';
import { dialogue } from './dialogue.ts';
import {
  dedupe,
  frozen,
  GRANTED,
  LEASE,
  MSISDN,
  openStep,
  partitionOfMsisdn,
  recordStep,
  reply,
  resolveStep,
} from './fixtures.ts';
import { hash, PARTITIONS, useBench, useServer } from './support.ts';

const bench = useBench(useServer());
const NOW = 1_700_000_000_000;
const partition = partitionOfMsisdn(MSISDN);

async function opened(at: number, msisdn = MSISDN): Promise<string> {
  const step = openStep('confirmed', { frozen: frozen({ openedAt: at, msisdn }) });
  await bench.stores.orders.open(step, undefined);
  return step.frozen.id;
}

describe('the wake', () => {
  it('tells what is due, once to each of two sweepers', async () => {
    const { wake } = bench.stores;
    const ids = [await opened(NOW), await opened(NOW + 1), await opened(NOW + 2)];
    const due = NOW + LEASE + 1;
    const swept = await Promise.all(Array.from({ length: 5 }, () => wake.claimDue(partition, due, 10)));
    expect(
      swept
        .flat()
        .map(({ id }) => id)
        .sort(),
    ).toEqual(ids.slice(0, 2).sort());
    expect(swept.flat()[0]).toMatchObject({ kind: 'order', fence: 1 });
  });

  it('tells it again when the job was lost', async () => {
    const { wake } = bench.stores;
    const id = await opened(NOW);
    const due = NOW + LEASE;
    expect(await wake.claimDue(partition, due, 10)).toHaveLength(1);
    expect(await wake.claimDue(partition, due + 14_999, 10)).toHaveLength(0);
    expect(await wake.claimDue(partition, due + 15_000, 10)).toEqual([{ kind: 'order', id, fence: 1 }]);
  });

  it('comes in slices, the longest overdue first', async () => {
    const ids = [await opened(NOW + 2), await opened(NOW + 1)];
    const [first] = await bench.stores.wake.claimDue(partition, NOW + LEASE + 5, 1);
    expect(first?.id).toBe(ids[1]);
  });

  describe('of a process that speaks no USSD', () => {
    const claim = (at: number, limit = 10) => bench.stores.wake.claimDue(partition, at, limit, ['order', 'mt']);

    it('takes no dialogue, however many are due before, and leaves each to who can end it', async () => {
      const { dialogues, wake } = bench.stores;
      await dialogues.move(undefined, dialogue(), NOW);
      const { partition: n, name } = bench.keys.subscriberOf(MSISDN);
      const others = Array.from(
        { length: 5 },
        (_, i) => `u:${bench.keys.subscriberId({ partition: n, name: `${i}${name}` })}`,
      );
      await bench.redis.zadd(bench.keys.wake(partition), ...others.flatMap((member) => [NOW - 1, member]));
      const id = await opened(NOW);
      expect(await claim(NOW + LEASE, 2)).toEqual([{ kind: 'order', id, fence: 1 }]);
      expect(await claim(NOW + LEASE, 2)).toEqual([]);
      expect(await wake.claimDue(partition, NOW + LEASE, 10)).toMatchObject([{ kind: 'dialogue', fence: 1 }]);
    });

    it('forgets a dialogue that is long gone, for nobody may be left who speaks USSD', async () => {
      await bench.stores.dialogues.move(undefined, dialogue(), NOW);
      await bench.redis.del(bench.keys.dialogue(bench.keys.subscriberOf(MSISDN)));
      expect(await claim(NOW + 7_199_999)).toEqual([]);
      expect(await bench.redis.zcard(bench.keys.wake(partition))).toBe(1);
      expect(await claim(NOW + 7_200_000)).toEqual([]);
      expect(await bench.redis.zcard(bench.keys.wake(partition))).toBe(0);
    });
  });

  it('forgets what was erased by hand', async () => {
    const id = await opened(NOW);
    await bench.redis.del(bench.keys.order(id));
    expect(await bench.stores.wake.claimDue(partition, NOW + LEASE, 10)).toEqual([]);
    expect(await bench.redis.zcard(bench.keys.wake(partition))).toBe(0);
  });

  it('moves with the lease, and with a release', async () => {
    const { orders } = bench.stores;
    const id = await opened(NOW);
    const score = () => bench.redis.zscore(bench.keys.wake(partition), `o:${id}`);
    expect(await score()).toBe(String(NOW + LEASE));
    await orders.renew(id, 1, NOW + 3 * LEASE);
    expect(await score()).toBe(String(NOW + 3 * LEASE));
    await orders.release(id, 1, NOW + 5);
    expect(await score()).toBe(String(NOW + 5));
    expect(await orders.renew(id, 1, NOW + 9 * LEASE)).toBe(false);
    expect(await orders.take(id, NOW + 5, LEASE)).toMatchObject({ order: { waits: 1 }, lease: { fence: 2 } });
  });
});

describe('the views of staff', () => {
  it('list the newest orders of all partitions', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 8; i++) ids.push(await opened(NOW + i, `25470000${1000 + i}`));
    const recent = await bench.stores.index.recent(3);
    expect(recent.map(({ frozen: { id } }) => id)).toEqual(ids.slice(-3).reverse());
  });

  it('list one subscriber’s orders, and no other’s', async () => {
    const id = await opened(NOW);
    await opened(NOW, '254700000999');
    expect((await bench.stores.index.ofSubscriber(MSISDN, 10)).map(({ frozen: one }) => one.id)).toEqual([id]);
  });

  it('are bounded', async () => {
    const stores = await createStores(bench.handle, {
      partitions: PARTITIONS,
      owner: 'test',
      hash,
      now: () => NOW,
      retention: { recentOrders: 2, ownOrders: 1 },
    });
    for (let i = 0; i < 4; i++) await stores.orders.open(openStep('confirmed', { now: NOW + i }), undefined);
    expect(await stores.index.recent(10)).toHaveLength(2);
    expect(await stores.index.ofSubscriber(MSISDN, 10)).toHaveLength(1);
  });

  it('count the states, and what waits', async () => {
    await opened(NOW);
    const step = openStep('charging');
    await bench.stores.orders.open(step, undefined);
    await bench.stores.orders.record(recordStep(step, GRANTED));
    expect(await bench.stores.index.census()).toMatchObject({ confirmed: 1, charging: 0, placed: 1, declined: 0 });
    // The confirmed order and the notice of the placed one.
    expect(await bench.stores.index.backlog(NOW + LEASE + 7)).toEqual({ waiting: 2, overdue: 7 });
    expect(await bench.stores.index.backlog(NOW)).toEqual({ waiting: 2, overdue: 0 });
  });

  it('find the orders whose money is in doubt by their state, until it is in doubt no more', async () => {
    const { index, orders } = bench.stores;
    const ids = (state: Doubt, limit = 10) =>
      index.inDoubt([state], limit).then((found) => found.map(({ frozen: { id } }) => id));
    const [unknown, disputed, answered] = [openStep('charging'), openStep('charging'), openStep('charging')];
    for (const step of [unknown, disputed, answered]) {
      await orders.open(step, undefined);
      await orders.silence(step.frozen.id, 1, NOW);
    }
    await orders.dispute(disputed.frozen.id, 1, 'no answer', NOW);
    expect(await ids('charge-unknown', 1)).toHaveLength(1);
    await orders.record(recordStep(answered, GRANTED));
    expect(await ids('charge-unknown')).toEqual([unknown.frozen.id]);
    expect(await ids('disputed')).toEqual([disputed.frozen.id]);
    const both = await index.inDoubt(DOUBTS, 10);
    expect(both.map(({ frozen: { id } }) => id)).toEqual([disputed.frozen.id, unknown.frozen.id]);
    await orders.resolve(resolveStep(disputed, 'uncharged'));
    expect(await ids('disputed')).toEqual([]);
    expect(await index.census()).toMatchObject({ 'charge-unknown': 1, disputed: 0, placed: 1, uncharged: 1 });
  });

  it('know no order of another store', async () => {
    expect(await bench.stores.index.orderById('77-abc')).toBeUndefined();
    expect(await bench.stores.index.orderById('../etc')).toBeUndefined();
  });
});

describe('a subscriber', () => {
  it('is nobody at first', async () => {
    expect(await bench.stores.subscribers.read(MSISDN)).toEqual({
      language: undefined,
      channel: undefined,
      numbers: new Map(),
      subscriptions: [],
      pending: [],
      inFlight: [],
      lately: [],
      providers: new Set(),
      troubles: new Map(),
      spent: new Map(),
    });
  });

  it('is asked about the oldest open order first', async () => {
    const ids: string[] = [];
    for (const at of [NOW, NOW + 1, NOW + 2]) {
      const step = openStep('challenged', { frozen: frozen({ openedAt: at }) });
      await bench.stores.orders.open(step, undefined);
      ids.push(step.frozen.id);
    }
    const { pending } = await bench.stores.subscribers.read(MSISDN);
    expect(pending.map(({ orderId }) => orderId)).toEqual(ids);
  });

  it('keeps the channel that it named, once per message', async () => {
    const { subscribers } = bench.stores;
    const same = dedupe();
    const mt = reply('channel-set');
    expect(await subscribers.remember(same, { channel: 'flash' }, mt, NOW, LEASE)).toMatchObject({ mt });
    expect(await subscribers.remember(same, { channel: 'ussd' }, reply('channel-set'), NOW, LEASE)).toBeUndefined();
    expect((await subscribers.read(MSISDN)).channel).toBe('flash');
  });

  it('keeps the address of its email channel while it reads elsewhere', async () => {
    const { subscribers } = bench.stores;
    const choice = { channel: 'email', address: 'me@example.org' } as const;
    await subscribers.remember(dedupe(), choice, reply('channel-set'), NOW, LEASE);
    await subscribers.remember(dedupe(), { channel: 'sms' }, reply('channel-set'), NOW, LEASE);
    expect(await subscribers.read(MSISDN)).toMatchObject({ channel: 'sms', address: 'me@example.org' });
  });

  it('hears so many help texts in an hour, and a repeat is none of them (E20)', async () => {
    const { subscribers, mts } = bench.stores;
    const HELP = { kind: 'help', limit: 3 } as const;
    const may = [];
    for (let i = 0; i < 4; i++) may.push(await subscribers.mayAnswer(MSISDN, HELP, dedupe()));
    expect(may).toEqual([true, true, true, false]);
    const recorded = dedupe();
    await mts.owe(recorded, reply('help'), NOW, LEASE);
    expect(await subscribers.mayAnswer(MSISDN, HELP, recorded)).toBe(true);
    expect(await subscribers.mayAnswer('254700000999', HELP, dedupe())).toBe(true);
    expect(await subscribers.mayAnswer(MSISDN, { kind: 'stop', limit: 3 }, dedupe())).toBe(true);
    const [counter] = await bench.redis.keys(`*${bench.prefix}*answers*`);
    expect(await bench.redis.pttl(counter!)).toBeGreaterThan(0);
  });

  it('leaves no number in any key (E19)', async () => {
    await opened(NOW);
    await bench.stores.mts.owe(dedupe(), reply('help'), NOW, LEASE);
    const keys = await bench.redis.keys(`*${bench.prefix}*`);
    expect(keys.length).toBeGreaterThan(5);
    expect(keys.filter((key) => key.includes(MSISDN))).toEqual([]);
  });
});
