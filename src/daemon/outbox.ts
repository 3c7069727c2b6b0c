import type { Config } from '../config/config.ts';
import type { Storage } from './storage.ts';
import type { Note } from '../lib/note.ts';
import { createCdrFiles } from '../outbox/cdr-files.ts';
import { createCdrConsumer } from '../outbox/cdr.ts';
import { CONSUMER_SETTINGS, createConsumer } from '../outbox/consumer.ts';
import type { Consumer, RunningConsumer } from '../outbox/consumer.ts';
import { createCreditConsumer, CREDIT_RULES } from '../outbox/credit.ts';
import { createOutboxStream } from '../redis/outbox-stream.ts';

const CDR_GROUP = 'cdr';
const CREDIT_GROUP = 'credit';

/** The consumers of the outbox: credit books always, CDR files where config names a folder. */
export interface Outbox {
  /** Credit is read once before the first order, so that none is challenged for want of a watermark (E18). */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export function buildOutbox(config: Config, storage: Storage, note: Note): Outbox {
  const { folder } = config.cdr;
  const groups = folder === undefined ? [CREDIT_GROUP] : [CREDIT_GROUP, CDR_GROUP];
  const run = (consumer: Consumer): RunningConsumer => {
    const { partitions } = config.flow;
    const stream = createOutboxStream(storage.redis, {
      partitions,
      group: consumer.group,
      groups,
      consumer: storage.owner,
    });
    return createConsumer({ stream, consumer, settings: CONSUMER_SETTINGS, clock: storage.clock, note });
  };
  const credit = run(createCreditConsumer(storage.credit, () => CREDIT_RULES));
  const others =
    folder === undefined
      ? []
      : [
          run(
            createCdrConsumer(createCdrFiles(folder, config.node.originHost), (id) => storage.stores.orders.load(id)),
          ),
        ];
  return {
    async start() {
      await credit.turn();
      for (const consumer of [credit, ...others]) consumer.start();
    },
    async stop() {
      await Promise.all([credit, ...others].map((consumer) => consumer.stop()));
    },
  };
}
