import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ArchiveOrder } from '../../src/flow/erase-subscriber.ts';
import { eraseSubscriber } from '../../src/flow/erase-subscriber.ts';
import { holdsOn } from '../../src/flow/ports/erasure.ts';
import { eventually } from '../queue/support.ts';
import { dedupe, frozen, GRANTED, LEASE, MSISDN, openStep, owed, recordStep, reply, subscription } from './fixtures.ts';
import { useBench, useServer } from './support.ts';

const server = useServer();
const bench = useBench(server);
const BOB = '254711111111';

/** Every key with everything under it, as one text. */
async function everything(): Promise<string> {
  const { redis } = bench;
  const dumps = (await redis.keys('*')).map(async (key) => {
    const type = await redis.type(key);
    if (type === 'hash') return [key, await redis.hgetall(key)];
    if (type === 'zset') return [key, await redis.zrange(key, '0', '-1')];
    return [key, type === 'string' ? await redis.get(key) : type];
  });
  return JSON.stringify(await Promise.all(dumps));
}

/** The consumers of the outbox have written what was told so far. */
function written(): Promise<unknown> {
  const { redis, keys } = bench;
  return redis.xtrim(keys.outbox(keys.subscriberOf(MSISDN).partition), 'MAXLEN', 0);
}

async function isInFile(text: string): Promise<boolean> {
  const folder = join(server.dir, 'appendonlydir');
  const files = (await readdir(folder)).map((name) => readFile(join(folder, name)).catch(() => Buffer.alloc(0)));
  return (await Promise.all(files)).some((octets) => octets.includes(text));
}

