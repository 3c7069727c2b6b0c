/** What an operator's Redis already holds when a round begins: placed orders with their subscribers and texts. */
import { Redis } from 'ioredis';
import { createKeys, dueMember } from '../../src/redis/keys.ts';

const PARTITIONS = 16;
const BATCH = 500;
const DAY = 86_400_000;

/** Of the lengths that the bench's own orders have. */
const FROZEN = JSON.stringify({ id: 'kept', msisdn: '254700000000', texts: 'x'.repeat(820) });
const SUBSCRIPTION = JSON.stringify({ serviceId: 'news', texts: 'x'.repeat(500) });
const TEXT = JSON.stringify({ id: 'kept-ordered', texts: 'x'.repeat(420) });

/** Octets of memory per order that was written, the subscription and the text of each included. */
export async function keepOrders(socket: string, count: number): Promise<number> {
  const redis = new Redis({ path: socket });
  const before = await memoryOf(redis);
  for (let from = 0; from < count; from += BATCH) await keepBatch(redis, from, Math.min(count, from + BATCH));
  const after = await memoryOf(redis);
  redis.disconnect();
  return (after - before) / count;
}

async function memoryOf(redis: Redis): Promise<number> {
  return Number(/^used_memory:(\d+)/m.exec(await redis.info('memory'))?.[1] ?? 0);
}

async function keepBatch(redis: Redis, from: number, to: number): Promise<void> {
  const pipeline = redis.pipeline();
  const keys = createKeys('orderd', PARTITIONS, () => new Uint8Array(32));
  const now = Date.now();
  for (let number = from; number < to; number++) {
    const partition = number % PARTITIONS;
    const id = `${String(partition).padStart(2, '0')}-kept${String(number).padStart(15, '0')}`;
    const at = { partition, name: number.toString(16).padStart(32, '0') };
    const order = { frozen: FROZEN, state: 'placed', fence: 1, tries: 0, waits: 0, serviceId: 'news', updatedAt: now };
    pipeline.hset(keys.order(id), { ...order, providerId: 'daily-planet', verdict: '{"kind":"granted"}' });
    pipeline.pexpire(keys.order(id), 180 * DAY);
    pipeline.hset(keys.mt(`${id}-ordered`), { json: TEXT, state: 'delivered', fence: 1, smsc: 'load', open: 0 });
    pipeline.pexpire(keys.mt(`${id}-ordered`), DAY);
    pipeline.hset(keys.subscriber(at), { 'sub:news': SUBSCRIPTION, 'no:news': 1, 'prov:daily-planet': now });
    pipeline.zadd(keys.ordersOf(at), now, id);
    pipeline.zadd(keys.due(partition), now + DAY, dueMember(at, 'news'));
    pipeline.hincrby(keys.census(partition), 'placed', 1);
  }
  await pipeline.exec();
}
