import type { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { createLog } from '../../src/log.ts';
import { checkServer } from '../../src/redis/checks.ts';

/** As much of a server as the checks ask: servers of other kinds than the one at hand. */
function serverSaying(facts: Readonly<Record<string, string>>): Redis {
  const info = { redis_version: '7.0.15', redis_mode: 'standalone', role: 'master', ...facts };
  const lines = Object.entries(info).map(([field, value]) => `${field}:${value}`);
  const server = {
    info: () => Promise.resolve(['# Server', ...lines].join('\r\n')),
    config: () => Promise.resolve([]),
    time: () => Promise.resolve([String(Math.floor(Date.now() / 1000)), '0']),
  };
  return server as unknown as Redis;
}

it.each([
  ['an old one', { redis_version: '5.0.14' }, 'Redis 5.0.14 is too old: orderd needs 6.2 or newer'],
  ['a replica', { role: 'slave' }, 'this Redis is a replica: orders can only be stored on a primary'],
  ['a node of a cluster', { redis_mode: 'cluster' }, /^this Redis is a node of a Cluster, which orderd does not speak/],
  ['a Sentinel', { redis_mode: 'sentinel', role: '' }, /^this is a Redis Sentinel, which stores nothing/],
])('%s is refused, in one line', async (_name, facts, text) => {
  const refusal: unknown = await checkServer(serverSaying(facts)).catch((error: unknown) => error);
  const lines: string[] = [];
  const destination = { write: (line: string) => lines.push(line) };
  createLog({ level: 'info', pretty: false, events: {}, destination }).fatal('daemon.failed', refusal);
  const { error } = JSON.parse(lines.join('')) as { readonly error: string };
  expect(error).toMatch(text);
  expect(error).not.toContain('\n');
});

it('one that is as it must be is taken', async () => {
  await expect(checkServer(serverSaying({}))).resolves.toHaveLength(1);
});
