import type { Queue, Worker } from 'bullmq';
import type { JobData } from './job.ts';

/** How long a close waits for Redis to answer; milliseconds. */
export const CLOSE_MS = 2000;

/** Longest pause between two tries to reach Redis; BullMQ's own grows to 20 s, which would outlast most outages. */
const LONGEST_PAUSE = 1000;

/** Ends workers and queues, whether or not Redis is there. */
export interface Ending {
  /** For each connection; once the end has begun nobody tries to reach Redis any more. */
  readonly retryStrategy: (times: number) => number | null;
  /** Waits for the jobs at work, `ms` at most. */
  worker(worker: Worker<JobData>, queue: Queue<JobData>, ms: number): Promise<void>;
  queue(queue: Queue<JobData>): Promise<void>;
}

export function createEnding(): Ending {
  let over = false;
  // BullMQ waits for ever for a connection that it stops between two tries: the last try must come first.
  let lastTry: Promise<void> | undefined;
  return {
    retryStrategy: (times) => (over ? null : Math.min(100 * times, LONGEST_PAUSE)),
    async worker(worker, queue, ms) {
      over = true;
      // Takes no other job from here on, without waiting for those at work.
      await worker.pause(true);
      lastTry ??= answers(queue).then((there) => (there ? undefined : pause(LONGEST_PAUSE + 100)));
      await lastTry;
      await within(ms, worker.close());
    },
    queue: (queue) => within(CLOSE_MS, queue.close()),
  };
}

/** The producer rejects at once while Redis is away. */
function answers(queue: Queue<JobData>): Promise<boolean> {
  return queue.count().then(
    () => true,
    () => false,
  );
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Resolves with the work, or after so many milliseconds without it. What goes wrong on the way out harms nobody. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work.catch(() => undefined), enough]);
  clearTimeout(timer);
}
