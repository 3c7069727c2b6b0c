import type { DeduplicationOptions, Job } from 'bullmq';
import { DelayedError, UnrecoverableError } from 'bullmq';
import type { Settled } from '../flow/ports/settled.ts';

/** A job holds the id of an order or text: whatever it is about is read from the store when it runs. */
export interface JobData {
  readonly id: string;
  /** Why it was put here, for the NOC; never anything of the subscriber. */
  readonly reason: string;
  /** The order's when a job was put here to wait: once the order was taken up since, others look after it. */
  readonly fence?: number;
}

/** Why a job waits, for the NOC; kept as the job's progress. */
export interface Waits {
  readonly reason: string;
  /** Epoch ms of the next try. */
  readonly until: number;
  /** As the flow named it. */
  readonly fence?: number | undefined;
  /** How often it was begun until now. */
  readonly begun?: number;
}

/**
 * Order or text id, step and fence: an id whose old job is kept would be ignored (E24), so what is due now must not share
 * it with what still waits, perhaps by a clock that has jumped since. Never a ":", never a plain number.
 */
export function jobId(id: string, fence: number, delayMs: number): string {
  return delayMs > 0 ? `${id}-${fence}-later` : `${id}-${fence}`;
}

/**
 * One job at a time, whatever its fence: each look at a text that nobody has a bind for raises the fence, and the lane that
 * nobody works off would get a job from every look. What is put there while its job is at work follows that one.
 */
export function oneOf(id: string): { readonly deduplication: DeduplicationOptions } {
  return { deduplication: { id, keepLastIfActive: true } };
}

/** Turns what the flow came to into what BullMQ understands: it waits without losing an attempt, or fails for good. */
export async function conclude(
  job: Job<JobData>,
  token: string | undefined,
  settled: Settled,
  now: number,
): Promise<void> {
  switch (settled.kind) {
    case 'rest':
      return;
    case 'wait': {
      const until = now + settled.ms;
      const { reason, fence } = settled;
      await job.updateProgress({ reason, until, fence, begun: job.attemptsStarted } satisfies Waits);
      await job.moveToDelayed(until, token);
      throw new DelayedError(reason);
    }
    case 'dead':
      throw new UnrecoverableError(settled.reason);
  }
}

export function waitsOf(job: Pick<Job<JobData>, 'progress'>): Waits | undefined {
  const { progress } = job;
  return typeof progress === 'object' && 'reason' in progress && 'until' in progress
    ? (progress as unknown as Waits)
    : undefined;
}

/**
 * The fence under which a job waited. None after a throw or a worker's death: that try may have raised the fence itself, and nobody
 * else looks after the order then.
 */
export function fenceOf(job: Pick<Job<JobData>, 'progress' | 'data' | 'attemptsStarted'>): number | undefined {
  const { fence, begun = 0 }: Partial<Waits> = waitsOf(job) ?? job.data;
  return job.attemptsStarted === begun + 1 ? fence : undefined;
}

/** Only what waits steps aside: what is due now was put here because something has come. */
export function waitsUnder(id: string, fence: number, wait: { delayMs: number; reason: string }): JobData {
  const { delayMs, reason } = wait;
  return delayMs > 0 ? { id, reason, fence } : { id, reason };
}
