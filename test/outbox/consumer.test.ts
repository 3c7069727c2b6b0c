import { describe, expect, it } from 'vitest';
import type { OutboxStream } from '../../src/flow/ports/outbox.ts';
import type { Consumer } from '../../src/outbox/consumer.ts';
import { answerStep, frozen, openStep, partitionOfMsisdn, MSISDN } from '../redis/fixtures.ts';
import { PARTITIONS, useBench, useServer } from '../redis/support.ts';
import { GROUPS, hearing, runningOn, streamOf } from './support.ts';

const bench = useBench(useServer());
const partition = partitionOfMsisdn(MSISDN);

const running = runningOn(bench);

const openOne = () => bench.stores.orders.open(openStep('confirmed'), undefined);
/** A subscriber of another partition, which is not the next one. */
const [BOB, OTHER] = otherPartition();
const openOther = () => bench.stores.orders.open(openStep('confirmed', { frozen: frozen({ msisdn: BOB }) }), undefined);

function otherPartition(): readonly [msisdn: string, partition: number] {
  for (let last = 0; ; last++) {
    const msisdn = `2547111${String(last).padStart(5, '0')}`;
    if (Math.abs(partitionOfMsisdn(msisdn) - partition) > 1) return [msisdn, partitionOfMsisdn(msisdn)];
  }
}

const refused = () => Promise.reject(new Error('no answer'));

const depth = () => bench.redis.xlen(bench.keys.outbox(partition));

