import { describe, expect, it } from 'vitest';
import type { Consumer } from '../../src/outbox/consumer.ts';
import { openStep } from '../redis/fixtures.ts';
import { useBench, useServer } from '../redis/support.ts';
import { hearing, runningOn, streamOf } from './support.ts';

const bench = useBench(useServer());
const running = runningOn(bench);
const openOne = () => bench.stores.orders.open(openStep('confirmed'), undefined);
const refused = () => Promise.reject(new Error('no answer'));

describe('a pass of which a part fails', () => {
  it('joins its group once it can', async () => {
    const stream = streamOf(bench, 'credit');
    let away = true;
    const heard = hearing('credit');
    const consumer = running(heard, 'one', 3_600_000, { ...stream, join: () => (away ? refused() : stream.join()) });
    await openOne();
    expect(await consumer.turn()).toBe(0);
    away = false;
    expect(await consumer.turn()).toBe(1);
    expect(consumer.notes).toEqual(['outbox.failed']);
  });

  it('handles what is new though it could not ask for what others left, and says so', async () => {
    const stream = streamOf(bench, 'credit');
    const heard = hearing('credit');
    const consumer = running(heard, 'one', 3_600_000, { ...stream, recover: refused });
    await openOne();
    expect(await consumer.turn()).toBe(0);
    expect(heard.entries).toHaveLength(1);
    expect(consumer.notes).toEqual(['outbox.failed']);
  });

  it('handles what is new though it cannot handle what another process left, and says so', async () => {
    await streamOf(bench, 'credit').join();
    await openOne();
    const [left] = await Promise.all(
      [...Array(streamOf(bench, 'credit').partitions).keys()].map((one) =>
        streamOf(bench, 'credit', 'dead').read(one, 10),
      ),
    ).then((lists) => lists.flat());
    const heard = hearing('credit');
    const picky: Consumer = {
      ...heard,
      handle: (entries, again) =>
        entries.some(({ id }) => id === left?.id) ? refused() : heard.handle(entries, again),
    };
    await openOne();
    const consumer = running(picky, 'one', 0);
    expect(await consumer.turn()).toBe(0);
    expect(heard.entries).toHaveLength(1);
    expect(consumer.notes).toEqual(['outbox.failed']);
  });

  it('asks for less the next time, of what others left as well, and for more again once it works', async () => {
    const stream = streamOf(bench, 'credit');
    const asked: [read: number, recover: number][] = [];
    let recovering = 0;
    const heard = hearing('credit');
    const consumer = runningOn(bench, 1, 40)(heard, 'one', 3_600_000, {
      ...stream,
      recover: (one, idle, count) => stream.recover(one, idle, (recovering = count)),
      read(one, count) {
        if (one === 0) asked.push([count, recovering]);
        return stream.read(one, count);
      },
    });
    await openOne();
    heard.fail = true;
    await consumer.turn();
    heard.fail = false;
    for (let turn = 0; turn < 2; turn++) await consumer.turn();
    expect(asked).toEqual([
      [40, 40],
      [20, 20],
      [40, 40],
    ]);
  });
});
