import type { CreditLedger } from '../flow/ports/outbox.ts';
import type { EvidenceSource } from '../flow/ports/evidence.ts';
import { isSpendingTold } from '../flow/terms/spending.ts';
import type { Order } from '../domain/order.ts';
import type { Clock } from '../lib/clock.ts';
import type { Note } from '../lib/note.ts';
import { createCdrFiles } from '../outbox/cdr-files.ts';
import { createCdrConsumer } from '../outbox/cdr.ts';
import type { Consumer } from '../outbox/consumer.ts';
import { CONSUMER_SETTINGS, createConsumer } from '../outbox/consumer.ts';
import type { CreditRules } from '../outbox/credit.ts';
import { createCreditConsumer } from '../outbox/credit.ts';
import { createEvidenceConsumer } from '../outbox/evidence/consumer.ts';
import { createSigner } from '../outbox/evidence/signing.ts';
import type { EvidenceWriter } from '../outbox/evidence/writer.ts';
import { createEvidenceWriter } from '../outbox/evidence/writer.ts';
import { createProvisionConsumer } from '../outbox/provision.ts';
import { readOnce } from '../outbox/read-once.ts';
import { together } from '../outbox/together.ts';
import type { RedisHandle } from '../redis/connection.ts';
import { createOutboxStream } from '../redis/outbox/stream.ts';

/** What stays the same while the process runs; plain data, so that a thread can be given it. */
export interface ConsumerFacts {
  readonly partitions: number;
  /** Names this process in the consumer groups. */
  readonly owner: string;
  /** Names this process's files: its Origin-Host. */
  readonly instance: string;
  /** No folder: none are written. */
  readonly cdr: string | undefined;
  readonly evidence: { readonly folder: string | undefined; readonly heads: string };
  /** Ed25519 private key of evidence heads. */
  readonly evidenceKey: Uint8Array;
}

/** What consumers leave to the orders' loop. */
export interface BackCalls {
  /** Leaves a job for what a provider is told. */
  readonly tell: (id: string) => Promise<void>;
  /** Tells a subscriber what was spent. */
  readonly spent: (order: Order) => Promise<void>;
  readonly note: Note;
}

/** What the consumers reach. */
export interface ConsumerGround extends BackCalls {
  readonly redis: RedisHandle;
  readonly credit: CreditLedger;
  readonly source: EvidenceSource;
  readonly clock: Clock;
  readonly rules: () => CreditRules;
}

/** The consumers of the outbox, wherever they run. */
export interface Consumers {
  /** Credit is read once before the first order, so that none is challenged for want of a watermark (E18). */
  start(): Promise<void>;
  /** Finishes what is at work and signs the evidence written since the last head. */
  stop(): Promise<void>;
  /** An erasure writes into the same chain; undefined where config keeps no evidence. */
  readonly evidence: EvidenceWriter | undefined;
}

/** The groups that this process serves. */
export function groupsOf({ cdr, evidence }: Pick<ConsumerFacts, 'cdr' | 'evidence'>): readonly string[] {
  return cdr === undefined && evidence.folder === undefined ? ['store'] : ['store', 'files'];
}

/**
 * Two groups, by what they fail with: credit books and what providers are told go back into the store, always; CDRs and
 * evidence into files, where config names a folder.
 */
export function createConsumers(facts: ConsumerFacts, ground: ConsumerGround): Consumers {
  const evidence = writerOf(facts, ground);
  const consumers = [storeWork(ground), filesWork(facts, ground, evidence)].filter((one) => one !== undefined);
  const groups = groupsOf(facts);
  const running = consumers.map((consumer) => {
    const { redis, clock, note } = ground;
    const { partitions, owner } = facts;
    const stream = createOutboxStream(redis, { partitions, group: consumer.name, groups, consumer: owner });
    return createConsumer({ stream, consumer, settings: CONSUMER_SETTINGS, clock, note });
  });
  return {
    evidence,
    async start() {
      await running[0]?.turn();
      for (const consumer of running) consumer.start();
    },
    async stop() {
      await Promise.all(running.map((consumer) => consumer.stop()));
      await evidence?.seal(true);
    },
  };
}

function storeWork({ source, credit, rules, tell, spent }: ConsumerGround): Consumer {
  const once = readOnce(source);
  const load = loadFrom(once);
  const placed = async (order: Order): Promise<void> => (isSpendingTold(order) ? spent(order) : undefined);
  const consumers = [
    createCreditConsumer(credit, rules, async (id) => (await load(id))?.frozen.providerId),
    createProvisionConsumer({ load, queue: tell, placed }),
  ];
  return together('store', consumers, () => once.forget());
}

function filesWork(
  { cdr, instance }: ConsumerFacts,
  { source }: ConsumerGround,
  evidence: EvidenceWriter | undefined,
): Consumer | undefined {
  const once = readOnce(source);
  const consumers = [
    cdr === undefined ? undefined : createCdrConsumer(createCdrFiles(cdr, instance), loadFrom(once)),
    evidence && createEvidenceConsumer(evidence, once, instance),
  ].filter((one) => one !== undefined);
  return consumers.length === 0 ? undefined : together('files', consumers, () => once.forget());
}

function loadFrom(source: EvidenceSource): (orderId: string) => Promise<Order | undefined> {
  return async (orderId) => (await source.order(orderId))?.order;
}

/** Writes this process's chains. */
function writerOf(facts: ConsumerFacts, { clock, note }: ConsumerGround): EvidenceWriter | undefined {
  const { folder, heads } = facts.evidence;
  if (folder === undefined) return undefined;
  const signer = createSigner(facts.evidenceKey);
  return createEvidenceWriter({ folder, heads, instance: facts.instance, signer, now: () => clock.now(), note });
}
