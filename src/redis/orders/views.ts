import type { Doubt, Order, OrderState } from '../../domain/order.ts';
import type { StoreBase } from '../store-base.ts';
import { ORDER_STATES } from '../transitions.ts';

/** How the census names them (move-order.lua). */
const DOUBT = 'doubt:';

/** Views of the orders for staff. */
export interface OrderIndex {
  orderById(orderId: string): Promise<Order | undefined>;
  /** Newest first; at most what the retention keeps. */
  recent(limit: number): Promise<readonly Order[]>;
  /** Opened from `from` to `to` (epoch ms), oldest first; `from` of the answer tells since when the index is whole. */
  between(from: number, to: number): Promise<{ readonly orders: readonly Order[]; readonly from: number }>;
  /** Those whose money is in doubt, however many are newer: `limit` of each state at most, state by state. */
  inDoubt(states: readonly Doubt[], limit: number): Promise<readonly Order[]>;
  ofSubscriber(msisdn: string, limit: number): Promise<readonly Order[]>;
  /** How many orders are in each state now; for the ends: how many ever reached it. */
  census(): Promise<Readonly<Record<OrderState, number>>>;
  /** Renewals among the `confirmed` that wait for the next try of their calendar: for money, not for the OCS. */
  retrying(): Promise<number>;
  /** Orders and texts that somebody must look at again, and how long the oldest is overdue (ms). */
  backlog(now: number): Promise<{ readonly waiting: number; readonly overdue: number }>;
}

export function createOrderIndex(base: StoreBase): OrderIndex {
  const { redis, keys } = base;
  const partitions = Array.from({ length: keys.partitions }, (_, partition) => partition);
  const load = async (ids: readonly string[]): Promise<readonly Order[]> =>
    (await Promise.all(ids.map(base.loadOrder))).filter((order) => order !== undefined);
  return {
    orderById: base.loadOrder,
    async recent(limit) {
      const ids = await Promise.all(partitions.map((p) => redis.zrevrange(keys.recent(p), 0, limit - 1, 'WITHSCORES')));
      return load(newest(ids.flatMap(pairs), limit));
    },
    between: (from, to) => between(base, from, to, load),
    async inDoubt(states, limit) {
      const counts = await Promise.all(partitions.map((p) => redis.hgetall(keys.census(p))));
      const named = counts.flatMap(doubtsIn);
      const ids = states.flatMap((state) => named.filter((one) => one.state === state).slice(0, limit));
      // One may have left since.
      return (await load(ids.map(({ id }) => id))).filter(({ state }) => states.some((one) => one === state));
    },
    ofSubscriber: async (msisdn, limit) =>
      load(await redis.zrevrange(keys.ordersOf(keys.subscriberOf(msisdn)), 0, limit - 1)),
    async census() {
      const counts = await Promise.all(partitions.map((p) => redis.hmget(keys.census(p), ...ORDER_STATES)));
      const sum = (state: number): number => counts.reduce((total, count) => total + Number(count[state] ?? 0), 0);
      return Object.fromEntries(ORDER_STATES.map((state, index) => [state, sum(index)])) as Record<OrderState, number>;
    },
    async retrying() {
      const counts = await Promise.all(partitions.map((p) => redis.hget(keys.census(p), 'retrying')));
      return counts.reduce((sum, count) => sum + Number(count ?? 0), 0);
    },
    async backlog(now) {
      const sizes = await Promise.all(partitions.map((p) => redis.zcard(keys.wake(p))));
      const first = await Promise.all(partitions.map((p) => redis.zrange(keys.wake(p), '0', '0', 'WITHSCORES')));
      const oldest = Math.min(now, ...first.flatMap(pairs).map(({ score }) => score));
      return { waiting: sizes.reduce((sum, size) => sum + size, 0), overdue: now - oldest };
    },
  };
}

function doubtsIn(
  census: Readonly<Record<string, string>>,
): readonly { readonly id: string; readonly state: string }[] {
  return Object.entries(census).flatMap(([field, state]) =>
    field.startsWith(DOUBT) ? [{ id: field.slice(DOUBT.length), state }] : [],
  );
}

/** A partition that has dropped its oldest entries lists nothing from before its oldest one. */
async function between(
  { redis, keys, retention }: StoreBase,
  from: number,
  to: number,
  load: (ids: readonly string[]) => Promise<readonly Order[]>,
): ReturnType<OrderIndex['between']> {
  const names = Array.from({ length: keys.partitions }, (_, partition) => keys.recent(partition));
  const ids = await Promise.all(names.map((name) => redis.zrangebyscore(name, from, to)));
  const starts = await Promise.all(
    names.map(async (name) => {
      if ((await redis.zcard(name)) < retention.recentOrders) return from;
      return pairs(await redis.zrange(name, '0', '0', 'WITHSCORES'))[0]?.score ?? from;
    }),
  );
  const orders = [...(await load(ids.flat()))].sort((a, b) => a.frozen.openedAt - b.frozen.openedAt);
  return { orders, from: Math.max(from, ...starts) };
}

interface Scored {
  readonly member: string;
  readonly score: number;
}

function pairs(flat: readonly string[]): readonly Scored[] {
  return flat.flatMap((member, index) => (index % 2 === 0 ? [{ member, score: Number(flat[index + 1]) }] : []));
}

function newest(scored: readonly Scored[], limit: number): readonly string[] {
  return [...scored]
    .sort((a, b) => b.score - a.score)
    .slice(0, limit)
    .map(({ member }) => member);
}
