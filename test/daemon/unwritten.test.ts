import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { buildErasure } from '../../src/daemon/erasure.ts';
import type { Storage } from '../../src/daemon/storage.ts';
import { eraseSubscriber } from '../../src/flow/erase-subscriber.ts';
import { LAB_CONFIG } from '../../src/launcher/lab.ts';
import { createCdrFiles } from '../../src/outbox/cdr-files.ts';
import { createCdrConsumer } from '../../src/outbox/cdr.ts';
import { createEvidenceConsumer } from '../../src/outbox/evidence/consumer.ts';
import { useDesk } from '../outbox/evidence/support.ts';
import { streamOf } from '../outbox/support.ts';
import { dedupe, GRANTED, LEASE, MSISDN, openStep, owed, partitionOfMsisdn, recordStep, reply } from '../redis/fixtures.ts'; // prettier-ignore
import { useBench, useServer } from '../redis/support.ts';

const bench = useBench(useServer());
const desk = useDesk();
const partition = partitionOfMsisdn(MSISDN);
const CDR = 'cdr-2023-11-14-host_1.jsonl';

/** The files of one process with what writes them, and an erasure over them and Redis. */
async function office() {
  const loaded = await loadConfig(LAB_CONFIG, {});
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.fault));
  const { evidence, cdr } = loaded.value;
  const folders = { evidence: { ...evidence, folder: desk.folder }, cdr: { ...cdr, folder: desk.folder } };
  const { stores } = bench;
  const storage = { stores, clock: { now: () => bench.now + 60_000 } } as unknown as Storage;
  const writer = desk.writer();
  const ports = buildErasure({ ...loaded.value, ...folders }, storage, writer);
  const load = (id: string) => stores.orders.load(id);
  const consumers = [
    createCdrConsumer(createCdrFiles(desk.folder, 'host/1'), load),
    createEvidenceConsumer(writer, stores.evidence, 'host/1'),
  ];
  const stream = streamOf(bench, 'files');
  await stream.join();
  return {
    erase: () => eraseSubscriber(ports, { msisdn: MSISDN, reason: 'asked', who: 'amina' }),
    /** Has them in hand until it is told to go on. */
    read: async () => {
      const entries = await stream.read(partition, 100);
      return async () => {
        for (const consumer of consumers) await consumer.handle(entries, false);
        const ids = entries.map(({ id }) => id);
        await stream.acknowledge(partition, ids);
        return ids.length;
      };
    },
  };
}

/** A placed order with its notice, and the answer to HELP. */
async function served() {
  const { orders, mts } = bench.stores;
  const step = openStep('charging');
  const { id } = step.frozen;
  const [notice, help] = [owed(id, 'ordered', { orderId: id }), reply('help')];
  await orders.open(step, undefined);
  await orders.record(recordStep(step, GRANTED, { owe: notice }));
  await mts.owe(dedupe(), help, 1, LEASE);
  const said = () =>
    Promise.all([notice, help].map((mt) => mts.accepted(mt, { smsc: 'a', messageIds: [mt.id], text: 'said' }, 2)));
  return { id, said };
}

async function filesWith(text: string): Promise<readonly string[]> {
  const names = await readdir(desk.folder);
  const texts = await Promise.all(names.map((name) => readFile(join(desk.folder, name), 'utf8')));
  return names.filter((_, at) => texts[at]?.includes(text));
}

const stays = (order: string | undefined, why: string) => ({ order, why, until: undefined });

it('an erasure leaves what the outbox has still to tell of, read or not, and takes it with its files the next time', async () => {
  const { erase, read } = await office();
  const { id, said } = await served();
  await said();
  const holds = [stays(id, 'unwritten'), stays(undefined, 'unwritten')];
  expect(await erase()).toMatchObject({ orders: 0, texts: 0, holds });
  const write = await read();
  expect(await erase()).toMatchObject({ orders: 0, texts: 0, holds });
  const records = { evidence: await write(), cdr: 1 };
  expect(await filesWith(`"orderId":"${id}"`)).toEqual([CDR]);
  expect(await erase()).toMatchObject({ orders: 1, texts: 2, records, holds: [] });
  expect(await filesWith(MSISDN)).toEqual([]);
  expect(await filesWith(`"orderId":"${id}"`)).toEqual([CDR]);
  expect(await desk.faults()).toEqual([]);
});

it('an erasure leaves what a text is about that is still to be said: its number will be in the evidence of that', async () => {
  const { erase, read } = await office();
  const { id, said } = await served();
  await (
    await read()
  )();
  const { orders, texts, holds } = await erase();
  expect([orders, texts]).toEqual([0, 0]);
  expect(new Set(holds)).toEqual(new Set([stays(id, 'unfinished'), stays(undefined, 'unfinished')]));
  await said();
  await (
    await read()
  )();
  expect(await erase()).toMatchObject({ orders: 1, texts: 2, holds: [] });
  expect(await filesWith(MSISDN)).toEqual([]);
});
