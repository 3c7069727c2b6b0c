import type { Config } from '../config/config.ts';
import type { ErasurePorts } from '../flow/erase-subscriber.ts';
import type { Ports } from '../flow/ports/ports.ts';
import { tellSpending } from '../flow/terms/spending.ts';
import type { Queues } from '../queue/queues.ts';
import type { BackCalls, ConsumerFacts, ConsumerGround } from './consumers.ts';
import { createConsumers, groupsOf } from './consumers.ts';
import { buildErasure } from './erasure.ts';
import type { Live } from './live.ts';
import { startOutboxThread } from './outbox-thread.ts';
import { startRetention } from './retention.ts';
import type { Storage } from './storage.ts';

/** What becomes of the outbox: in a thread of its own, or beside the orders where config says so. */
export interface Outbox {
  /** Credit is read once before the first order, so that none is challenged for want of a watermark (E18). */
  start(): Promise<void>;
  /** Config was read again: credit rules may be others. */
  reload(): void;
  stop(): Promise<void>;
  /** Drops a consumer group that config serves no more: until then, every entry is kept for it (E24). */
  forget(group: string): Promise<'done' | 'served' | 'unknown'>;
  /** What one number may be erased from. */
  readonly erasure: ErasurePorts;
}

export function buildOutbox(live: Live, storage: Storage, queues: Pick<Queues, 'tell'>, ports: Ports): Outbox {
  const { config } = live;
  const { note } = ports;
  const facts = factsOf(config, storage);
  const back: BackCalls = {
    tell: (id) => queues.tell(id),
    spent: (order) => tellSpending(ports, order),
    note,
  };
  const thread = config.instance.outboxThread
    ? startOutboxThread({ ...facts, redis: storage.address, rules: config.credit }, back)
    : undefined;
  const consumers = thread ?? createConsumers(facts, groundOf(live, storage, back));
  let stopRetention = (): void => undefined;
  return {
    erasure: buildErasure(config, storage, consumers.evidence),
    async start() {
      stopRetention = startRetention(config, storage, note);
      await consumers.start();
    },
    reload: () => thread?.rules(live.config.credit),
    async forget(group) {
      if (groupsOf(facts).includes(group)) return 'served';
      return (await storage.stores.outbox.forget(group)) ? 'done' : 'unknown';
    },
    async stop() {
      stopRetention();
      await consumers.stop();
    },
  };
}

function factsOf({ flow, node, cdr, evidence }: Config, { owner, evidenceKey }: Storage): ConsumerFacts {
  return { partitions: flow.partitions, owner, instance: node.originHost, cdr: cdr.folder, evidence, evidenceKey };
}

function groundOf(live: Live, { redis, credit, stores, clock }: Storage, back: BackCalls): ConsumerGround {
  return { redis, credit, source: stores.evidence, clock, rules: () => live.config.credit, ...back };
}
