import { setTimeout as pause } from 'node:timers/promises';
import { partitionTag } from '../domain/ids.ts';
import type { Order } from '../domain/order.ts';
import type { Subscription } from '../domain/subscription.ts';
import type { Eraser, Gone, Kept, KeptOrder, KeptText } from '../flow/ports/erasure.ts';
import type { SubscriberAt } from './keys.ts';
import { mtFrom } from './mt-record.ts';
import { orderFrom } from './order-record.ts';
import { unreadIn } from './outbox/unread.ts';
import type { StoreBase } from './store-base.ts';
import { ORDER_STATES, targetOf } from './transitions.ts';

type Base = Pick<StoreBase, 'redis' | 'keys' | 'run' | 'retention'>;

/**
 * Finds and removes what Redis keeps of one number. It looks at every record of the number's partition: lists of a
 * subscriber's orders are cut at some length, and an erasure must not depend on them. Rare, so its time does not count.
 */
export function createEraser(base: Base): Eraser {
  return {
    find: (msisdn) => find(base, msisdn),
    records: (msisdn) => records(base, msisdn),
    async hold(orderId, word) {
      if (!base.keys.knows(orderId)) return 'unknown';
      const hold = word === undefined ? {} : { hold: JSON.stringify(word) };
      const settled = ORDER_STATES.filter((state) => targetOf(state, 0).ttl !== undefined);
      const step = { settled, ttl: base.retention.orders, ...hold };
      const done = await base.run('hold-order', [base.keys.order(orderId)], [JSON.stringify(step)]);
      return HELD[Number(done)] ?? 'unknown';
    },
    erase: (msisdn, kept, held, whole) => erase(base, msisdn, kept, { held, whole }),
  };
}

async function erase(
  base: Base,
  msisdn: string,
  kept: Kept,
  { held, whole }: { readonly held: ReadonlySet<string>; readonly whole: boolean },
): Promise<Gone> {
  const at = base.keys.subscriberOf(msisdn);
  const wished = kept.orders.filter(({ id }) => !held.has(id));
  const orders = await allThat(wished, (order) => forgetOrder(base, at, order));
  const stay = new Set([...held, ...wished.filter((order) => !orders.has(order)).map(({ id }) => id)]);
  const done = kept.texts.filter(({ settled, unwritten }) => settled && unwritten !== true);
  const texts = await allThat(
    done.filter(({ orderId = '' }) => !stay.has(orderId)),
    ({ id }) => forgetText(base, at, id),
  );
  const isRecordGone = !whole || (stay.size === 0 && (await forgetSubscriber(base, at, kept.newest)));
  await rewriteFile(base.redis);
  return { orders: orders.size, texts: texts.size, all: orders.size === wished.length && isRecordGone };
}

/** Milliseconds to wait for a rewrite that is under way, and between two looks. */
const REWRITE_PATIENCE = 300_000;
const REWRITE_LOOK = 100;

/**
 * The append-only file still holds what was deleted until it is written anew. A rewrite that began before is none: it writes down what
 * was there then, and Redis takes no second one meanwhile.
 */
async function rewriteFile(redis: Base['redis']): Promise<void> {
  for (let waited = 0; waited < REWRITE_PATIENCE; waited += REWRITE_LOOK) {
    const refusal = await redis.bgrewriteaof().then(() => '', String);
    if (!refusal.includes('in progress')) return;
    await pause(REWRITE_LOOK);
  }
  throw new Error(
    'the append-only file of Redis is being written anew for minutes: what was deleted may stand in it until the next time',
  );
}

/** As hold-order returns it. */
const HELD: Readonly<Record<number, 'done' | 'as-it-is' | 'unknown'>> = { 1: 'done', 2: 'as-it-is', 3: 'unknown' };

async function* keysLike({ redis }: Pick<Base, 'redis'>, pattern: string): AsyncGenerator<string> {
  let cursor = '0';
  do {
    const [next, found] = await redis.scan(cursor, 'MATCH', pattern, 'COUNT', 1000);
    yield* found;
    cursor = next;
  } while (cursor !== '0');
}

type Fields = ReadonlyMap<string, string>;

