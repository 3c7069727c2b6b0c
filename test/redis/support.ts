import { createHmac, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { EmbeddedRedis } from '../../src/launcher/redis-server.ts';
import { startEmbeddedRedis } from '../../src/launcher/redis-server.ts';
import type { RedisHandle } from '../../src/redis/connection.ts';
import { connectRedis } from '../../src/redis/connection.ts';
import type { Keys } from '../../src/redis/keys.ts';
import { createKeys } from '../../src/redis/keys.ts';
import type { Stores } from '../../src/redis/stores.ts';
import { createStores } from '../../src/redis/stores.ts';

export const PARTITIONS = 4;
export const hash = (msisdn: string): Uint8Array => createHmac('sha256', 'test key').update(msisdn).digest();

/** A Redis of this test file, started by our own launcher. */
export interface Server {
  readonly embedded: EmbeddedRedis;
  readonly socket: string;
  readonly url: string;
  readonly dir: string;
}

export function useServer(): Server {
  const server: { embedded?: EmbeddedRedis; dir?: string } = {};
  beforeAll(async () => {
    server.dir = await mkdtemp(join(tmpdir(), 'orderd-redis-'));
    server.embedded = await startEmbeddedRedis({ dir: server.dir, appendfsync: 'everysec' });
  });
  afterAll(async () => {
    await server.embedded?.stop();
    if (server.dir !== undefined) await rm(server.dir, { recursive: true, force: true });
  });
  return {
    get embedded() {
      if (server.embedded === undefined) throw new Error('the server has not started');
      return server.embedded;
    },
    get socket() {
      return this.embedded.socket;
    },
    get url() {
      return this.embedded.url;
    },
    get dir() {
      return server.dir ?? '';
    },
  };
}

/** Stores under a prefix of their own, so that tests of one file share a server but no key. */
export interface Bench {
  readonly stores: Stores;
  readonly handle: RedisHandle;
  readonly redis: Redis;
  readonly keys: Keys;
  readonly prefix: string;
  /** Epoch ms, turned by hand. */
  now: number;
}

export function useBench(server: Server): Bench {
  const bench = { now: 1_700_000_000_000 } as { -readonly [Key in keyof Bench]: Bench[Key] };
  beforeEach(async () => {
    bench.prefix = `t${randomBytes(6).toString('hex')}`;
    bench.handle = await connectRedis({ url: server.url, prefix: bench.prefix }, () => undefined);
    bench.redis = bench.handle.redis;
    bench.keys = createKeys(bench.prefix, PARTITIONS, hash);
    bench.stores = await createStores(bench.handle, {
      partitions: PARTITIONS,
      owner: 'test',
      hash,
      now: () => bench.now,
    });
    return () => bench.handle.close();
  });
  return bench;
}
