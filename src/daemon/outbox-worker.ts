/** The thread of the outbox: see outbox-thread.ts, which starts it. */
import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../clock.ts';
import type { Evidence } from '../domain/evidence/chain.ts';
import type { Note } from '../lib/note.ts';
import type { CreditRules } from '../outbox/credit.ts';
import { connectRedis } from '../redis/connection.ts';
import { createCreditBooks } from '../redis/credit/book.ts';
import { createEvidenceSource } from '../redis/evidence-source.ts';
import { readServerTime } from '../redis/health.ts';
import { createKeys } from '../redis/keys.ts';
import { createStoreClock } from '../store-clock.ts';
import type { Consumers } from './consumers.ts';
import { createConsumers } from './consumers.ts';
import type { ThreadFacts } from './outbox-thread.ts';
import type { PortCalls } from './port-calls.ts';
import { callsOver } from './port-calls.ts';

/** Milliseconds between two looks at the store's time. */
const ALIGN_EVERY = 5000;

async function open(facts: ThreadFacts, parent: () => PortCalls): Promise<Consumers> {
  const note: Note = (event, fields) => void parent().call('note', [event, fields]);
  // Whether Redis is there, and what it risks, is told by the process's first connection.
  const redis = await connectRedis(facts.redis, () => undefined);
  const clock = createStoreClock(systemClock);
  const align = async (): Promise<void> => {
    const asked = clock.monotonic();
    clock.align(await readServerTime(redis.redis), (asked + clock.monotonic()) / 2);
  };
  await align();
  setInterval(() => void align().catch(() => undefined), ALIGN_EVERY).unref();
  const { prefix } = facts.redis;
  const { partitions } = facts;
  const now = (): number => clock.now();
  return createConsumers(facts, {
    redis,
    // Writes entries and counts; scores are read where orders are decided.
    credit: createCreditBooks(redis, { partitions, startingPoints: () => undefined, maxAge: 0, now }),
    source: createEvidenceSource({ call: redis.call, keys: createKeys(prefix, partitions, noNumbers) }),
    clock,
    rules: () => rules,
    tell: (id) => parent().call('tell', id) as Promise<void>,
    spent: (order) => parent().call('spent', order) as Promise<void>,
    note,
  });
}

function noNumbers(): never {
  throw new TypeError('no number is looked up here');
}

const facts = workerData as ThreadFacts;
let { rules } = facts;

if (parentPort !== null) {
  const opened = open(facts, () => calls);
  const evidence = async () => {
    const { evidence: writer } = await opened;
    if (writer === undefined) throw new TypeError('no evidence is kept');
    return writer;
  };
  const calls = callsOver(parentPort, {
    start: async () => (await opened).start(),
    stop: async () => (await opened).stop(),
    rules: (next: CreditRules) => void (rules = next),
    append: async (records: readonly Evidence[]) => (await evidence()).append(records),
    among: async (entries: readonly string[]) => (await evidence()).among(entries),
    seal: async (now: boolean | undefined) => (await evidence()).seal(now),
  });
  // Without Redis the thread ends, and is started again.
  await opened;
}
