import type { Queue, Worker } from 'bullmq';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createEnding } from '../../src/queue/ending.ts';
import type { JobData } from '../../src/queue/job.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A worker and its queue that write down what they are asked; `there`: Redis answers. */
function parts(there: boolean, close: () => Promise<void> = () => Promise.resolve()) {
  const asked: string[] = [];
  const ask = (what: string, answer: () => Promise<unknown> = () => Promise.resolve()) => {
    asked.push(what);
    return answer();
  };
  const worker = {
    pause: (now: boolean) => ask(`pause ${now}`),
    close: () => ask('close', close),
  } as unknown as Worker<JobData>;
  const queue = {
    count: () => ask('count', () => (there ? Promise.resolve(0) : Promise.reject(new Error('Redis is away')))),
    close: () => ask('close queue', close),
  } as unknown as Queue<JobData>;
  return { asked, worker, queue };
}

/** Whether it has ended after so many milliseconds. */
async function endsAfter(ms: number, ending: Promise<void>): Promise<boolean> {
  const state = { ended: false };
  void ending.then(() => (state.ended = true));
  await vi.advanceTimersByTimeAsync(ms);
  return state.ended;
}

const never = () => new Promise<void>(() => undefined);

describe('the way to Redis', () => {
  it('is tried again each second at least, and no more once the end has begun', async () => {
    const ending = createEnding();
    const { retryStrategy } = ending;
    expect([1, 2, 10, 500].map(retryStrategy)).toEqual([100, 200, 1000, 1000]);
    const { worker, queue } = parts(true);
    const ended = ending.worker(worker, queue, 1000);
    expect(retryStrategy(1)).toBeNull();
    await ended;
  });
});

describe('the end of a worker', () => {
  it('takes no other job, then waits for those at work', async () => {
    const { asked, worker, queue } = parts(true);
    expect(await endsAfter(0, createEnding().worker(worker, queue, 1000))).toBe(true);
    expect(asked).toEqual(['pause true', 'count', 'close']);
  });

  it('lets the last try to reach Redis come first, where it is away, once for all workers', async () => {
    const ending = createEnding();
    const [one, other] = [parts(false), parts(false)];
    const both = Promise.all([one, other].map(({ worker, queue }) => ending.worker(worker, queue, 1000)));
    expect(
      await endsAfter(
        1099,
        both.then(() => undefined),
      ),
    ).toBe(false);
    expect([one.asked, other.asked]).toEqual([['pause true', 'count'], ['pause true']]);
    expect(
      await endsAfter(
        1,
        both.then(() => undefined),
      ),
    ).toBe(true);
    expect(other.asked).toEqual(['pause true', 'close']);
  });

  it('comes after its time, whatever is at work', async () => {
    const { worker, queue } = parts(true, never);
    const ending = createEnding().worker(worker, queue, 5000);
    expect([await endsAfter(4999, ending), await endsAfter(1, ending)]).toEqual([false, true]);
  });
});

describe('the end of a queue', () => {
  it('comes after two seconds, whatever Redis does', async () => {
    const ending = createEnding().queue(parts(false, never).queue);
    expect([await endsAfter(1999, ending), await endsAfter(1, ending)]).toEqual([false, true]);
  });

  it('harms nobody where it fails', async () => {
    const { queue } = parts(false, () => Promise.reject(new Error('Connection is closed.')));
    await expect(createEnding().queue(queue)).resolves.toBeUndefined();
  });
});
