/** What an operator's Redis already holds when a round begins, each order with its subscriber and text. */
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { Keys, SubscriberAt } from '../../src/redis/keys.ts';
import { createKeys, dueMember } from '../../src/redis/keys.ts';

export interface Stock {
  /** Placed orders with a subscription. */
  readonly kept: number;
  /** Orders that wait for a code. */
  readonly live: number;
}

const PARTITIONS = 16;
const BATCH = 500;
const DAY = 86_400_000;

/** Of the lengths that the bench's own orders have. */
const FROZEN = JSON.stringify({ id: 'kept', msisdn: '254700000000', texts: 'x'.repeat(820) });
const SUBSCRIPTION = JSON.stringify({ serviceId: 'news', texts: 'x'.repeat(500) });
const CHALLENGE = JSON.stringify({ id: 'asked', kind: 'otp', texts: 'x'.repeat(120) });
const TEXT = JSON.stringify({ id: 'kept-ordered', texts: 'x'.repeat(420) });

/** Octets of memory per order that was written. */
export async function stockRedis(socket: string, { kept, live }: Stock): Promise<number> {
  const redis = new Redis({ path: socket });
  const before = await memoryOf(redis);
  await inBatches(redis, 'kept', kept, keepOne);
  await inBatches(redis, 'open', live, openOne);
  await rewritten(redis);
  const after = await memoryOf(redis);
  redis.disconnect();
  return (after - before) / (kept + live);
}

/** A rewrite that such a fill set off would run on into the measured time, and copy each page that an order touches. */
async function rewritten(redis: Redis): Promise<void> {
  const field = async (name: string): Promise<string | undefined> =>
    new RegExp(`^${name}:(\\S+)`, 'm').exec(await redis.info('persistence'))?.[1];
  const idle = async (): Promise<void> => {
    while ((await field('aof_rewrite_in_progress')) === '1' || (await field('aof_rewrite_scheduled')) === '1')
      await pause(200);
  };
  await idle();
  await redis.bgrewriteaof();
  await idle();
}

async function memoryOf(redis: Redis): Promise<number> {
  return Number(/^used_memory:(\d+)/m.exec(await redis.info('memory'))?.[1] ?? 0);
}

interface Place {
  readonly keys: Keys;
  readonly at: SubscriberAt;
  readonly id: string;
  readonly now: number;
}

type Write = (pipeline: ReturnType<Redis['pipeline']>, place: Place) => void;

async function inBatches(redis: Redis, kind: string, count: number, write: Write): Promise<void> {
  const keys = createKeys('orderd', PARTITIONS, () => new Uint8Array(32));
  for (let from = 0; from < count; from += BATCH) {
    const pipeline = redis.pipeline();
    const now = Date.now();
    for (let number = from; number < Math.min(count, from + BATCH); number++) {
      const partition = number % PARTITIONS;
      const id = `${String(partition).padStart(2, '0')}-${kind}${String(number).padStart(15, '0')}`;
      const at = { partition, name: `${kind}${number.toString(16)}`.padStart(32, '0') };
      write(pipeline, { keys, at, id, now });
    }
    await pipeline.exec();
  }
}

function keepOne(pipeline: ReturnType<Redis['pipeline']>, { keys, at, id, now }: Place): void {
  const order = { frozen: FROZEN, state: 'placed', fence: 1, tries: 0, waits: 0, serviceId: 'news', updatedAt: now };
  pipeline.hset(keys.order(id), { ...order, providerId: 'daily-planet', verdict: '{"kind":"granted"}' });
  pipeline.pexpire(keys.order(id), 180 * DAY);
  pipeline.hset(keys.mt(`${id}-ordered`), { json: TEXT, state: 'delivered', fence: 1, smsc: 'load', open: 0 });
  pipeline.pexpire(keys.mt(`${id}-ordered`), DAY);
  pipeline.hset(keys.subscriber(at), { 'sub:news': SUBSCRIPTION, 'no:news': 1, 'prov:daily-planet': now });
  pipeline.zadd(keys.ordersOf(at), now, id);
  pipeline.zadd(keys.due(at.partition), now + DAY, dueMember(at, 'news'));
  pipeline.hincrby(keys.census(at.partition), 'placed', 1);
}

function openOne(pipeline: ReturnType<Redis['pipeline']>, { keys, at, id, now }: Place): void {
  const ends = now + DAY;
  const order = {
    frozen: FROZEN,
    state: 'challenged',
    fence: 1,
    tries: 0,
    waits: 0,
    serviceId: 'news',
    updatedAt: now,
  };
  const asked = { challenge: CHALLENGE, challengeId: 'asked', challengeKind: 'otp', maxTries: 3 };
  pipeline.hset(keys.order(id), {
    ...order,
    providerId: 'daily-planet',
    ...asked,
    codeEndsAt: ends,
    windowEndsAt: ends,
  });
  pipeline.hset(keys.mt(`${id}-code`), { json: TEXT, state: 'delivered', fence: 1, smsc: 'load', open: 0 });
  pipeline.pexpire(keys.mt(`${id}-code`), DAY);
  pipeline.hset(keys.subscriber(at), { [`pend:${id}`]: 'news' });
  pipeline.zadd(keys.ordersOf(at), now, id);
  pipeline.zadd(keys.wake(at.partition), ends, `o:${id}`);
  pipeline.hincrby(keys.census(at.partition), 'challenged', 1);
}
