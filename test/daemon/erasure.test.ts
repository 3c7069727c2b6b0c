import { expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { buildErasure } from '../../src/daemon/erasure.ts';
import type { Storage } from '../../src/daemon/storage.ts';
import { exportSubscriber } from '../../src/flow/erase-subscriber.ts';
import { LAB_CONFIG } from '../../src/launcher/lab.ts';
import { record, useDesk } from '../outbox/evidence/support.ts';

const desk = useDesk();
const ALICE = '254700000123';
const BOB = '254700000999';

/** Nothing is in Redis. */
const storage = {
  stores: { eraser: { records: () => Promise.resolve([]) } },
  clock: { now: () => desk.now },
} as unknown as Storage;

it('an export holds what is of its subscriber, and nothing of who wrote that number', async () => {
  const loaded = await loadConfig(LAB_CONFIG, {});
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.fault));
  const { evidence, cdr } = loaded.value;
  const folders = { evidence: { ...evidence, folder: desk.folder }, cdr: { ...cdr, folder: undefined } };
  const writer = desk.writer();
  await writer.append([record(1), record(2, { personal: { msisdn: BOB, heard: { text: `NEWS ${ALICE}` } } })]);
  const exported = await exportSubscriber(buildErasure({ ...loaded.value, ...folders }, storage, writer), ALICE);
  expect(exported).toMatchObject([{ where: 'evidence', what: { n: 1 } }]);
  expect(JSON.stringify(exported)).not.toContain(BOB);
});
