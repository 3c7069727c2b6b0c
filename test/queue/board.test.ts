import type { Queue } from 'bullmq';
import { UnrecoverableError } from 'bullmq';
import Fastify from 'fastify';
import type { FastifyPluginAsync } from 'fastify';
import { describe, expect, it } from 'vitest';
import { listFailed, listWaiting } from '../../src/queue/board.ts';
import { SafeAdapter } from '../../src/queue/bull-board.ts';
import type { JobData } from '../../src/queue/job.ts';
import type { Queues } from '../../src/queue/queues.ts';
import { useServer } from '../redis/support.ts';
import { eventually, useQueues } from './support.ts';

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

describe('the lists of all lanes', () => {
  const job = (over: object) => ({
    id: 'j',
    data: { id: '03-abc', reason: 'due' },
    progress: 0,
    timestamp: 5,
    ...over,
  });
  const lane = (jobs: readonly object[]) => {
    const list = () => Promise.resolve(jobs);
    return { kind: 'say' as const, queue: { getFailed: list, getDelayed: list } as unknown as Queue<JobData> };
  };

  it('have the dead letters that died last first, so many and no more', async () => {
    const dead = (id: string, finishedOn?: number) =>
      job({ id, finishedOn, failedReason: 'no', attemptsMade: 2, attemptsStarted: 9 });
    const found = await listFailed([lane([dead('a', 10), dead('b')]), lane([dead('c', 20), undefined!])], 2);
    expect(found.map(({ job: name, at }) => [name, at])).toEqual([
      ['c', 20],
      ['a', 10],
    ]);
    expect(found[0]).toMatchObject({ attempts: 2, reason: 'no' });
    expect(await listFailed([lane([dead('b')])], 2)).toMatchObject([{ at: 5 }]);
  });

  it('have what runs next first, with why it waits', async () => {
    const put = job({ id: 'put', delay: 30 });
    const waits = job({ id: 'waits', delay: 1, failedReason: '', progress: { reason: 'no bind', until: 10 } });
    const threw = job({ id: 'threw', delay: 15, failedReason: 'no Redis', progress: { reason: 'no bind', until: 20 } });
    const found = await listWaiting([lane([put, threw]), lane([waits])], 2);
    expect(found.map(({ job: name, reason, until }) => [name, reason, until])).toEqual([
      ['waits', 'no bind', 10],
      ['threw', 'no Redis', 20],
    ]);
    expect(await listWaiting([lane([put])], 2)).toMatchObject([{ reason: 'due', until: 35 }]);
  });
});

const server = useServer();
const bench = useQueues(() => server.socket);

describe('the page of the queues', () => {
  const NUMBER = '254711222333';
  const page = async (queues: Queues) => {
    const app = Fastify();
    await app.register(queues.board('/queues') as FastifyPluginAsync, { prefix: '/queues' });
    return async (url: string, method: 'GET' | 'PUT' = 'GET') =>
      (await app.inject({ method, url: `/queues${url}` })).body;
  };

  it('shows nothing of a subscriber, whatever was thrown, and changes nothing', async () => {
    const settle = () => Promise.reject(new UnrecoverableError(`no answer about ${NUMBER}`));
    const rest = () => Promise.resolve({ kind: 'rest' as const });
    const queues = bench.make({ flows: { settle, say: rest, provision: rest } });
    const ask = await page(queues);
    await queues.settle('03-abc', 1, 60_000, `late for ${NUMBER}`);
    expect(await ask('/api/queues?activeQueue=settle&status=delayed')).toContain('late for …333');
    queues.start();
    await eventually(async () => (await queues.counts()).settle.failed === 1);
    for (const url of ['/api/queues?activeQueue=settle&status=failed', '/api/queues/settle/03-abc-1-later']) {
      const told = await ask(url);
      expect(told).toContain('no answer about …333');
      expect(told).not.toContain(NUMBER);
    }
    await ask('/api/queues/settle/03-abc-1-later/retry/failed', 'PUT');
    await ask('/api/queues/settle/03-abc-1-later/clean', 'PUT');
    expect(await queues.failed(9)).toHaveLength(1);
  });

  it('has the lane of a route that came later', async () => {
    const queues = bench.make();
    const ask = await page(queues);
    await queues.say({ id: '03-abc-ordered', route: '5000' }, 1, 60_000, 'no link is bound');
    expect(await ask('/api/queues')).toContain('"say-5000"');
  });
});
