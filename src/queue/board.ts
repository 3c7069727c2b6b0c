import type { Job, Queue } from 'bullmq';
import type { JobData } from './job.ts';
import { waitsOf } from './job.ts';

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

type Jobs = readonly Queue<JobData>[];

export async function listFailed(queues: Jobs, limit: number): Promise<readonly FailedJob[]> {
  const found = await Promise.all(queues.map(async (queue) => jobsOf(await queue.getFailed(0, limit - 1))));
  return found
    .flat()
    .map(failedFrom)
    .sort((a, b) => b.at - a.at)
    .slice(0, limit);
}

export async function listWaiting(queues: Jobs, limit: number): Promise<readonly WaitingJob[]> {
  const found = await Promise.all(queues.map(async (queue) => jobsOf(await queue.getDelayed(0, limit - 1))));
  return found
    .flat()
    .map(waitingFrom)
    .sort((a, b) => a.until - b.until)
    .slice(0, limit);
}

/** A job that ends while the list is read comes back as undefined, whatever the types say. */
function jobsOf(jobs: readonly (Job<JobData> | undefined)[]): readonly Job<JobData>[] {
  return jobs.filter((job) => job !== undefined);
}

function failedFrom(job: Job<JobData>): FailedJob {
  const { queueName, id = '', data, failedReason, attemptsMade, finishedOn, timestamp } = job;
  return {
    queue: queueName,
    job: id,
    id: data.id,
    reason: failedReason,
    attempts: attemptsMade,
    at: finishedOn ?? timestamp,
  };
}

function waitingFrom(job: Job<JobData>): WaitingJob {
  const waits = waitsOf(job);
  const { queueName, id = '', data, timestamp, delay, failedReason } = job;
  // BullMQ leaves the reason of the last throw empty, not undefined.
  const reason = failedReason || (waits?.reason ?? data.reason);
  return { queue: queueName, job: id, id: data.id, reason, until: waits?.until ?? timestamp + delay };
}

export async function retryFailed(queue: Queue<JobData>, id: string): Promise<boolean> {
  const job = await queue.getJob(id);
  if (job === undefined || !(await job.isFailed())) return false;
  await job.retry('failed', { resetAttemptsMade: true, resetAttemptsStarted: true });
  return true;
}

export async function discardFailed(queue: Queue<JobData>, id: string): Promise<boolean> {
  const job = await queue.getJob(id);
  if (job === undefined || !(await job.isFailed())) return false;
  await job.remove();
  return true;
}
