import { Worker } from 'bullmq';
import type { Note } from '../lib/note.ts';
import { nextWait } from '../domain/retry.ts';
import type { Faults } from './faults.ts';
import type { JobData } from './job.ts';
import { conclude, fenceOf } from './job.ts';
import type { QueueName, QueueSettings } from './settings.ts';

/** A job survives this many deaths of its worker: the default of 1 loses a job at the second kill. */
const MAX_STALLED = 1000;

/**
 * How long Redis may say nothing at all before another connection is made, milliseconds: longer than the 10 s that BullMQ
 * blocks for a job. Without it what a half-open connection was asked holds its job, and the worker, for ever.
 */
const SILENCE = 15_000;

/** BullMQ reads a negative backoff as "no more tries". */
const GIVE_UP = -1;

/** The flow ends each of its jobs by the provider's own limit (E10); thrown away before, what was not provided is not paid back. */
const ONLY_RECORD: QueueName = 'provision';

type WorkerParts = QueueSettings & { readonly note: Note; readonly faults: Faults };

/** Works off the queue `name`, whose jobs are of that kind; it starts with `run`. */
export function createWorker(kind: QueueName, name: string, prefix: string, settings: WorkerParts): Worker<JobData> {
  const { flows, random, now, note, faults } = settings;
  // The lane of a route has one job of each text: with it gone, nobody would look after the text before the sweep.
  const waitedUnder = name === kind ? fenceOf : () => undefined;
  const worker = new Worker<JobData>(
    name,
    async (job, token) => conclude(job, token, await flows[kind](job.data.id, waitedUnder(job)), now()),
    {
      connection: { ...settings.connection, socketTimeout: SILENCE, maxRetriesPerRequest: null },
      prefix,
      autorun: false,
      concurrency: settings.concurrency,
      maxStalledCount: MAX_STALLED,
      lockDuration: settings.lockDuration ?? 15_000,
      stalledInterval: settings.stalledInterval ?? 5000,
      settings: {
        backoffStrategy: (attempts, _type, _error, job) => {
          const retry = settings.retry();
          const isOver = kind !== ONLY_RECORD && now() - (job?.timestamp ?? 0) > retry.maxAge;
          return isOver ? GIVE_UP : nextWait(retry, attempts - 1, random());
        },
      },
    },
  );
  worker.on('error', (error) => faults(name, error));
  worker.on('stalled', (jobId) => note('queue.stalled', { queue: name, job: jobId }));
  worker.on('completed', (job) => note('queue.done', { queue: name, job: job.id, attempts: job.attemptsStarted }));
  worker.on('failed', (job, error) =>
    note(job?.finishedOn === undefined ? 'queue.retry' : 'queue.dead', {
      queue: name,
      job: job?.id,
      reason: error.message,
    }),
  );
  return worker;
}
