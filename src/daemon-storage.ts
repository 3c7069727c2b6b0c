import { systemClock } from './clock.ts';
import type { Config } from './config/config.ts';
import type { Hashing } from './flow/ports.ts';
import { generateKeys } from './hashing/generate.ts';
import { createHashing } from './hashing/hashing.ts';
import type { EmbeddedRedis } from './launcher/redis-server.ts';
import { startEmbeddedRedis } from './launcher/redis-server.ts';
import type { Note } from './lib/note.ts';
import type { RedisHandle } from './redis/connection.ts';
import { connectRedis } from './redis/connection.ts';
import type { Stores } from './redis/stores.ts';
import { createStores } from './redis/stores.ts';

/** First part of every key in Redis. */
export const PREFIX = 'ord';

/** Redis with the stores over it, and the keys that must never be in it. */
export interface Storage {
  readonly redis: RedisHandle;
  readonly stores: Stores;
  readonly hashing: Hashing;
  close(): Promise<void>;
}

/** Starts or finds Redis, checks it, and opens the stores. Rejects with one clear line. */
export async function openStorage(config: Config, note: Note): Promise<Storage> {
  const keys = config.keys.kind === 'given' ? config.keys.keys : await generateKeys(config.keys.folder);
  const hashing = createHashing(keys);
  const embedded = config.redis.kind === 'embedded' ? await startEmbeddedRedis({ dir: config.redis.folder }) : undefined;
  try {
    const url = config.redis.kind === 'url' ? config.redis.url : (embedded?.url ?? '');
    const redis = await connectRedis({ url, prefix: PREFIX }, note);
    return { redis, stores: await storesOf(config, redis, hashing), hashing, close: () => close(redis, embedded) };
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
}

function storesOf(config: Config, redis: RedisHandle, hashing: Hashing): Promise<Stores> {
  return createStores(redis, {
    partitions: config.flow.partitions,
    owner: `${config.node.originHost}/${process.pid}`,
    hash: (msisdn) => hashing.mac('msisdn', msisdn),
    now: () => systemClock.now(),
  });
}

async function close(redis: RedisHandle, embedded: EmbeddedRedis | undefined): Promise<void> {
  await redis.close();
  await embedded?.stop();
}
