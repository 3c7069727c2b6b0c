import type { Redis } from 'ioredis';
import { Refusal } from '../lib/reason.ts';
import { readInfo, readServerTime } from './health.ts';

/** GETDEL and LMOVE came with 6.2; BullMQ asks for it too. */
const OLDEST = [6, 2] as const;

/**
 * Looks at the server before it is trusted with orders (E21). Throws where it must not be used; what it risks comes back as
 * plain sentences.
 */
export async function checkServer(redis: Redis): Promise<readonly string[]> {
  const info = await readInfo(redis);
  refuseOld(info.get('redis_version') ?? '0');
  refuseFleet(info.get('redis_mode'));
  if (info.get('role') !== 'master')
    throw new Refusal('this Redis is a replica: orders can only be stored on a primary');
  const policy = await readConfig(redis, 'maxmemory-policy');
  refuseForgetful(policy, Number(info.get('maxmemory') ?? 0));
  const append = await readConfig(redis, 'appendonly');
  const fsync = await readConfig(redis, 'appendfsync');
  const skew = Math.abs((await readServerTime(redis)) - Date.now());
  return [...policyWarnings(policy), ...appendWarnings(append, fsync), ...skewWarnings(skew)];
}

function refuseOld(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return;
  throw new Refusal(`Redis ${version} is too old: orderd needs ${OLDEST.join('.')} or newer`);
}

/** Where one node holds only some of the keys, most subscribers would find no store. */
function refuseFleet(mode: string | undefined): void {
  if (mode === 'cluster')
    throw new Refusal('this Redis is a node of a Cluster, which orderd does not speak: it needs one primary');
  if (mode === 'sentinel')
    throw new Refusal('this is a Redis Sentinel, which stores nothing: name the primary that it watches');
}

/** With a limit on its memory, such a server will sooner or later throw orders away: that is certain, not a risk. */
function refuseForgetful(policy: string | undefined, limit: number): void {
  if (limit === 0 || policy === undefined || policy === 'noeviction') return;
  throw new Refusal(`this Redis throws keys away when its memory is full (maxmemory-policy ${policy}): set noeviction`);
}

/** undefined where our ACL user may not read the configuration. */
async function readConfig(redis: Redis, name: string): Promise<string | undefined> {
  const reply = await redis.config('GET', name).catch(() => []);
  return (reply as readonly string[])[1];
}

function policyWarnings(policy: string | undefined): readonly string[] {
  if (policy === undefined)
    return [
      'Redis does not let us read its configuration: make sure of maxmemory-policy noeviction and appendonly yes.',
    ];
  if (policy === 'noeviction') return [];
  return [`Redis may throw orders away when its memory is full: set maxmemory-policy to noeviction (it is ${policy}).`];
}

function appendWarnings(append: string | undefined, fsync: string | undefined): readonly string[] {
  if (append === 'no')
    return ['Redis keeps no append-only file: a crash loses orders and charges. Set appendonly yes.'];
  if (append !== 'yes' || fsync === 'always') return [];
  const loss = fsync === 'everysec' ? 'up to one second' : 'many seconds';
  return [`Power loss may cost ${loss} of orders and charges: set appendfsync always (it is ${fsync ?? 'unknown'}).`];
}

function skewWarnings(skew: number): readonly string[] {
  if (skew < 2000) return [];
  return [`The clocks of Redis and of this machine differ by ${Math.round(skew / 1000)} s.`];
}
