import { hostname } from 'node:os';
import { systemClock } from '../clock.ts';
import type { Live } from './live.ts';
import type { Hashing } from '../flow/ports/ports.ts';
import { generateKeys } from '../hashing/generate.ts';
import { createHashing } from '../hashing/hashing.ts';
import type { EmbeddedRedis } from '../launcher/redis-server.ts';
import { startEmbeddedRedis } from '../launcher/redis-server.ts';
import type { Note } from '../lib/note.ts';
import type { RedisHandle } from '../redis/connection.ts';
import type { RedisSettings, RedisTls } from '../redis/settings.ts';
import { createHealth, readServerTime } from '../redis/health.ts';
import { connectRedis } from '../redis/connection.ts';
import type { Stores } from '../redis/stores.ts';
import { createStores } from '../redis/stores.ts';
import { servicesOf } from '../domain/catalogue.ts';
import { createCreditBooks } from '../redis/credit/book.ts';
import type { CreditBooks } from '../redis/credit/book.ts';
import { createAuditTrail } from '../redis/audit.ts';
import type { Suspensions } from '../redis/suspensions.ts';
import { createSuspensions } from '../redis/suspensions.ts';
import { createPartStore } from '../redis/part-store.ts';
import type { PartStore } from '../flow/ports/part-store.ts';
import type { StoreClock } from '../store-clock.ts';
import { createStoreClock } from '../store-clock.ts';
import type { Owner } from './owner.ts';
import { isDeadSelf, isProcess, ownerText } from './owner.ts';
import type { StoreWatch } from './store-watch.ts';
import { createStoreWatch } from './store-watch.ts';

/** Redis with the stores over it, and the keys that must never be in it. */
export interface Storage {
  readonly redis: RedisHandle;
  /** For further connections of this process. */
  readonly address: RedisSettings;
  readonly stores: Stores;
  readonly credit: CreditBooks;
  readonly audit: ReturnType<typeof createAuditTrail>;
  readonly suspensions: Suspensions;
  /** Where parts of long MOs meet, whichever process each reaches. */
  readonly parts: PartStore;
  /** Names this process in leases and consumer groups. */
  readonly owner: string;
  readonly hashing: Hashing;
  /** Ed25519 private key of evidence heads. */
  readonly evidenceKey: Uint8Array;
  /** The store's time, which all processes share. */
  readonly clock: StoreClock;
  readonly watch: StoreWatch;
  /** What an earlier run of this instance held when it died is free at once. */
  takeOver(): Promise<number>;
  /** What this process still holds goes to the others. */
  handOver(): Promise<number>;
  close(): Promise<void>;
}

/** Starts or finds Redis, checks it, and opens the stores. Rejects with one clear line. */
export async function openStorage(live: Live, note: Note): Promise<Storage> {
  const { config } = live;
  const keys = config.keys.kind === 'given' ? config.keys.keys : await generateKeys(config.keys.folder);
  const hashing = createHashing(keys);
  const embedded =
    config.redis.kind === 'embedded' ? await startEmbeddedRedis({ dir: config.redis.folder }) : undefined;
  try {
    const { prefix } = config.redis;
    const where = config.redis.kind === 'url' ? addressOf(config.redis) : { url: embedded?.url ?? '' };
    const address = { ...where, prefix };
    const redis = await connectRedis(address, note);
    const ground = { redis, address, hashing, evidenceKey: keys.evidence, note };
    return await storageOver(live, ground, () => close(redis, embedded));
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
}

function addressOf({ url, tls }: { readonly url: string; readonly tls: RedisTls | undefined }) {
  return tls === undefined ? { url } : { url, tls };
}

interface Ground {
  readonly redis: RedisHandle;
  readonly address: RedisSettings;
  readonly hashing: Hashing;
  readonly evidenceKey: Uint8Array;
  readonly note: Note;
}

function creditOf(
  live: Live,
  redis: RedisHandle,
  { note, now }: { readonly note: Note; readonly now: () => number },
): CreditBooks {
  const { flow, creditMaxAge: maxAge } = live.config;
  return createCreditBooks(redis, {
    partitions: flow.partitions,
    startingPoints: (id) => live.config.catalogue.providers.get(id)?.startingPoints,
    maxAge,
    standing: {
      policy: () => live.config.policy,
      services: (id) => servicesOf(live.config.catalogue, id),
      suspendFor: () => live.config.credit.suspendServiceFor,
      note,
    },
    now,
  });
}

async function storageOver(live: Live, ground: Ground, close: () => Promise<void>): Promise<Storage> {
  const { redis, address, hashing, evidenceKey, note } = ground;
  const { config } = live;
  const { partitions } = config.flow;
  const clock = createStoreClock(systemClock);
  const health = createHealth(redis.redis, redis.prefix);
  const store = { up: () => redis.up(), time: () => readServerTime(redis.redis), health };
  const watch = createStoreWatch(store, clock, note);
  await watch.look();
  const now = (): number => clock.now();
  const self = { instance: config.node.originHost, host: hostname(), pid: process.pid };
  const owner = ownerText(self);
  const hash = (msisdn: string): Uint8Array => hashing.mac('msisdn', msisdn);
  const retention = { orders: config.retention.orders, ...config.keep };
  const stores = await createStores(redis, { partitions, owner, hash, now, retention });
  const credit = creditOf(live, redis, { note, now });
  const parts = partsOver(live, ground, now);
  const leases = leasesOf(stores, { partitions, self, now, leaseFor: () => live.config.flow.leaseFor });
  return {
    redis,
    address,
    stores,
    credit,
    audit: createAuditTrail(redis),
    suspensions: createSuspensions(redis),
    parts,
    owner,
    hashing,
    evidenceKey,
    clock,
    watch,
    ...leases,
    close,
  };
}

function partsOver(live: Live, { redis, hashing }: Ground, now: () => number): PartStore {
  return createPartStore(redis, {
    partitions: live.config.flow.partitions,
    hash: (text) => hashing.mac('dedupe', text),
    now,
    dedupeWindow: (named) => (named ? live.config.flow.dedupeWindowWithId : live.config.flow.dedupeWindow),
  });
}

interface Holding {
  readonly partitions: number;
  readonly self: Owner;
  readonly now: () => number;
  readonly leaseFor: () => number;
}

/** Leases run for `leaseFor` from the clock of their holder; twice that leaves room for a clock and for a reload. */
function leasesOf(
  { leases }: Stores,
  { partitions, self, now, leaseFor }: Holding,
): Pick<Storage, 'takeOver' | 'handOver'> {
  const own = ownerText(self);
  const free = async (isOver: (owner: string) => boolean): Promise<number> => {
    const until = now() + 2 * leaseFor();
    const freed = Array.from({ length: partitions }, (_, partition) => leases.free(partition, isOver, now(), until));
    return (await Promise.all(freed)).reduce((sum, count) => sum + count, 0);
  };
  return {
    takeOver: () => free((owner) => isDeadSelf(owner, self, isProcess)),
    handOver: () => free((owner) => owner === own),
  };
}

async function close(redis: RedisHandle, embedded: EmbeddedRedis | undefined): Promise<void> {
  await redis.close();
  await embedded?.stop();
}
