import type { Job } from 'bullmq';
import type { Note } from '../lib/note.ts';
import type { Later } from '../flow/ports/ports.ts';
import type { FailedJob, WaitingJob } from './board.ts';
import { discardAbout, discardFailed, listActive, listFailed, listWaiting, retryFailed } from './board.ts';
import { createQueueBoard } from './bull-board.ts';
import type { JobData } from './job.ts';
import { jobId, oneOf, waitsUnder } from './job.ts';
import type { QueueName, QueueSettings } from './settings.ts';
import { QUEUE_NAMES } from './settings.ts';
import { CLOSE_MS, createEnding } from './ending.ts';
import { createFaults } from './faults.ts';
import { createLanes } from './lanes.ts';
import type { Lane, Lanes } from './lanes.ts';

export type { FailedJob, WaitingJob } from './board.ts';
export type { JobFlows, QueueConnection, QueueName, QueueSettings } from './settings.ts';

export interface QueueCounts {
  readonly waiting: number;
  readonly delayed: number;
  readonly active: number;
  readonly failed: number;
  /** When the longest there of those that come next was left, epoch ms; undefined when nothing waits. */
  readonly oldest: number | undefined;
}

export interface Queues extends Later {
  /** The routes that have a bind here: their texts, and no other route's, are taken from now on (E23). */
  serve(routes: ReadonlySet<string>): void;
  /** Leaves a telling to the `provision` queue; rejects when Redis is away. */
  tell(id: string): Promise<void>;
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
  /** Discards the dead letters of settling this order. */
  discardSettling(orderId: string): Promise<void>;
  /** Takes no more jobs and waits for those at work, `drainFor` at most: a job that is cut off is taken up by another worker. */
  drain(): Promise<void>;
  /** Closes the connections. While Redis is away BullMQ would wait for it, so this gives up soon. */
  close(): Promise<void>;
  /** A fastify plugin: Bull Board, read-only, mounted under that path. */
  board(basePath: string): unknown;
}

/** Retries by BullMQ. The queue is a hint, the store is the record: a job that gets lost is made again by the sweeper (E5). */
export function createQueues(given: QueueSettings, note: Note): Queues {
  const ending = createEnding();
  const settings = { ...given, connection: { ...given.connection, retryStrategy: ending.retryStrategy } };
  const lanes = createLanes(`{${settings.prefix}:jobs}`, {
    ...settings,
    note,
    faults: createFaults(note, settings.now),
  });
  const usual = QUEUE_NAMES.map((name) => lanes.of(name));
  const of = (name: QueueName): readonly Lane[] => lanes.all().filter(({ kind }) => kind === name);
  const { drainFor = 8000 } = settings;
  const endWorker = async ({ worker, queue }: Lane, ms: number): Promise<void> => {
    if (worker !== undefined) await ending.worker(worker, queue, ms);
  };
  return {
    ...leavingJobs(lanes, note),
    ...takingJobs(lanes, usual),
    ready: () => each(usual, ({ queue }) => queue.waitUntilReady()),
    promoteAll: (name) => each(of(name), ({ queue }) => queue.promoteJobs()),
    counts: () => countAll(of),
    tell: (id) => tell(lanes.of('provision'), id),
    telling: () => listActive(lanes.of('provision')),
    failed: (limit) => listFailed(lanes.all(), limit),
    waiting: (limit) => listWaiting(lanes.all(), limit),
    retry: (name, id) => retryFailed(of(name), id),
    discard: (name, id) => discardFailed(of(name), id),
    discardSettling: (orderId) => discardAbout(of('settle'), orderId),
    board: (basePath) => createQueueBoard(lanes, basePath),
    drain: () => each(lanes.all(), (lane) => endWorker(lane, drainFor)),
    close: () =>
      each(lanes.all(), async (lane) => {
        await endWorker(lane, CLOSE_MS);
        await ending.queue(lane.queue);
      }),
  };
}

function leavingJobs(lanes: Lanes, note: Note): Pick<Queues, 'settle' | 'say'> {
  return {
    settle: (id, fence, delayMs, reason) =>
      add(lanes.of('settle'), jobId(id, fence, delayMs), waitsUnder(id, fence, { delayMs, reason }), { delayMs, note }),
    say: ({ id, route }, fence, delayMs, reason) => {
      const wait = { delayMs, note, once: route !== undefined };
      return add(lanes.of('say', route), jobId(id, fence, delayMs), { id, reason }, wait);
    },
  };
}

async function countAll(of: (name: QueueName) => readonly Lane[]): ReturnType<Queues['counts']> {
  return {
    settle: await countsOf(of('settle')),
    say: await countsOf(of('say')),
    provision: await countsOf(of('provision')),
  };
}

async function tell({ queue }: Lane, id: string): Promise<void> {
  await queue.add('provision', { id, reason: 'to be told' }, { jobId: id });
}

/** Jobs of no route are taken from the start on, those of a route while it has a bind here. */
function takingJobs(lanes: Lanes, usual: readonly Lane[]): Pick<Queues, 'start' | 'serve'> {
  let started = false;
  let served: ReadonlySet<string> = new Set();
  let known: readonly string[] = [];
  const follow = (): void => {
    for (const route of known) lanes.set(lanes.of('say', route), started && served.has(route));
  };
  return {
    start: () => {
      started = true;
      for (const lane of usual) lanes.set(lane, true);
      follow();
    },
    serve: (routes) => {
      served = routes;
      known = [...new Set([...known, ...routes])];
      follow();
    },
  };
}

async function each(lanes: readonly Lane[], run: (lane: Lane) => Promise<unknown>): Promise<void> {
  await Promise.all(lanes.map(run));
}

type Wait = { readonly delayMs: number; readonly note: Note; readonly once?: boolean };

async function add({ kind, queue }: Lane, job: string, data: JobData, wait: Wait): Promise<void> {
  const { delayMs, note, once = false } = wait;
  const options = { jobId: job, delay: Math.max(0, Math.round(delayMs)) };
  try {
    await queue.add(kind, data, once ? { ...options, ...oneOf(data.id) } : options);
  } catch (error) {
    note('queue.add-failed', { queue: queue.name, job, reason: String(error) });
  }
}

async function countsOf(lanes: readonly Lane[]): Promise<QueueCounts> {
  const counts = await Promise.all(
    lanes.map(({ queue }) => queue.getJobCounts('waiting', 'delayed', 'active', 'failed')),
  );
  const sum = (state: string): number => counts.reduce((total, one) => total + (one[state] ?? 0), 0);
  const oldest = await oldestOf(lanes);
  return { waiting: sum('waiting'), delayed: sum('delayed'), active: sum('active'), failed: sum('failed'), oldest };
}

/** One job of each state and lane is read, however many there are: what has been longest at work or in line, and what is due next. */
async function oldestOf(lanes: readonly Lane[]): Promise<number | undefined> {
  const heads = await Promise.all(
    lanes.map(({ queue }) => queue.getJobs(['waiting', 'active', 'delayed'], 0, 0, true)),
  );
  const left = heads.flat().flatMap((job: Job | undefined) => (job === undefined ? [] : [job.timestamp]));
  return left.length === 0 ? undefined : Math.min(...left);
}
