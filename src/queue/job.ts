import type { DeduplicationOptions, Job } from 'bullmq';
import { DelayedError, UnrecoverableError } from 'bullmq';
import type { Settled } from '../flow/settled.ts';

/** A job holds the id of an order or text: whatever it is about is read from the store when it runs. */
export interface JobData {
  readonly id: string;
  /** Why it was put here, for the NOC; never anything of the subscriber. */
  readonly reason: string;
}

/** Why a job waits, for the NOC; kept as the job's progress. */
export interface Waits {
  readonly reason: string;
  /** Epoch ms of the next try. */
  readonly until: number;
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
      await job.updateProgress({ reason: settled.reason, until } satisfies Waits);
      await job.moveToDelayed(until, token);
      throw new DelayedError(settled.reason);
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
