import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Settled } from '../../src/flow/ports/settled.ts';
import { startProxy } from '../faults/proxy.ts';
import { seeded } from '../fuzz/random.ts';
import { useServer } from '../redis/support.ts';
import { eventually, useQueues } from './support.ts';

const server = useServer();
const bench = useQueues(() => server.socket);

/** A worker in a process of its own, killed inside the first job that it takes. */
async function dieInside(prefix: string): Promise<string> {
  const file = fileURLToPath(new URL('dying-worker.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', file, server.socket, prefix], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  const id = await new Promise<string>((resolve) => lines.once('line', resolve));
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await exited;
  return id;
}

describe('a job', () => {
  it('outlives its worker, killed inside it three times', async () => {
    const asked: string[] = [];
    const flow = (id: string): Promise<Settled> => {
      asked.push(id);
      return Promise.resolve({ kind: 'rest' });
    };
    const stalled: string[] = [];
    const queues = bench.make(
      { flows: { settle: flow, say: flow, provision: flow }, lockDuration: 500, stalledInterval: 100 },
      (event) => stalled.push(event),
    );
    await queues.say({ id: '03-abc-ordered', route: undefined }, 1, 0, 'due');
    for (let kill = 0; kill < 3; kill++) expect(await dieInside(bench.prefix)).toBe('03-abc-ordered');
    queues.start();
    await eventually(() => asked.length === 1);
    expect(asked).toEqual(['03-abc-ordered']);
    expect(await queues.failed(10)).toEqual([]);
    expect(stalled).toContain('queue.stalled');
  });
});

describe('connections on which nothing comes any more', () => {
  it('hold up neither who adds a job nor, after a while, who takes them', async () => {
    const proxy = await startProxy(() => ({ path: server.socket }), seeded(1));
    const notes: string[] = [];
    const asked: string[] = [];
    const settle = (id: string): Promise<Settled> => {
      asked.push(id);
      return Promise.resolve({ kind: 'rest' });
    };
    const connection = { host: '127.0.0.1', port: proxy.port };
    const flows = { settle, say: settle, provision: settle };
    const queues = bench.make({ connection, flows, silence: 1000 }, (event) => notes.push(event));
    queues.start();
    await queues.settle('03-abc', 1, 0, 'due');
    await eventually(() => asked.length === 1);
    proxy.strand();
    await queues.settle('03-abd', 1, 0, 'due');
    expect(notes).toContain('queue.add-failed');
    await eventually(async () => {
      await queues.settle('03-abe', 1, 0, 'due');
      return asked.includes('03-abe');
    });
    await queues.close();
    await proxy.close();
  });
});

/** A way to Redis on which each of the first connections ends when its client sends its command number `most`. */
async function cutting(most: number, first: number) {
  let connections = 0;
  const cuts: Socket[] = [];
  const relay = createServer((client) => {
    const redis = connect({ path: server.socket });
    const cut = ++connections <= first;
    let commands = 0;
    client.on('data', (chunk: Buffer) => {
      commands += chunk.toString('latin1').split('*').length - 1;
      if (!cut || commands < most) redis.write(chunk);
      else if (cuts.push(client) > 0) client.destroy();
    });
    redis.on('data', (chunk: Buffer) => client.write(chunk));
    for (const [one, other] of [
      [client, redis],
      [redis, client],
    ] as const)
      one.on('error', () => undefined).on('close', () => other.destroy());
  });
  await once(relay.listen(0, '127.0.0.1'), 'listening');
  return { cuts, port: (relay.address() as AddressInfo).port, end: () => relay.close() };
}

describe('a queue whose first connection is cut', () => {
  it.each([1, 2, 3, 4, 5, 6])('while it begins, at command %i, is there with the next one', async (most) => {
    const lanes = 4;
    const { cuts, port, end } = await cutting(most, lanes);
    const notes: string[] = [];
    const queues = bench.make({ connection: { host: '127.0.0.1', port } }, (event) => notes.push(event));
    const works = (asking: () => Promise<unknown>) =>
      eventually(() =>
        asking().then(
          () => true,
          () => false,
        ),
      );
    const text = { id: '03-abc-ordered', route: '5000' };
    await queues.say(text, 1, 60_000, 'no bind');
    await works(() => queues.failed(10));
    await works(() => queues.waiting(10));
    notes.length = 0;
    await queues.say(text, 1, 60_000, 'no bind');
    expect(notes).not.toContain('queue.add-failed');
    expect(await queues.waiting(10)).toHaveLength(1);
    expect(cuts).toHaveLength(lanes);
    await queues.close();
    end();
  });
});

describe('while Redis is away', () => {
  it('adding a job does not wait: it is noted, and the sweeper will find the order', async () => {
    const notes: string[] = [];
    const asked: string[] = [];
    const flow = (id: string): Promise<Settled> => {
      asked.push(id);
      return Promise.resolve({ kind: 'rest' });
    };
    const queues = bench.make({ flows: { settle: flow, say: flow, provision: flow } }, (event) => notes.push(event));
    queues.start();
    await queues.ready();
    const before = server.embedded.pid();
    process.kill(before, 'SIGSTOP');
    process.kill(before, 'SIGKILL');
    await eventually(() => notes.includes('queue.error'));
    await queues.settle('03-abc', 1, 0, 'due');
    expect(notes).toContain('queue.add-failed');
    // The launcher starts it again, and so do the queues.
    await eventually(async () => {
      await queues.settle('03-def', 1, 0, 'due');
      return asked.includes('03-def');
    });
    expect(asked).not.toContain('03-abc');
  });

  it('a drain and a close come to an end, and the same trouble is not told each second', async () => {
    const told: string[] = [];
    const queues = bench.make({ now: () => 0 }, (event, { queue, reason } = {}) => {
      if (event === 'queue.error') told.push(`${String(queue)}: ${String(reason)}`);
    });
    queues.start();
    await queues.ready();
    await server.embedded.stop();
    await eventually(() => told.length > 0);
    await queues.drain();
    await queues.close();
    // Each queue tells once what its several connections find out again and again.
    expect(told).toEqual([...new Set(told)]);
  });
});
