import type { Redis } from 'ioredis';
import type { Order } from '../domain/order.ts';
import { partitionOf } from '../domain/ids.ts';
import { createRecent } from '../lib/recent.ts';
import type { Keys, SubscriberAt } from './keys.ts';
import { orderFrom } from './order-record.ts';
import type { Call } from './wire/resp.ts';
import { fieldsOf } from './replies.ts';
import type { Run } from './scripts.ts';

/** How long records are kept, milliseconds. */
export interface Retention {
  /** Orders at their end. */
  readonly orders: number;
  /** Texts that wait for a receipt, and the receipt keys. */
  readonly receipts: number;
  /** Texts whose receipts came. */
  readonly settledMts: number;
  readonly deadLetters: number;
  /** Receipts that came before their submit_sm_resp. */
  readonly earlyReceipts: number;
  /** A claimed wake comes back after this, should the job be lost. */
  readonly claim: number;
  /** Orders that the recent view keeps per partition, and per subscriber. */
  readonly recentOrders: number;
  readonly ownOrders: number;
}

const DAY = 86_400_000;

export const RETENTION: Retention = {
  orders: 180 * DAY,
  receipts: 3 * DAY,
  settledMts: DAY,
  deadLetters: 30 * DAY,
  earlyReceipts: 60_000,
  claim: 15_000,
  recentOrders: 1000,
  ownOrders: 200,
};

/** What every store is made from. */
export interface StoreBase {
  readonly redis: Redis;
  readonly run: Run;
  readonly call: Call;
  readonly keys: Keys;
  /** Names this process in leases. */
  readonly owner: string;
  readonly retention: Retention;
  /** Wall time, epoch ms. */
  readonly now: () => number;
  readonly loadOrder: (orderId: string) => Promise<Order | undefined>;
  /** Whose order it is; undefined for an order that does not exist. */
  readonly subscriberOf: (orderId: string) => Promise<SubscriberAt | undefined>;
  /** Remembers whose order it is, which spares a read per step. */
  readonly rememberSubscriber: (order: Order) => void;
}

/** Whose orders a process has lately had in hand; an order's subscriber never changes. */
const REMEMBERED = 10_000;

export type BaseParts = Pick<StoreBase, 'redis' | 'run' | 'call' | 'keys' | 'owner' | 'retention' | 'now'>;

export function createStoreBase(parts: BaseParts): StoreBase {
  const { call, keys } = parts;
  const known = createRecent<string, SubscriberAt>(REMEMBERED);

  function rememberSubscriber({ frozen }: Order): void {
    known.set(frozen.id, keys.subscriberOf(frozen.msisdn));
  }

  async function loadOrder(orderId: string): Promise<Order | undefined> {
    if (!keys.knows(orderId)) return undefined;
    const order = orderFrom(fieldsOf((await call(['HGETALL', keys.order(orderId)])) as readonly string[]));
    if (order !== undefined) rememberSubscriber(order);
    return order;
  }

  async function subscriberOf(orderId: string): Promise<SubscriberAt | undefined> {
    if (known.get(orderId) === undefined) await loadOrder(orderId);
    return known.get(orderId);
  }

  return { loadOrder, subscriberOf, rememberSubscriber, ...parts };
}

/** The keys that every move of an order touches, in the order in which the steps take them. */
export function moveKeys({ keys }: StoreBase, orderId: string, at: SubscriberAt): readonly string[] {
  const partition = partitionOf(orderId);
  return [
    keys.order(orderId),
    keys.subscriber(at),
    keys.wake(partition),
    keys.outbox(partition),
    keys.census(partition),
  ];
}

/** The order out of a HGETALL reply. */
export function orderOf(base: StoreBase, fields: ReadonlyMap<string, string>): Order {
  const order = orderFrom(fields);
  if (order === undefined) throw new TypeError('a step returned an order without its frozen part');
  base.rememberSubscriber(order);
  return order;
}
