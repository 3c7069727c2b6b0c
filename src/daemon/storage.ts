import { systemClock } from '../clock.ts';
import type { Config } from '../config/config.ts';
import type { Hashing } from '../flow/ports.ts';
import { generateKeys } from '../hashing/generate.ts';
import { createHashing } from '../hashing/hashing.ts';
import type { EmbeddedRedis } from '../launcher/redis-server.ts';
import { startEmbeddedRedis } from '../launcher/redis-server.ts';
import type { Note } from '../lib/note.ts';
import type { RedisHandle } from '../redis/connection.ts';
import { connectRedis } from '../redis/connection.ts';
import type { Stores } from '../redis/stores.ts';
import { createStores } from '../redis/stores.ts';
import { createCreditBooks } from '../redis/credit-book.ts';
import type { CreditBooks } from '../redis/credit-book.ts';
import { createAuditTrail } from '../redis/audit.ts';
import { createPartStore } from '../redis/part-store.ts';
import type { PartStore } from '../redis/part-store.ts';

/** Redis with the stores over it, and the keys that must never be in it. */
export interface Storage {
  readonly redis: RedisHandle;
  readonly stores: Stores;
  readonly credit: CreditBooks;
  readonly audit: ReturnType<typeof createAuditTrail>;
  /** Where parts of long MOs meet, whichever process each reaches. */
  readonly parts: PartStore;
  /** Names this process in leases and consumer groups. */
  readonly owner: string;
  readonly hashing: Hashing;
  close(): Promise<void>;
}

/** Starts or finds Redis, checks it, and opens the stores. Rejects with one clear line. */
export async function openStorage(config: Config, note: Note): Promise<Storage> {
  const keys = config.keys.kind === 'given' ? config.keys.keys : await generateKeys(config.keys.folder);
  const hashing = createHashing(keys);
  const embedded =
    config.redis.kind === 'embedded' ? await startEmbeddedRedis({ dir: config.redis.folder }) : undefined;
  try {
    const url = config.redis.kind === 'url' ? config.redis.url : (embedded?.url ?? '');
    const redis = await connectRedis({ url, prefix: config.redis.prefix }, note);
    return await storageOver(config, redis, hashing, () => close(redis, embedded));
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
}

async function storageOver(
  config: Config,
  redis: RedisHandle,
  hashing: Hashing,
  close: () => Promise<void>,
): Promise<Storage> {
  const { partitions } = config.flow;
  const now = (): number => systemClock.now();
  const owner = `${config.node.originHost}/${process.pid}`;
  const hash = (msisdn: string): Uint8Array => hashing.mac('msisdn', msisdn);
  const stores = await createStores(redis, { partitions, owner, hash, now });
  const startingPoints = (id: string): number | undefined => config.catalogue.providers.get(id)?.startingPoints;
  const credit = createCreditBooks(redis, { partitions, startingPoints, maxAge: config.creditMaxAge, now });
  const parts = createPartStore(redis, { partitions, hash: (text) => hashing.mac('dedupe', text) });
  return { redis, stores, credit, audit: createAuditTrail(redis), parts, owner, hashing, close };
}

async function close(redis: RedisHandle, embedded: EmbeddedRedis | undefined): Promise<void> {
  await redis.close();
  await embedded?.stop();
}
