import { describe, expect, it } from 'vitest';
import type { Consumer } from '../../src/outbox/consumer.ts';
import { openStep, partitionOfMsisdn, MSISDN } from '../redis/fixtures.ts';
import { useBench, useServer } from '../redis/support.ts';
import { hearing, runningOn, streamOf } from './support.ts';

const bench = useBench(useServer());
const running = runningOn(bench);
const partition = partitionOfMsisdn(MSISDN);
const openOne = () => bench.stores.orders.open(openStep('confirmed'), undefined);
const refused = () => Promise.reject(new Error('no answer'));

describe('what a consumer knows of entries that come again', () => {
  it('handles nothing twice whose acknowledgment was lost', async () => {
    const heard = hearing('credit');
    const stream = streamOf(bench, 'credit');
    let lost = true;
    const consumer = running(heard, 'one', 3_600_000, {
      ...stream,
      acknowledge: (one, ids) => (lost && ids.length > 0 ? refused() : stream.acknowledge(one, ids)),
    });
    await openOne();
    expect(await consumer.turn()).toBe(0);
    lost = false;
    await consumer.turn();
    expect(heard.entries).toHaveLength(1);
    expect(await stream.oldestPending(partition)).toBeUndefined();
  });

  it.each([
    ['nobody else, where this one failed at it', 'one', false],
    ['somebody, where it was taken over, however often it fails', 'dead', true],
  ])('is told whether another process may have begun: %s', async (_, first, begun) => {
    const told: boolean[] = [];
    const asking: Consumer = {
      name: 'credit',
      handle: (_entries, again) => (told.push(again) > 1 ? Promise.resolve() : refused()),
    };
    const consumer = running(asking, 'one');
    await consumer.turn();
    await openOne();
    if (first !== 'one') await streamOf(bench, 'credit', first).read(partition, 10);
    await consumer.turn();
    await consumer.turn();
    expect(told).toEqual([begun, begun]);
  });

  it('takes for begun what an earlier thread of its name was given', async () => {
    await streamOf(bench, 'credit').join();
    await openOne();
    await streamOf(bench, 'credit', 'one').read(partition, 10);
    const told: boolean[] = [];
    await running(
      { name: 'credit', handle: (_, again) => Promise.resolve(void told.push(again)) },
      'one',
      3_600_000,
    ).turn();
    expect(told).toEqual([true]);
  });
});