describe('erasing a number from Redis', () => {
  it('leaves nothing that names it, in clear or by its HMAC, and nothing less of anybody else', async () => {
    const { orders, mts, eraser } = bench.stores;
    const step = openStep('charging');
    await orders.open(step, undefined);
    await orders.record(recordStep(step, GRANTED));
    await mts.accepted(recordStep(step, GRANTED).owe!, { smsc: 'a', messageIds: ['1'], text: 'x' }, 2);
    const help = reply('help');
    await mts.owe(dedupe(), help, 1, LEASE);
    await mts.bury(help, 1, { state: 'dead', reason: 'late' }, 2);
    const other = openStep('charging', { frozen: frozen({ msisdn: BOB }) });
    await orders.open(other, undefined);
    await written();
    const kept = await eraser.find(MSISDN);
    expect(kept).toMatchObject({ orders: [{ id: step.frozen.id, state: 'placed' }], services: [] });
    expect(kept.texts).toHaveLength(2);
    expect(await eraser.records(MSISDN)).toHaveLength(4);
    await eraser.erase(MSISDN, kept, new Set(), true);
    const rest = await everything();
    const { name } = bench.keys.subscriberOf(MSISDN);
    for (const trace of [MSISDN, name]) expect(rest).not.toContain(trace);
    expect(rest).toContain(BOB);
    expect(await eraser.find(MSISDN)).toEqual({ newest: 0, orders: [], texts: [], services: [] });
  });

  it('leaves nothing in the append-only file, though that is being written anew already', async () => {
    const { orders, eraser } = bench.stores;
    const carol = '254722222222';
    await orders.open(openStep('refused', { frozen: frozen({ msisdn: carol }) }), undefined);
    const kept = await eraser.find(carol);
    // Microseconds for each key: what is written anew now was there before the erasure.
    await bench.redis.config('SET', 'rdb-key-save-delay', '100000');
    // One that an earlier erasure began ends first.
    await eventually(() => bench.redis.bgrewriteaof().then(Boolean, () => false));
    await bench.redis.config('SET', 'rdb-key-save-delay', '0');
    await eraser.erase(carol, kept, new Set(), true);
    await eventually(async () => !(await isInFile(carol)));
  });

  it('leaves what is held, and says why', async () => {
    const { orders, eraser } = bench.stores;
    const open = openStep('charging');
    const weekly = openStep('charging', { frozen: frozen({ serviceId: 'w', period: 'week' }) });
    await orders.open(open, undefined);
    await orders.open(weekly, undefined);
    await orders.record(recordStep(weekly, GRANTED, { subscription: subscription(weekly.frozen) }));
    await written();
    const kept = await eraser.find(MSISDN);
    const holds = holdsOn(kept, 1000, open.now + 999);
    expect(holds).toContainEqual({ order: open.frozen.id, why: 'unfinished', until: undefined });
    expect(holds).toContainEqual({ order: weekly.frozen.id, why: 'retention', until: weekly.frozen.openedAt + 1000 });
    expect(holdsOn(kept, 1000, open.now + 1000)).not.toContainEqual(expect.objectContaining({ why: 'retention' }));
    await eraser.erase(MSISDN, kept, new Set([open.frozen.id]), false);
    expect(await orders.load(open.frozen.id)).toBeDefined();
    expect(await orders.load(weekly.frozen.id)).toBeUndefined();
    expect(Object.keys(await bench.redis.hgetall(bench.keys.subscriber(bench.keys.subscriberOf(MSISDN))))).toContain(
      'sub:w',
    );
  });

  it('leaves the last order of a subscription that goes on: a provider is told its end by that', async () => {
    const { orders, eraser } = bench.stores;
    const before = openStep('charging');
    const weekly = openStep('charging', { frozen: frozen({ serviceId: 'w', period: 'week' }) });
    for (const step of [before, weekly]) await orders.open(step, undefined);
    await orders.record(recordStep(before, GRANTED, { owe: undefined }));
    await orders.record(recordStep(weekly, GRANTED, { owe: undefined, subscription: subscription(weekly.frozen) }));
    await written();
    const ports = { eraser, archives: [], keep: () => 0, now: () => before.now + 1, newId: () => 'erasure' };
    const wish = { msisdn: MSISDN, reason: 'asked', who: 'amina' };
    expect(await eraseSubscriber(ports, wish)).toMatchObject({
      orders: 1,
      holds: [{ order: weekly.frozen.id, why: 'subscription', until: undefined }],
    });
    expect(await orders.load(before.frozen.id)).toBeUndefined();
    expect(await orders.load(weekly.frozen.id)).toMatchObject({ state: 'placed' });
  });

  describe('while something happens to its subscriber', () => {
    /** Looks, and then something happens before it erases. */
    async function erasing(meanwhile: () => Promise<unknown>) {
      const { eraser } = bench.stores;
      await written();
      let looks = 0;
      const find: typeof eraser.find = async (msisdn) => {
        const kept = await eraser.find(msisdn);
        if (looks++ === 0) await meanwhile();
        return kept;
      };
      const held: string[] = [];
      const archive = {
        name: 'evidence',
        erase: (order: ArchiveOrder) => Promise.resolve(held.push(...order.held)),
        export: () => Promise.resolve([]),
      };
      const ports = { eraser: { ...eraser, find }, keep: () => 0, now: () => 2e12, newId: () => 'erasure' };
      const wish = { msisdn: MSISDN, reason: 'asked', who: 'amina' };
      return { erased: await eraseSubscriber({ ...ports, archives: [archive] }, wish), held };
    }

    it.each<[string, 'challenged' | 'charging', string]>([
      ['is asked', 'challenged', 'unfinished'],
      ['is served at once', 'charging', 'unwritten'],
    ])('leaves that order, by which the subscriber %s, and the record that it stands in', async (_what, state, why) => {
      const { orders } = bench.stores;
      const before = openStep('charging');
      await orders.open(before, undefined);
      await orders.record(recordStep(before, GRANTED, { owe: undefined }));
      const next = openStep(state, { now: before.now + 1 });
      const { erased, held } = await erasing(async () => {
        await orders.open(next, undefined);
        if (state === 'charging') await orders.record(recordStep(next, GRANTED));
      });
      const { id } = next.frozen;
      expect(erased).toMatchObject({ orders: 1, holds: [{ order: id, why, until: undefined }] });
      expect(held).toEqual([id]);
      expect(await orders.load(before.frozen.id)).toBeUndefined();
      expect(await orders.load(id)).toBeDefined();
      const at = bench.keys.subscriberOf(MSISDN);
      expect(await bench.redis.zrange(bench.keys.ordersOf(at), '0', '-1')).toEqual([id]);
      expect(await bench.redis.exists(bench.keys.subscriber(at))).toBe(1);
    });

    /** A placed one, with its notice. */
    async function placed() {
      const { orders, mts } = bench.stores;
      const step = openStep('charging');
      const { id } = step.frozen;
      const notice = owed(id, 'ordered', { orderId: id });
      await orders.open(step, undefined);
      await orders.record(recordStep(step, GRANTED, { owe: notice }));
      await mts.accepted(notice, { smsc: 'a', messageIds: [id], text: 'x' }, 2);
      return { id, notice: notice.id };
    }

    function askRefund(orderId: string) {
      const asked = { who: 'noc', why: 'complaint', at: 1 };
      return bench.stores.orders.askRefund({ orderId, asked, told: 'paid-back', now: 5 });
    }

    it('E6: leaves the order whose refund is asked for, with its text, its wake and the record that it stands in', async () => {
      const { orders, mts } = bench.stores;
      const before = await placed();
      const { id, notice } = await placed();
      const { erased, held } = await erasing(() => askRefund(id));
      expect(erased).toMatchObject({
        orders: 1,
        texts: 1,
        holds: [{ order: id, why: 'unfinished', until: undefined }],
      });
      expect(held).toEqual([id]);
      expect(await orders.load(id)).toMatchObject({ state: 'refunding' });
      expect(await mts.load(notice)).toBeDefined();
      const at = bench.keys.subscriberOf(MSISDN);
      expect(await bench.redis.zscore(bench.keys.wake(at.partition), `o:${id}`)).toBe('5');
      expect(await bench.redis.zrange(bench.keys.ordersOf(at), '0', '-1')).toEqual([id]);
      expect(await orders.load(before.id)).toBeUndefined();
      expect(await mts.load(before.notice)).toBeUndefined();
    });

    it('leaves what a person puts on hold, and names beside it what it had to leave already', async () => {
      const { orders, eraser } = bench.stores;
      const open = openStep('charging');
      await orders.open(open, undefined);
      const { id, notice } = await placed();
      const word = { who: 'noc', why: 'court order 7', at: 1 };
      const { erased, held } = await erasing(async () => expect(await eraser.hold(id, word)).toBe('done'));
      expect(erased).toMatchObject({ orders: 0, texts: 0 });
      expect(erased.holds).toEqual([
        { order: open.frozen.id, why: 'unfinished', until: undefined },
        { order: id, why: 'held', until: undefined },
      ]);
      expect(held).toEqual([open.frozen.id, id]);
      expect(await orders.load(id)).toMatchObject({ state: 'placed' });
      expect(await bench.stores.mts.load(notice)).toBeDefined();
    });

    it('leaves what is ordered beside an order that it had to leave already', async () => {
      const { orders } = bench.stores;
      const [open, next] = [openStep('charging'), openStep('charging')];
      await orders.open(open, undefined);
      const { erased, held } = await erasing(() => orders.open(next, undefined));
      const ids = [open.frozen.id, next.frozen.id];
      expect(erased.holds).toEqual(ids.map((order) => ({ order, why: 'unfinished', until: undefined })));
      expect(held).toEqual(ids);
    });

    it('P1: leaves the dead letter that is owed again, and no other', async () => {
      const { mts, deadLetters } = bench.stores;
      const [again, dead] = [reply('help'), reply('help')];
      for (const mt of [again, dead]) {
        await mts.owe(dedupe(), mt, 1, LEASE);
        await mts.bury(mt, 1, { state: 'dead', reason: 'late' }, 2);
      }
      const { erased } = await erasing(() => deadLetters.retry(again.id, ({ notAfter }) => notAfter));
      expect(erased).toMatchObject({ texts: 1, holds: [] });
      expect(await mts.load(dead.id)).toBeUndefined();
      expect((await mts.take(again.id, 3 + LEASE, LEASE))?.mt.id).toBe(again.id);
    });

    it('takes what is left of an order whose retention ends', async () => {
      const { id } = await placed();
      const { erased } = await erasing(() => bench.redis.del(bench.keys.order(id)));
      expect(erased).toMatchObject({ orders: 1, texts: 1, holds: [] });
      const at = bench.keys.subscriberOf(MSISDN);
      expect(await bench.redis.exists(bench.keys.ordersOf(at), bench.keys.subscriber(at))).toBe(0);
      expect(await bench.redis.zscore(bench.keys.recent(at.partition), id)).toBeNull();
    });
  });

  it('let go before it has settled, an order is kept like any other that has not', async () => {
    const { orders, eraser } = bench.stores;
    const step = openStep('charging');
    await orders.open(step, undefined);
    await eraser.hold(step.frozen.id, { who: 'amina', why: 'court order 7', at: 1 });
    await eraser.hold(step.frozen.id, undefined);
    expect(await bench.redis.pttl(bench.keys.order(step.frozen.id))).toBe(-1);
  });

  it('leaves what a person holds, beyond its retention too, until it is let go', async () => {
    const { orders, eraser } = bench.stores;
    const step = openStep('charging');
    await orders.open(step, undefined);
    const { id } = step.frozen;
    const word = { who: 'amina', why: 'court order 7', at: 1 };
    expect(await eraser.hold(id, word)).toBe('done');
    expect(await eraser.hold(id, word)).toBe('as-it-is');
    expect(await eraser.hold('01-nobody', word)).toBe('unknown');
    await orders.record(recordStep(step, GRANTED, { owe: undefined }));
    await written();
    const key = bench.keys.order(id);
    expect(await bench.redis.pttl(key)).toBe(-1);
    const kept = await eraser.find(MSISDN);
    expect(holdsOn(kept, 0, Number.MAX_SAFE_INTEGER)).toEqual([{ order: id, why: 'held', until: undefined }]);
    expect(await eraser.hold(id, undefined)).toBe('done');
    expect(await eraser.hold(id, undefined)).toBe('as-it-is');
    expect(await bench.redis.pttl(key)).toBeGreaterThan(0);
    expect(holdsOn(await eraser.find(MSISDN), 0, Number.MAX_SAFE_INTEGER)).toEqual([]);
    // Its retention runs by then.
    expect(await eraser.hold(id, word)).toBe('done');
    expect(await bench.redis.pttl(key)).toBe(-1);
  });
});