/** Every order and text of the partition, one after the other. */
async function* recordsLike(
  { redis, keys }: Base,
  kind: 'order' | 'mt',
  { partition }: SubscriberAt,
): AsyncGenerator<Fields> {
  const pattern = keys[kind](`${partitionTag(partition)}-*`);
  for await (const key of keysLike({ redis }, pattern)) yield new Map(Object.entries(await redis.hgetall(key)));
}

async function find(base: Base, msisdn: string): Promise<Kept> {
  const at = base.keys.subscriberOf(msisdn);
  const [, newest = '0'] = await base.redis.zrevrange(base.keys.ordersOf(at), 0, 0, 'WITHSCORES');
  const orders: KeptOrder[] = [];
  const texts: KeptText[] = [];
  for await (const fields of recordsLike(base, 'order', at)) {
    const order = orderFrom(fields);
    if (order?.frozen.msisdn === msisdn) orders.push(keptOrder(order, fields));
  }
  for await (const fields of recordsLike(base, 'mt', at)) {
    const mt = mtFrom(fields);
    if (mt?.msisdn === msisdn) texts.push({ id: mt.id, orderId: mt.orderId, settled: fields.get('state') !== 'owed' });
  }
  const services = servicesIn(await base.redis.hgetall(base.keys.subscriber(at)));
  // Last: what moves after the look at it is not taken anyway.
  const unread = await unreadIn(base.redis, at.partition, base.keys.outbox(at.partition));
  return { newest: Number(newest), orders: marked(orders, unread), texts: marked(texts, unread), services };
}

function marked<One extends { readonly id: string }>(all: readonly One[], unread: ReadonlySet<string>): readonly One[] {
  return all.map((one) => (unread.has(one.id) ? { unwritten: true, ...one } : one));
}

function keptOrder({ frozen, state }: Order, fields: Fields): KeptOrder {
  const { id, openedAt } = frozen;
  return { id, state, openedAt, ...(fields.has('hold') ? { held: true } : {}) };
}

function servicesIn(subscriber: Readonly<Record<string, string>>): Kept['services'] {
  return Object.entries(subscriber).flatMap(([name, json]) =>
    name.startsWith('sub:') ? [{ id: name.slice(4), last: (JSON.parse(json) as Subscription).last }] : [],
  );
}

async function records(base: Base, msisdn: string): Promise<readonly object[]> {
  const at = base.keys.subscriberOf(msisdn);
  const found: object[] = [{ subscriber: await base.redis.hgetall(base.keys.subscriber(at)) }];
  for await (const fields of recordsLike(base, 'order', at))
    if (orderFrom(fields)?.frozen.msisdn === msisdn) found.push({ order: Object.fromEntries(fields) });
  for await (const fields of recordsLike(base, 'mt', at))
    if (mtFrom(fields)?.msisdn === msisdn) found.push({ text: Object.fromEntries(fields) });
  return found;
}

/** Those that the step says yes to, one after the other. */
async function allThat<T>(all: readonly T[], step: (one: T) => Promise<boolean>): Promise<ReadonlySet<T>> {
  const done = new Set<T>();
  for (const one of all) if (await step(one)) done.add(one);
  return done;
}

async function forgetOrder({ run, keys }: Base, at: SubscriberAt, { id, state }: KeptOrder): Promise<boolean> {
  const { partition } = at;
  const own = [keys.order(id), keys.subscriber(at), keys.ordersOf(at), keys.wake(partition), keys.recent(partition)];
  return Number(await run('forget-order', own, [id, state])) === 1;
}

async function forgetText({ run, keys }: Base, { partition }: SubscriberAt, id: string): Promise<boolean> {
  return Number(await run('forget-mt', [keys.mt(id), keys.wake(partition), keys.dead(partition)], [id])) === 1;
}

/** Every key that is named after the number's HMAC: the record and its orders, unless one came meanwhile, then its counters. */
async function forgetSubscriber(base: Base, at: SubscriberAt, newest: number): Promise<boolean> {
  const own = [base.keys.subscriber(at), base.keys.ordersOf(at)];
  if (Number(await base.run('forget-subscriber', own, [newest])) === 0) return false;
  for await (const key of keysLike(base, `*${at.name}*`)) if (!own.includes(key)) await base.redis.del(key);
  return true;
}
