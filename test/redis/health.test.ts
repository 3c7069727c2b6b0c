import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { createHealth, readHealth } from '../../src/redis/health.ts';
import { eventually } from '../queue/support.ts';
import { useBench, useServer } from './support.ts';

const server = useServer();
const bench = useBench(server);
afterEach(async () => {
  await bench.redis.config('SET', 'save', '', 'min-replicas-to-write', '0', 'maxmemory', '0');
  await bench.redis.config('SET', 'maxmemory-policy', 'noeviction');
});

const health = () => readHealth(bench.redis, bench.prefix);

it('finds nothing wrong with a server that takes writes, and leaves nothing in it', async () => {
  const before = await bench.redis.dbsize();
  expect(await health()).toBeUndefined();
  expect(await bench.redis.dbsize()).toBe(before);
});

it('names why a server takes no writes because its snapshot failed, until one succeeds', async () => {
  const [dir, file] = [await bench.redis.config('GET', 'dir'), await bench.redis.config('GET', 'dbfilename')];
  const inTheWay = join(String(dir[1]), String(file[1]));
  await mkdir(inTheWay);
  await bench.redis.config('SET', 'save', '3600 1');
  const saved = async () => /rdb_bgsave_in_progress:0/.test(await bench.redis.info('persistence'));
  await bench.redis.bgsave();
  await eventually(saved);
  await expect(bench.redis.set(`{${bench.prefix}}:any`, '1')).rejects.toThrow(/^MISCONF/);
  expect(await health()).toMatch(/^Redis refuses writes: MISCONF/);
  await rm(inTheWay, { recursive: true });
  await bench.redis.bgsave();
  await eventually(saved);
  expect(await health()).toBeUndefined();
});

it('names a server that wants a replica for each write', async () => {
  await bench.redis.config('SET', 'min-replicas-to-write', '1');
  expect(await health()).toMatch(/^Redis refuses writes: NOREPLICAS/);
  await bench.redis.config('SET', 'min-replicas-to-write', '0');
  expect(await health()).toBeUndefined();
});

it('names a server that was told to throw orders away when its memory is full', async () => {
  await bench.redis.config('SET', 'maxmemory-policy', 'allkeys-lru');
  expect(await health()).toBeUndefined();
  await bench.redis.config('SET', 'maxmemory', '1gb');
  expect(await health()).toMatch(/maxmemory-policy allkeys-lru/);
});

it('tells when all that was stored is gone, and finds a server that was never set up well', async () => {
  const look = createHealth(bench.redis, bench.prefix);
  const fresh = createHealth(bench.redis, 'fresh');
  expect([await look(), await fresh()]).toEqual([undefined, undefined]);
  await bench.redis.flushall();
  expect(await look()).toMatch(/^Redis has lost what orderd stored/);
  expect(await fresh()).toBeUndefined();
});

it('says the same of a memory that is almost full, however full it is', async () => {
  const found = new Set<string | undefined>();
  const [, used = ''] = /used_memory:(\d+)/.exec(await bench.redis.info('memory')) ?? [];
  for (const share of [0.95, 1, 1.2]) {
    await bench.redis.config('SET', 'maxmemory', String(Math.round(Number(used) / share)));
    found.add(await health());
  }
  expect([...found]).toEqual(['Redis has used more than 90 % of its maxmemory']);
});
