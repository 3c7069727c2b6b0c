import { Queue } from 'bullmq';
import type { Worker } from 'bullmq';
import type { Note } from '../lib/note.ts';
import type { Later } from '../flow/ports.ts';
import type { FailedJob, WaitingJob } from './board.ts';
import { discardFailed, listFailed, listWaiting, retryFailed } from './board.ts';
import { createQueueBoard } from './bull-board.ts';
import type { JobData } from './job.ts';
import { jobId } from './job.ts';
import type { QueueName, QueueSettings } from './settings.ts';
import { QUEUE_NAMES } from './settings.ts';
import { CLOSE_MS, createEnding } from './ending.ts';
import { createFaults } from './faults.ts';
import type { Faults } from './faults.ts';
import { createWorker } from './worker.ts';

export type { FailedJob, WaitingJob } from './board.ts';
export type { JobFlows, QueueConnection, QueueName, QueueSettings } from './settings.ts';

export interface QueueCounts {
  readonly waiting: number;
  readonly delayed: number;
  readonly active: number;
  readonly failed: number;
}

export interface Queues extends Later {
  /** Begins to work off jobs; before it, jobs are only taken in. */
  start(): void;
  /** Resolves once the queues' own connections are ready. */
  ready(): Promise<void>;
  /** Everything that waits runs now: the OCS or a bind came back. */
  promoteAll(name: QueueName): Promise<void>;
  counts(): Promise<Readonly<Record<QueueName, QueueCounts>>>;
  /** Dead letters, newest first. */
  failed(limit: number): Promise<readonly FailedJob[]>;
  /** What waits, and why; the next one first. */
  waiting(limit: number): Promise<readonly WaitingJob[]>;
  /** Runs a dead letter again. False when there is no such one. */
  retry(name: QueueName, id: string): Promise<boolean>;
  discard(name: QueueName, id: string): Promise<boolean>;
  /** Takes no more jobs and waits for those at work, `drainFor` at most: a job that is cut off is taken up by another worker. */
  drain(): Promise<void>;
  /** Closes the connections. While Redis is away BullMQ would wait for it, so this gives up soon. */
  close(): Promise<void>;
  /** A fastify plugin: Bull Board, read-only, mounted under that path. */
  board(basePath: string): unknown;
}

/** Dead letters are kept for a month, and no more of them than this. */
const KEEP_FAILED = { age: 30 * 86_400, count: 10_000 };

/** Retries by BullMQ. The queue is a hint, the store is the record: a job that gets lost is made again by the sweeper (E5). */
export function createQueues(given: QueueSettings, note: Note): Queues {
  const ending = createEnding();
  const settings = { ...given, connection: { ...given.connection, retryStrategy: ending.retryStrategy } };
  const prefix = `{${settings.prefix}:jobs}`;
  const faults = createFaults(note, settings.now);
  const queues = make((name) => createQueue(name, prefix, settings, faults));
  const workers = make((name) => createWorker(name, prefix, { ...settings, note, faults }));
  const all = QUEUE_NAMES.map((name) => queues[name]);
  const add = adder(queues, note);
  const { drainFor = 8000 } = settings;
  return {
    settle: (id, fence, delayMs, reason) => add('settle', jobId(id, fence, delayMs), id, { delayMs, reason }),
    say: (id, fence, delayMs, reason) => add('say', jobId(id, fence, delayMs), id, { delayMs, reason }),
    start: () => QUEUE_NAMES.forEach((name) => begin(workers[name], name, faults)),
    ready: () => each((name) => queues[name].waitUntilReady()),
    promoteAll: (name) => queues[name].promoteJobs(),
    counts: async () => ({ settle: await countsOf(queues.settle), say: await countsOf(queues.say) }),
    failed: (limit) => listFailed(all, limit),
    waiting: (limit) => listWaiting(all, limit),
    retry: (name, id) => retryFailed(queues[name], id),
    discard: (name, id) => discardFailed(queues[name], id),
    board: (basePath) => createQueueBoard(all, basePath),
    drain: () => each((name) => ending.worker(workers[name], queues[name], drainFor)),
    close: () =>
      each(async (name) => {
        await ending.worker(workers[name], queues[name], CLOSE_MS);
        await ending.queue(queues[name]);
      }),
  };
}

function make<Value>(one: (name: QueueName) => Value): Record<QueueName, Value> {
  return { settle: one('settle'), say: one('say') };
}

async function each(run: (name: QueueName) => Promise<unknown>): Promise<void> {
  await Promise.all(QUEUE_NAMES.map(run));
}

/**
 * A producer that rejects at once while Redis is away, instead of waiting for ever. `skipWaitingForReady` is left out: with it
 * and without an offline queue, BullMQ's own first INFO comes before the connection is there, and the queue never recovers.
 */
function createQueue(name: QueueName, prefix: string, settings: QueueSettings, faults: Faults): Queue<JobData> {
  const queue = new Queue<JobData>(name, {
    connection: {
      ...settings.connection,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
    },
    prefix,
    defaultJobOptions: {
      attempts: Number.MAX_SAFE_INTEGER,
      backoff: { type: 'custom' },
      removeOnComplete: true,
      removeOnFail: KEEP_FAILED,
    },
  });
  queue.on('error', (error) => faults(name, error));
  return queue;
}

type Adder = (name: QueueName, job: string, id: string, wait: { delayMs: number; reason: string }) => Promise<void>;

function adder(queues: Record<QueueName, Queue<JobData>>, note: Note): Adder {
  return async (name, job, id, { delayMs, reason }) => {
    try {
      await queues[name].add(name, { id, reason }, { jobId: job, delay: Math.max(0, Math.round(delayMs)) });
    } catch (error) {
      note('queue.add-failed', { queue: name, job, reason: String(error) });
    }
  };
}

function begin(worker: Worker<JobData>, name: QueueName, faults: Faults): void {
  worker.run().catch((error: unknown) => faults(name, error));
}

async function countsOf(queue: Queue<JobData>): Promise<QueueCounts> {
  const counts = await queue.getJobCounts('waiting', 'delayed', 'active', 'failed');
  return {
    waiting: counts['waiting'] ?? 0,
    delayed: counts['delayed'] ?? 0,
    active: counts['active'] ?? 0,
    failed: counts['failed'] ?? 0,
  };
}
