import { afterEach, describe, expect, it } from 'vitest';
import type { Settled } from '../../src/flow/ports/settled.ts';
import type { Lane } from '../../src/queue/lanes.ts';
import { createLanes } from '../../src/queue/lanes.ts';
import { useServer } from '../redis/support.ts';
import { eventually } from './support.ts';

const server = useServer();
const made: Lane[] = [];
afterEach(async () => {
  for (const { worker, queue } of made.splice(0)) {
    await worker?.close();
    await queue.close();
  }
});

function north(): { readonly lane: Lane; readonly set: (open: boolean) => void } {
  const rest = (): Promise<Settled> => Promise.resolve({ kind: 'rest' });
  const lanes = createLanes(`{lanes${Math.random()}:jobs}`, {
    connection: { path: server.socket },
    prefix: 'unused',
    flows: { settle: rest, say: rest, provision: rest },
    retry: () => ({ first: 1, cap: 5, maxAge: 60_000 }),
    concurrency: 1,
    random: () => 0.5,
    now: Date.now,
    note: () => undefined,
    faults: () => undefined,
  });
  const lane = lanes.of('say', 'north');
  made.push(lane);
  return { lane, set: (open) => lanes.set(lane, open) };
}

const wait = { id: '03-abc-ordered', reason: 'throttled' };

describe('the lane of a route', () => {
  it('is worked off by one worker, which rests while there is no bind', async () => {
    const { lane, set } = north();
    set(true);
    const { worker } = lane;
    await worker?.waitUntilReady();
    set(false);
    await eventually(() => worker?.isPaused() === true);
    set(true);
    expect(lane.worker).toBe(worker);
    expect(worker?.isPaused()).toBe(false);
  });

  it('hurries what waits when a bind comes, and no more while it stays', async () => {
    const { lane, set } = north();
    await lane.queue.add('say', wait, { delay: 60_000, jobId: 'a' });
    set(true);
    await eventually(async () => (await lane.queue.getDelayedCount()) === 0);
    await lane.queue.add('say', wait, { delay: 60_000, jobId: 'b' });
    set(true);
    await lane.queue.add('say', wait, { jobId: 'c' });
    await eventually(async () => (await lane.queue.getJob('c')) === undefined);
    expect(await lane.queue.getDelayedCount()).toBe(1);
  });

  it('keeps no job that is done, and dead letters for a month', () => {
    const { lane } = north();
    const month = { age: 30 * 24 * 3600, count: 10_000 };
    expect(lane.queue.defaultJobOptions).toMatchObject({ removeOnComplete: true, removeOnFail: month });
  });
});
