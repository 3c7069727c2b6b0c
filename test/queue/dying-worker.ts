import { createQueues } from '../../src/queue/queues.ts';

/** A worker that tells when it is inside a job, and never comes out of it. */
const hang = (id: string): Promise<never> => {
  process.stdout.write(`${id}\n`);
  return new Promise(() => undefined);
};
const [socket = '', prefix = ''] = process.argv.slice(2);
const queues = createQueues(
  {
    connection: { path: socket },
    prefix,
    flows: { settle: hang, say: hang, provision: hang },
    retry: () => ({ first: 1, cap: 5, maxAge: 60_000 }),
    concurrency: 1,
    random: () => 0,
    now: Date.now,
    lockDuration: 500,
    stalledInterval: 100,
  },
  () => undefined,
);
queues.start();
