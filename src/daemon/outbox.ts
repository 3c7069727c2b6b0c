import type { Config } from '../config/config.ts';
import type { Live } from './live.ts';
import type { Storage } from './storage.ts';
import { createCdrFiles } from '../outbox/cdr-files.ts';
import { createCdrConsumer } from '../outbox/cdr.ts';
import { CONSUMER_SETTINGS, createConsumer } from '../outbox/consumer.ts';
import type { Consumer } from '../outbox/consumer.ts';
import { createCreditConsumer } from '../outbox/credit.ts';
import { createEvidenceConsumer } from '../outbox/evidence/consumer.ts';
import { createProvisionConsumer } from '../outbox/provision.ts';
import type { Queues } from '../queue/queues.ts';
import { createOutboxStream } from '../redis/outbox-stream.ts';
import type { Ports } from '../flow/ports.ts';
import { tellSpending } from '../flow/spending.ts';
import type { ErasurePorts } from '../flow/erase-subscriber.ts';
import { buildErasure } from './erasure.ts';
import { buildEvidence } from './evidence.ts';
import { startRetention } from './retention.ts';

/** The consumers of the outbox: credit books always, CDR files and evidence where config names a folder. */
export interface Outbox {
  /** Credit is read once before the first order, so that none is challenged for want of a watermark (E18). */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** What one number may be erased from. */
  readonly erasure: ErasurePorts;
}

export function buildOutbox(live: Live, storage: Storage, queues: Pick<Queues, 'tell'>, ports: Ports): Outbox {
  const { config } = live;
  const { note } = ports;
  const { stores, owner, redis, clock } = storage;
  const evidence = buildEvidence(config, storage, note);
  const consumers = [
    createCreditConsumer(
      storage.credit,
      () => live.config.credit,
      async (id) => (await stores.orders.load(id))?.frozen.providerId,
    ),
    createProvisionConsumer({
      load: (id) => stores.orders.load(id),
      queue: (id) => queues.tell(id),
      placed: (order) => tellSpending(ports, order),
    }),
    cdrConsumer(config, storage),
    evidence && createEvidenceConsumer(evidence, stores.evidence, config.node.originHost),
  ].filter((consumer) => consumer !== undefined);
  const groups = consumers.map(({ group }) => group);
  const running = consumers.map((consumer) => {
    const group = { partitions: config.flow.partitions, group: consumer.group, groups, consumer: owner };
    const stream = createOutboxStream(redis, group);
    return createConsumer({ stream, consumer, settings: CONSUMER_SETTINGS, clock, note });
  });
  let stopRetention = (): void => undefined;
  return {
    erasure: buildErasure(config, storage, evidence),
    async start() {
      stopRetention = startRetention(config, storage, note);
      await running[0]?.turn();
      for (const consumer of running) consumer.start();
    },
    async stop() {
      stopRetention();
      await Promise.all(running.map((consumer) => consumer.stop()));
      await evidence?.seal(true);
    },
  };
}

function cdrConsumer({ cdr: { folder }, node }: Config, { stores }: Storage): Consumer | undefined {
  if (folder === undefined) return undefined;
  return createCdrConsumer(createCdrFiles(folder, node.originHost), (id) => stores.orders.load(id));
}
