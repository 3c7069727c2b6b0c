import { describe, expect, it } from 'vitest';
import type { OutboxStream } from '../../src/flow/ports/outbox.ts';
import { frozen, MSISDN, openStep, partitionOfMsisdn } from '../redis/fixtures.ts';
import { PARTITIONS, useBench, useServer } from '../redis/support.ts';
import type { Hearing } from './support.ts';
import { entry, hearing, runningOn, streamOf } from './support.ts';

const bench = useBench(useServer());
/** A part per partition, 100 ms for all of them, three entries at a time. */
const running = runningOn(bench, PARTITIONS);

const openOne = (msisdn = MSISDN) =>
  bench.stores.orders.open(openStep('confirmed', { frozen: frozen({ msisdn }) }), undefined);
const OTHER = Array.from({ length: 100 }, (_, last) => `2547111000${String(last).padStart(2, '0')}`).find(
  (msisdn) => partitionOfMsisdn(msisdn) !== partitionOfMsisdn(MSISDN),
);

type Running = ReturnType<typeof running>;

async function passed({ clock }: Running): Promise<void> {
  while (clock.waiting() === 0) await new Promise((resolve) => setImmediate(resolve));
}

async function passes(consumer: Running, count: number, ms: number): Promise<void> {
  for (let done = 0; done < count; done++) {
    consumer.clock.advance(ms);
    await passed(consumer);
  }
}

/** Ten entries in one part, of which the first look took three. */
async function fallBehind(consumer: Running, heard: Hearing): Promise<void> {
  for (let more = 0; more < 10; more++) await openOne();
  consumer.start();
  await passed(consumer);
  while (heard.entries.length < 3) await passes(consumer, 1, 25);
}

describe('a consumer that looks at its partitions part by part', () => {
  it('asks for those of a part at once, and goes over each part until it is dry', async () => {
    const stream = streamOf(bench, 'credit');
    const looks: string[] = [];
    let reading: number[] = [];
    const read: OutboxStream['read'] = async (one, count) => {
      reading.push(one);
      await new Promise(setImmediate);
      if (reading.length > 0) looks.push(reading.join());
      reading = [];
      const id = (at: number): string => `${bench.now + looks.length}-${at}`;
      return one === 0 && looks.length < 3
        ? Array.from({ length: count }, (_, at) => entry({ partition: one, id: id(at) }))
        : [];
    };
    await runningOn(bench, 2)(hearing('credit'), 'one', 3_600_000, { ...stream, read }).turn();
    expect(looks).toEqual(['0,1', '0,1', '0,1', '2,3']);
  });

  it('goes on by its clock until it is stopped', async () => {
    const heard = hearing('credit');
    const consumer = running(heard);
    consumer.start();
    await passed(consumer);
    await openOne();
    await openOne(OTHER);
    await passes(consumer, PARTITIONS - 1, 25);
    expect(heard.entries.length).toBeGreaterThan(0);
    await passes(consumer, 1, 25);
    expect(heard.entries).toHaveLength(2);
    consumer.clock.advance(24);
    expect(consumer.clock.waiting()).toBe(1);
    await consumer.stop();
    expect(consumer.clock.waiting()).toBe(0);
  });

  it('goes on without waiting for as long as one of them is behind, and none keeps the others', async () => {
    const heard = hearing('credit');
    const consumer = running(heard);
    await fallBehind(consumer, heard);
    await openOne(OTHER);
    // Three of ten are done; three more and the other one in the next round, the rest in two.
    await passes(consumer, PARTITIONS, 0);
    expect(heard.entries).toHaveLength(7);
    expect(new Set(heard.entries.map(({ partition }) => partition)).size).toBe(2);
    await passes(consumer, 2 * PARTITIONS, 0);
    expect(heard.entries).toHaveLength(11);
    await openOne();
    consumer.clock.advance(24);
    expect(consumer.clock.waiting()).toBe(1);
    await passes(consumer, PARTITIONS, 25);
    expect(heard.entries).toHaveLength(12);
    await consumer.stop();
  });

  it('waits for the turn of a part that fails, however much it holds', async () => {
    const heard = hearing('credit');
    const consumer = running(heard);
    await fallBehind(consumer, heard);
    heard.fail = true;
    await passes(consumer, 3 * PARTITIONS, 0);
    consumer.clock.advance(24);
    expect(consumer.notes).toEqual(['outbox.failed']);
    expect(consumer.clock.waiting()).toBe(1);
    await consumer.stop();
  });
});
