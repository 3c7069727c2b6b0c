import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Violation } from './audit.ts';
import type { RedisHandle } from '../../src/redis/connection.ts';
import { pagesOf } from './pages.ts';
import { keysOf } from './records.ts';
import type { World } from './world.ts';

/** P5: known codes and numbers, looked for everywhere that they must not be (E15, E19). */
export async function leaksOf(world: World, redis: RedisHandle): Promise<readonly Violation[]> {
  const all = [...world.crowd.all.values()];
  const codes = new Set(all.flatMap(({ codes }) => codes));
  const numbers = new Set(all.map(({ msisdn }) => msisdn));
  const found: Violation[] = [];
  const tell = (about: string, what: string) => found.push({ promise: 'P5', fault: 'all', about, what });
  const look = (where: string, text: string, also: ReadonlySet<string>): void => {
    for (const [digits] of text.matchAll(/\d{10,}/g)) {
      const leaked = codes.has(digits) ? 'a code' : also.has(digits) ? 'a full number' : undefined;
      if (leaked !== undefined) tell(where, `${leaked} in ${where}`);
    }
  };
  const none = new Set<string>();
  for (const { path, status, text } of await pagesOf(`http://127.0.0.1:${String(world.daemon().ready['noc'])}`)) {
    look(`page ${path}`, text, numbers);
    if (status !== 200) tell(`page ${path}`, `answered ${status}: nothing was looked at`);
  }
  for (const file of filesIn(world.plan.dir)) {
    // CDRs may name the number (E19); Redis's own file is looked at through its keys.
    const also = /\/(cdr|evidence)\//.test(file) ? none : numbers;
    look(file.slice(world.plan.dir.length), textOf(file), also);
  }
  for (const key of await keysOf(redis.redis)) {
    look('a key of Redis', key, numbers);
    const also = /\}:(order|mt|sub):/.test(key) ? none : numbers;
    look(key.replace(/:[^:]*$/, ':*'), await valueOf(redis.redis, key), also);
  }
  return found;
}

/** The daemon still runs: a file may have got its lasting name since it was listed. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

function filesIn(dir: string): readonly string[] {
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) return /^(redis|disk|config|keys)$/.test(entry.name) ? [] : filesIn(path);
    return entry.isFile() && statSync(path).size < 200_000_000 ? [path] : [];
  });
}

/** Whatever type it is, as one text. */
async function valueOf(redis: RedisHandle['redis'], key: string): Promise<string> {
  switch (await redis.type(key)) {
    case 'hash':
      return JSON.stringify(await redis.hgetall(key));
    case 'string':
      return (await redis.get(key)) ?? '';
    case 'zset':
      return (await redis.zrange(key, '0', '-1')).join(' ');
    case 'stream':
      return JSON.stringify(await redis.xrange(key, '-', '+'));
    case 'list':
      return (await redis.lrange(key, 0, -1)).join(' ');
    case 'set':
      return (await redis.smembers(key)).join(' ');
    default:
      return '';
  }
}
