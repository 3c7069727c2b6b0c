import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { appendFile, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultCacheDir, findRedis, HOW_TO_INSTALL } from '../../src/launcher/redis-binary.ts';
import { probeRedis } from '../../src/launcher/redis-probe.ts';
import type { EmbeddedRedis } from '../../src/launcher/redis-server.ts';
import { startEmbeddedRedis } from '../../src/launcher/redis-server.ts';
import { eventually } from '../queue/support.ts';

let dir = '';
const running: EmbeddedRedis[] = [];
const children: ChildProcess[] = [];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'orderd-launch-'));
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const redis of running.splice(0)) await redis.stop();
  await rm(dir, { recursive: true, force: true });
});

async function start(folder = dir): Promise<EmbeddedRedis> {
  const redis = await startEmbeddedRedis({ dir: folder });
  running.push(redis);
  return redis;
}

async function withClient<Value>({ socket }: EmbeddedRedis, ask: (client: Redis) => Promise<Value>): Promise<Value> {
  const client = new Redis({ path: socket, maxRetriesPerRequest: 1 });
  try {
    return await ask(client);
  } finally {
    client.disconnect();
  }
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** A process that holds the folder's Redis. */
async function holder(): Promise<{ readonly child: ChildProcess; readonly pid: number; readonly adopted: boolean }> {
  const file = fileURLToPath(new URL('holder.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', file, dir], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const lines = createInterface({ input: child.stdout });
  const line = await new Promise<string>((resolve) => lines.once('line', resolve));
  return { child, ...(JSON.parse(line) as { pid: number; adopted: boolean }) };
}

async function killed(child: ChildProcess): Promise<void> {
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await exited;
}

const SETTINGS = {
  appendonly: 'yes',
  appendfsync: 'always',
  'maxmemory-policy': 'noeviction',
  port: '0',
  'auto-aof-rewrite-percentage': '200',
  rdbcompression: 'no',
};

describe('the embedded Redis', () => {
  it('keeps an append-only file with every write on disk, and never throws anything away (E21)', async () => {
    const redis = await start();
    const settings = await withClient(redis, async (client) =>
      Promise.all(Object.keys(SETTINGS).map((name) => client.config('GET', name))),
    );
    expect(settings.map((pair) => (pair as readonly string[])[1])).toEqual(Object.values(SETTINGS));
    expect((await stat(redis.socket)).mode & 0o077).toBe(0);
  });

  it('keeps a record as long as an order in one piece', async () => {
    const redis = await start();
    const fields = Array.from({ length: 25 }, (_, at) => [`field${at}`, at === 0 ? 'x'.repeat(3000) : 'y']).flat();
    const encoding = await withClient(redis, async (client) => {
      await client.hset('order', ...fields);
      return client.object('ENCODING', 'order');
    });
    expect(encoding).toMatch(/listpack|ziplist/);
  });

  it('has its data back after a stop', async () => {
    const first = await start();
    await withClient(first, (client) => client.set('order', 'kept'));
    await running.pop()?.stop();
    expect(isAlive(first.pid())).toBe(false);
    const second = await start();
    expect(second.adopted).toBe(false);
    expect(await withClient(second, (client) => client.get('order'))).toBe('kept');
  });

  it('lets nobody else have its folder', async () => {
    await start();
    await expect(startEmbeddedRedis({ dir })).rejects.toThrow(/in use by another orderd/);
  });

  it('gives the folder back when it could not start', async () => {
    await expect(startEmbeddedRedis({ dir, path: '', cacheDir: join(dir, 'none') })).rejects.toThrow(HOW_TO_INSTALL);
    const redis = await start();
    expect(redis.adopted).toBe(false);
  });

  it('outlives a kill -9 of its process and is found again by the next one', async () => {
    const first = await holder();
    expect(first.adopted).toBe(false);
    await killed(first.child);
    expect(isAlive(first.pid)).toBe(true);
    const second = await start();
    expect([second.adopted, second.pid()]).toEqual([true, first.pid]);
    await running.pop()?.stop();
    expect(await probeRedis(second.socket)).toBeUndefined();
  });

  it('is started again when it dies, with what it had', async () => {
    const redis = await start();
    const first = redis.pid();
    await withClient(redis, (client) => client.set('order', 'kept'));
    process.kill(first, 'SIGKILL');
    await eventually(async () => redis.pid() !== first && (await probeRedis(redis.socket)) !== undefined);
    expect(await withClient(redis, (client) => client.get('order'))).toBe('kept');
  });

  it('is started again when it dies and nobody buries it, as under the first process of a container', async () => {
    const socket = join(dir, 'redis.sock');
    const search = { path: process.env['PATH'] ?? '', cacheDir: defaultCacheDir(process.env), allowApt: false };
    const { file, env } = await findRedis(search);
    const shell = ['-c', `${file} --port 0 --unixsocket ${socket} --dir ${dir} & exec sleep 600`];
    children.push(spawn('sh', shell, { stdio: 'ignore', env: { ...process.env, ...env } }));
    await eventually(async () => (await probeRedis(socket)) !== undefined);
    const redis = await start();
    const first = redis.pid();
    expect(redis.adopted).toBe(true);
    process.kill(first, 'SIGKILL');
    await eventually(async () => redis.pid() !== first && (await probeRedis(socket)) !== undefined);
  });

  it('does no half of a transaction that power loss tore, not even at the start after the next', async () => {
    const first = await start();
    await withClient(first, (client) => client.set('whole', '1'));
    await first.stop();
    const folder = join(dir, 'appendonlydir');
    const [incremental = ''] = (await readdir(folder)).filter((file) => file.endsWith('.incr.aof'));
    const torn = [
      '*1',
      '$5',
      'MULTI',
      '*3',
      '$3',
      'SET',
      '$4',
      'half',
      '$1',
      '1',
      '*3',
      '$3',
      'SET',
      '$5',
      'other',
      '$1',
    ];
    await appendFile(join(folder, incremental), `${torn.join('\r\n')}\r\n`);
    const second = await start();
    await withClient(second, async (client) => {
      await eventually(async () => /aof_rewrite_in_progress:0/.test(await client.info('persistence')));
      await client.multi().set('later', '1').exec();
    });
    await second.stop();
    const third = await start();
    expect(await withClient(third, (client) => client.mget('whole', 'half', 'later'))).toEqual(['1', null, '1']);
  });

  it('starts beside a socket that a dead server left', async () => {
    const first = await start();
    process.kill(first.pid(), 'SIGKILL');
    await running.pop()?.stop();
    expect(await readdir(dir)).toContain('redis.sock');
    expect((await start()).adopted).toBe(false);
  });

  it('finds room for its socket when its folder’s path is too long for one', async () => {
    const deep = join(dir, 'd'.repeat(60), 'e'.repeat(60));
    mkdirSync(deep, { recursive: true });
    const redis = await start(deep);
    expect(redis.socket.length).toBeLessThan(108);
    expect(await withClient(redis, (client) => client.ping())).toBe('PONG');
  });

  it('says in one line why a server did not start', async () => {
    const broken = join(dir, 'redis-server');
    await writeFile(broken, '#!/bin/sh\nexit 3\n', { mode: 0o755 });
    await expect(startEmbeddedRedis({ dir, path: dir })).rejects.toThrow(
      /did not start: it ended with 3; see .*redis\.log/,
    );
  });
});

describe('the probe', () => {
  it('finds nobody at a path where nobody listens', async () => {
    expect(await probeRedis(join(dir, 'nobody.sock'))).toBeUndefined();
  });
});