describe('a consumer', () => {
  it('hears everything in order, once, in more batches than one', async () => {
    const heard = hearing('credit');
    const consumer = running(heard);
    for (let i = 0; i < 7; i++) await openOne();
    expect(await consumer.turn()).toBe(7);
    expect(await consumer.turn()).toBe(0);
    const ids = heard.entries.map(({ id }) => id);
    expect(new Set(ids).size).toBe(7);
    expect([...ids].sort()).toEqual(ids);
  });

  it('acknowledges each partition its own, and is told of both', async () => {
    const heard = hearing('credit');
    const consumer = running(heard);
    await openOne();
    await openOther();
    expect(await consumer.turn()).toBe(2);
    for (const one of [partition, OTHER]) expect(await consumer.stream.oldestPending(one)).toBeUndefined();
    expect(await consumer.turn()).toBe(0);
  });

  it('handles what it was given though one partition could not be read, tells no end of that one, and says so (E18)', async () => {
    const heard = hearing('credit');
    const consumer = running(heard);
    await openOne();
    await openOther();
    const { stream } = consumer;
    const read: typeof stream.read = (one, count) =>
      one === OTHER ? Promise.reject(new Error('no answer')) : stream.read(one, count);
    const broken = running(heard, 'two', 3_600_000, { ...stream, read });
    expect(await broken.turn()).toBe(0);
    expect(broken.notes).toEqual(['outbox.failed']);
    expect(heard.entries).toHaveLength(1);
    expect([heard.upTo.has(partition), heard.upTo.has(OTHER)]).toEqual([true, false]);
    expect(await stream.oldestPending(partition)).toBeUndefined();
    expect(await consumer.turn()).toBe(1);
  });

  it.each(['acknowledge', 'trim'] as const)(
    'goes on with the other partitions where one fails to %s (E18)',
    async (what) => {
      const heard = hearing('credit');
      const first = streamOf(bench, 'credit');
      await openOne();
      await openOther();
      const fail = (one: number): boolean => one === Math.min(partition, OTHER);
      const broken = running(heard, 'one', 3_600_000, {
        ...first,
        acknowledge: (one, ids) =>
          what === 'acknowledge' && fail(one) && ids.length > 0 ? refused() : first.acknowledge(one, ids),
        trim: (one) => (what === 'trim' && fail(one) ? refused() : first.trim(one)),
      });
      expect(await broken.turn()).toBe(0);
      expect(heard.entries).toHaveLength(2);
      expect(await first.oldestPending(Math.max(partition, OTHER))).toBeUndefined();
      if (what === 'trim') expect(heard.upTo.has(Math.max(partition, OTHER))).toBe(true);
    },
  );

  it('tells what is done, and trims it, while more goes on being written (E18, E24)', async () => {
    const heard = hearing('credit');
    await streamOf(bench, 'cdr').join();
    for (let i = 0; i < 12; i++) await openOne();
    await running(hearing('cdr')).turn();
    const told: number[] = [];
    const kept: number[] = [];
    const busy: Consumer = {
      ...heard,
      async caughtUp(at, upTo) {
        if (at !== partition) return;
        told.push(upTo);
        kept.push(await depth());
      },
    };
    await running(busy).turn();
    expect(told).toHaveLength(5);
    // The last pass finds nothing: then all that was written before it is done, by the clock.
    expect(told.at(-1)).toBe(bench.now);
    // The others gave out three of more: what was written before the third of them is.
    expect(told.slice(0, -1)).toEqual([2, 5, 8, 11].map((at) => Number.parseInt(heard.entries[at]!.id, 10)));
    expect(kept).toEqual([9, 6, 3, 0, 0]);
  });

  it('goes no further than the pass at work once it is stopped', async () => {
    const heard = hearing('credit');
    const busy: Consumer = {
      ...heard,
      async handle(entries) {
        await heard.handle(entries, false);
        if (heard.entries.length === 3) void consumer.stop();
        for (let i = 0; i < 3; i++) await openOne();
      },
    };
    for (let i = 0; i < 3; i++) await openOne();
    const consumer = running(busy);
    consumer.start();
    while (heard.entries.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await consumer.stop();
    expect(heard.entries).toHaveLength(3);
  });

  it('is told ids and no more', async () => {
    const heard = hearing('credit');
    const step = openStep('challenged');
    await bench.stores.orders.open(step, undefined);
    await bench.stores.orders.answer(answerStep(step, false));
    await running(heard).turn();
    expect(heard.entries).toMatchObject([
      { type: 'order', subject: step.frozen.id, state: 'challenged', from: 'received', cause: 'open' },
      { state: 'challenged', cause: 'wrong', providerId: 'acme', serviceId: 'news', at: step.now + 1000 },
    ]);
    expect(JSON.stringify(heard.entries)).not.toContain(MSISDN);
  });

  it('gets again what it failed at, and says so', async () => {
    const heard = hearing('credit');
    const consumer = running(heard);
    await openOne();
    heard.fail = true;
    expect(await consumer.turn()).toBe(0);
    expect(consumer.notes).toEqual(['outbox.failed']);
    heard.fail = false;
    expect(await consumer.turn()).toBe(1);
    expect(heard.entries).toHaveLength(1);
  });

  it('says ever more seldom that it still fails, and how often it did, until it works again', async () => {
    const heard = hearing('credit');
    const consumer = running(heard);
    const told = async (passes: number) => {
      consumer.notes.length = 0;
      for (let pass = 0; pass < passes; pass++) await consumer.turn();
      return consumer.notes.length;
    };
    await openOne();
    heard.fail = true;
    expect(await told(20)).toBe(5);
    expect(consumer.fields.at(-1)).toEqual({ group: 'credit', reason: 'the disk is full', failed: 16 });
    heard.fail = false;
    expect(await told(1)).toBe(0);
    await openOne();
    heard.fail = true;
    expect(await told(1)).toBe(1);
  });

  it('takes up at once what it was given when a pass failed, however long a process counts as alive (E18)', async () => {
    const heard = hearing('credit');
    const stream = streamOf(bench, 'credit');
    let lost = false;
    const losing: OutboxStream = {
      ...stream,
      async read(at, count) {
        const entries = await stream.read(at, count);
        if (lost) throw new Error('no reply within 2000 ms');
        return entries;
      },
    };
    const consumer = running(heard, 'one', 3_600_000, losing);
    await consumer.turn();
    for (let more = 0; more < 5; more++) await openOne();
    lost = true;
    expect(await consumer.turn()).toBe(0);
    lost = false;
    await openOne();
    await consumer.turn();
    await consumer.turn();
    const ids = heard.entries.map(({ id }) => id);
    expect([ids.length, new Set(ids).size]).toEqual([6, 6]);
    expect(heard.upTo.get(partition)).toBe(bench.now);
  });

  it.each([
    ['one entry', 1],
    ['more than one pass takes', 4],
  ])('goes on with what comes though it cannot handle what it was given: %s', async (_, count) => {
    const heard = hearing('credit');
    const poison = new Set<string>();
    const poisoned: Consumer = {
      ...heard,
      handle(list, again) {
        if (!heard.fail && !list.some(({ id }) => poison.has(id))) return heard.handle(list, again);
        for (const { id } of list) poison.add(id);
        return refused();
      },
    };
    const consumer = running(poisoned, 'one', 3_600_000);
    for (let more = 0; more < count; more++) await openOne();
    heard.fail = true;
    await consumer.turn();
    heard.fail = false;
    await openOne();
    await consumer.turn();
    await consumer.turn();
    expect(heard.entries.length).toBeGreaterThan(0);
    expect(await depth()).toBe(count + 1);
  });

  it('takes over what a dead process was given', async () => {
    await streamOf(bench, 'credit').join();
    await openOne();
    expect(await streamOf(bench, 'credit', 'dead').read(partition, 10)).toHaveLength(1);
    const heard = hearing('credit');
    await running(heard, 'alive').turn();
    expect(heard.entries).toHaveLength(1);
  });

  it('leaves alone what another process is still at, and does not call it done (E18)', async () => {
    await streamOf(bench, 'credit').join();
    await openOne();
    const [given] = await streamOf(bench, 'credit', 'busy').read(partition, 10);
    const heard = hearing('credit');
    await running(heard, 'other', 3_600_000).turn();
    expect(heard.entries).toEqual([]);
    expect(heard.upTo.get(partition)).toBe(Number.parseInt(given!.id, 10));
  });

  it('reports idle partitions as read up to now (E18)', async () => {
    const heard = hearing('credit');
    const consumer = running(heard);
    await consumer.turn();
    expect([...heard.upTo.keys()]).toEqual(Array.from({ length: PARTITIONS }, (_, index) => index));
    expect([...heard.upTo.values()]).toEqual(Array.from({ length: PARTITIONS }, () => bench.now));
  });
});

describe('trimming (E24)', () => {
  it('waits for every group, also for one that has not joined yet', async () => {
    const credit = running(hearing('credit'));
    await openOne();
    await credit.turn();
    expect(await depth()).toBe(1);
    const cdr = running(hearing('cdr'));
    await cdr.turn();
    expect(await depth()).toBe(0);
    expect(GROUPS).toHaveLength(2);
  });

  it('keeps what one group was given and has not acknowledged', async () => {
    await running(hearing('credit')).turn();
    await running(hearing('cdr')).turn();
    for (let i = 0; i < 3; i++) await openOne();
    await running(hearing('credit')).turn();
    const slow = streamOf(bench, 'cdr', 'slow');
    const [first, second] = await slow.read(partition, 2);
    await slow.acknowledge(partition, [first!.id]);
    await slow.trim(partition);
    expect(await depth()).toBe(2);
    await slow.acknowledge(partition, [second!.id]);
    await slow.trim(partition);
    expect(await depth()).toBe(1);
  });

  it('forgets no consumer that was given what it has not acknowledged, however long ago that was (E24)', async () => {
    for (const group of GROUPS) await streamOf(bench, group).join();
    await openOne();
    const dead = streamOf(bench, 'credit', 'dead');
    expect(await dead.read(partition, 9)).toHaveLength(1);
    const step = JSON.stringify({ groups: GROUPS, forgetIdle: -1 });
    await bench.handle.run('trim-outbox', [bench.keys.outbox(partition)], [step]);
    expect(await streamOf(bench, 'credit', 'two').recover(partition, 0, 9)).toHaveLength(1);
  });

  it('of a partition that nothing was ever written to does nothing', async () => {
    expect(await streamOf(bench, 'credit').trim(0)).toBe(0);
  });

  it('goes on once a consumer that was switched off is forgotten by hand', async () => {
    await streamOf(bench, 'webhooks').join();
    await openOne();
    await openOther();
    await running(hearing('credit')).turn();
    await running(hearing('cdr')).turn();
    const { outbox } = bench.stores;
    const firsts = await Promise.all(
      [partition, OTHER].map((at) => bench.redis.xrange(bench.keys.outbox(at), '-', '+', 'COUNT', 1)),
    );
    // The head of a stream's id is epoch ms.
    const oldest = Math.min(...firsts.map((entries) => Number.parseInt(entries[0]![0], 10)));
    expect(await outbox.depth()).toEqual({
      entries: 2,
      groups: [
        { group: 'cdr', pending: 0, behind: 0 },
        { group: 'credit', pending: 0, behind: 0 },
        { group: 'webhooks', pending: 0, behind: 2 },
      ],
      oldest,
    });
    expect(await outbox.forget('webhooks')).toBe(true);
    expect(await outbox.forget('webhooks')).toBe(false);
    for (const at of [partition, OTHER]) await streamOf(bench, 'credit').trim(at);
    expect(await outbox.depth()).toMatchObject({ entries: 0, oldest: undefined });
  });
});
