import type { Job } from 'bullmq';
import type { JobData } from './job.ts';
import { waitsOf } from './job.ts';
import type { Lane } from './lanes.ts';
import type { QueueName } from './settings.ts';

/** A dead letter as staff see it: ids and reasons, nothing of the subscriber. */
export interface FailedJob {
  readonly queue: string;
  readonly job: string;
  /** Order or text id. */
  readonly id: string;
  readonly reason: string;
  readonly attempts: number;
  /** Epoch ms. */
  readonly at: number;
}

export interface WaitingJob {
  readonly queue: string;
  readonly job: string;
  readonly id: string;
  readonly reason: string;
  /** Epoch ms of the next try. */
  readonly until: number;
}

type Jobs = readonly Pick<Lane, 'kind' | 'queue'>[];

export async function listFailed(lanes: Jobs, limit: number): Promise<readonly FailedJob[]> {
  const found = await Promise.all(
    lanes.map(async ({ kind, queue }) =>
      jobsOf(await queue.getFailed(0, limit - 1)).map((job) => failedFrom(kind, job)),
    ),
  );
  return found
    .flat()
    .sort((a, b) => b.at - a.at)
    .slice(0, limit);
}

export async function listWaiting(lanes: Jobs, limit: number): Promise<readonly WaitingJob[]> {
  const found = await Promise.all(
    lanes.map(async ({ kind, queue }) =>
      jobsOf(await queue.getDelayed(0, limit - 1)).map((job) => waitingFrom(kind, job)),
    ),
  );
  return found
    .flat()
    .sort((a, b) => a.until - b.until)
    .slice(0, limit);
}

/** What its jobs at work are about. */
export async function listActive({ queue }: Pick<Lane, 'queue'>): Promise<readonly string[]> {
  return jobsOf(await queue.getActive()).map(({ data }) => data.id);
}

/** A job that ends while the list is read comes back as undefined, whatever the types say. */
function jobsOf(jobs: readonly (Job<JobData> | undefined)[]): readonly Job<JobData>[] {
  return jobs.filter((job) => job !== undefined);
}

function failedFrom(queue: QueueName, job: Job<JobData>): FailedJob {
  const { id = '', data, failedReason, attemptsMade, finishedOn, timestamp } = job;
  return {
    queue,
    job: id,
    id: data.id,
    reason: failedReason,
    attempts: attemptsMade,
    at: finishedOn ?? timestamp,
  };
}

function waitingFrom(queue: QueueName, job: Job<JobData>): WaitingJob {
  const waits = waitsOf(job);
  const { id = '', data, timestamp, delay, failedReason } = job;
  // BullMQ leaves the reason of the last throw empty, not undefined.
  const reason = failedReason || (waits?.reason ?? data.reason);
  return { queue, job: id, id: data.id, reason, until: waits?.until ?? timestamp + delay };
}

/** False when no lane has such a dead letter. How often it was begun stays: it does not step aside for its own tries (`fenceOf`). */
export async function retryFailed(lanes: Jobs, id: string): Promise<boolean> {
  const job = await findFailed(lanes, id);
  await job?.retry('failed', { resetAttemptsMade: true });
  return job !== undefined;
}

export async function discardFailed(lanes: Jobs, id: string): Promise<boolean> {
  const job = await findFailed(lanes, id);
  await job?.remove();
  return job !== undefined;
}

/** All that were given up about one order or text: whoever decides about it has decided about them. */
export async function discardAbout(lanes: Jobs, id: string): Promise<void> {
  const failed = await Promise.all(lanes.map(({ queue }) => queue.getFailed()));
  const about = jobsOf(failed.flat()).filter(({ data }) => data.id === id);
  await Promise.all(about.map((job) => job.remove()));
}

async function findFailed(lanes: Jobs, id: string): Promise<Job<JobData> | undefined> {
  for (const { queue } of lanes) {
    const job = await queue.getJob(id);
    if (job !== undefined && (await job.isFailed())) return job;
  }
  return undefined;
}
