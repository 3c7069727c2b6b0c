import type { Queue } from 'bullmq';
import { expect, it } from 'vitest';
import { SafeAdapter } from '../../src/queue/bull-board.ts';

// Whoever may look at the board chooses how many jobs a page has.
it.each([
  [0, 9, [0, 9]],
  [500, 999, [500, 999]],
  [0, 9_999_999, [0, 499]],
  [20_000, 39_999, [20_000, 20_499]],
  [undefined, undefined, [0, 499]],
  [0, -1, [0, 499]],
])('the board reads no more than 500 jobs at once: %j to %j', async (start, end, read) => {
  const asked: unknown[] = [];
  const getJobs = (...[, ...range]: readonly unknown[]) => Promise.resolve((asked.push(range), []));
  const queue = { name: 'settle', metaValues: { version: 'bullmq' }, getJobs } as unknown as Queue;
  await new SafeAdapter(queue).getJobs(['waiting'], start, end);
  expect(asked).toEqual([read]);
});
