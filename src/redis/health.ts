import type { Redis } from 'ioredis';
import { partitionsKey } from './partitions.ts';

/** Wall time of the server, epoch ms. */
export async function readServerTime(redis: Redis): Promise<number> {
  const [seconds = 0, micros = 0] = (await redis.time()).map(Number);
  return seconds * 1000 + micros / 1000;
}

/** The fields of INFO, or of one section of it. */
export async function readInfo(redis: Redis, section?: string): Promise<ReadonlyMap<string, string>> {
  const text = await (section === undefined ? redis.info() : redis.info(section));
  const lines = text.split('\r\n').map((line) => line.split(':', 2));
  return new Map(lines.flatMap(([key, value]) => (key === undefined || value === undefined ? [] : [[key, value]])));
}

/** Above this share of maxmemory orders will soon be refused. */
const FULL = 0.9;

const LOST = 'Redis has lost what orderd stored in it: restore it, then restart orderd';

/** As `readHealth`; it also tells when what it saw set up there before is gone: FLUSHALL, or a restart without its file. */
export function createHealth(redis: Redis, prefix: string): () => Promise<string | undefined> {
  let wasSetUp = false;
  return async () => {
    const isSetUp = (await redis.exists(partitionsKey(prefix))) === 1;
    wasSetUp ||= isSetUp;
    return (await readHealth(redis, prefix)) ?? (wasSetUp && !isSetUp ? LOST : undefined);
  };
}

/** Why this server cannot be trusted with an order now, in one sentence; undefined while it can. */
export async function readHealth(redis: Redis, prefix: string): Promise<string | undefined> {
  return troubleIn(await readInfo(redis)) ?? refusalOf(redis, prefix);
}

function troubleIn(info: ReadonlyMap<string, string>): string | undefined {
  if (info.get('role') !== 'master') return 'Redis has become a replica';
  if (info.get('aof_last_write_status') === 'err') return 'Redis cannot write its append-only file';
  return memoryTrouble(info);
}

function memoryTrouble(info: ReadonlyMap<string, string>): string | undefined {
  const [used, limit] = [Number(info.get('used_memory')), Number(info.get('maxmemory') ?? 0)];
  if (!(limit > 0)) return undefined;
  const policy = info.get('maxmemory_policy') ?? 'noeviction';
  if (policy !== 'noeviction') return `Redis throws keys away when its memory is full (maxmemory-policy ${policy})`;
  return used > limit * FULL ? `Redis has used more than ${FULL * 100} % of its maxmemory` : undefined;
}

/**
 * What INFO does not tell: a snapshot that failed (MISCONF), replicas that are missing (NOREPLICAS). Deleting what is not there changes
 * nothing, and is refused where a write would be.
 */
async function refusalOf(redis: Redis, prefix: string): Promise<string | undefined> {
  try {
    await redis.del(`{${prefix}}:nothing`);
    return undefined;
  } catch (error) {
    if (error instanceof Error && error.name === 'ReplyError') return `Redis refuses writes: ${error.message}`;
    throw error;
  }
}
