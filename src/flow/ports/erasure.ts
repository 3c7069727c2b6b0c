import type { OrderState } from '../../domain/order.ts';

/** What Redis keeps of one subscriber. */
export interface Kept {
  /** When the newest order had been opened as the look began, epoch milliseconds; 0 where there was none. */
  readonly newest: number;
  readonly orders: readonly KeptOrder[];
  readonly texts: readonly KeptText[];
  /** Of each service that the subscriber has, the order that was placed for it last. */
  readonly services: readonly { readonly id: string; readonly last: string }[];
}

export interface KeptOrder {
  readonly id: string;
  readonly state: OrderState;
  /** Epoch milliseconds. */
  readonly openedAt: number;
  /** A person wants it kept, for a court or a dispute. */
  readonly held?: boolean;
  /** A consumer of the outbox has still to read it: who took it away would take its CDR and evidence, too. */
  readonly unwritten?: boolean;
}

export interface KeptText {
  readonly id: string;
  /** That it is about; undefined for one that answers an MO. */
  readonly orderId: string | undefined;
  readonly settled: boolean;
  /** A consumer of the outbox has still to read it, and will write its number into the evidence then. */
  readonly unwritten?: boolean;
}

/** What must stay, and why. */
export interface Hold {
  /** Order id; undefined for the subscriber's own record. */
  readonly order: string | undefined;
  readonly why: 'held' | 'unfinished' | 'disputed' | 'retention' | 'subscription' | 'unwritten';
  /** Epoch milliseconds; undefined while nobody knows. */
  readonly until: number | undefined;
}

/** Who holds an order, and why. */
export interface HoldWord {
  readonly who: string;
  readonly why: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Redis' part in an erasure. Methods reject when the store cannot be reached. */
export interface Eraser {
  find(msisdn: string): Promise<Kept>;
  /** The records themselves, as they are kept. */
  records(msisdn: string): Promise<readonly object[]>;
  /** An order that a person holds is neither erased nor forgotten until it is let go (undefined). */
  hold(orderId: string, word: HoldWord | undefined): Promise<'done' | 'as-it-is' | 'unknown'>;
  /**
   * Everything of the subscriber but the orders in `held` with their texts; the subscriber's own record only when `whole`. What moved,
   * was held or came since `kept` was looked for stays, and so do texts that are owed or unwritten.
   */
  erase(msisdn: string, kept: Kept, held: ReadonlySet<string>, whole: boolean): Promise<Gone>;
}

/** What an erasure took from Redis. */
export interface Gone {
  readonly orders: number;
  readonly texts: number;
  /** False when an order or the subscriber's own record had to stay that was asked to go. */
  readonly all: boolean;
}

/** What holds back an erasure: what is under way, or not written everywhere yet, and what a law wants kept for so long. `keep`: milliseconds. */
export function holdsOn(kept: Kept, keep: number, now: number): readonly Hold[] {
  const orders = kept.orders.flatMap((order) => holdOn(order, keep, now));
  const known = new Set(kept.orders.map(({ id }) => id));
  const texts = kept.texts.flatMap((text) => holdOnText(text, known));
  // By that order its provider will be told that it has ended.
  const services = kept.services.map(({ last }): Hold => ({
    order: known.has(last) ? last : undefined,
    why: 'subscription',
    until: undefined,
  }));
  return [...onceEach([...orders, ...texts]), ...services];
}

/** An order has many texts. */
function onceEach(holds: readonly Hold[]): readonly Hold[] {
  return holds.filter(({ order }, at) => holds.findIndex((one) => one.order === order) === at);
}

/**
 * What came, moved or was held while an erasure looked, or erased: nobody asked for that to be forgotten. `orders`: those that are there
 * after it; `all`: it took all that it was to take.
 */
export function holdsOnNew({ orders }: Kept, before: readonly Hold[], { all }: Gone): readonly Hold[] {
  const known = new Set(before.map(({ order }) => order));
  const left = orders.filter(({ id }) => !known.has(id));
  if (left.length === 0 && !all) return [{ order: undefined, why: 'unfinished', until: undefined }];
  return left.map((order): Hold => ({ order: order.id, why: reasonOf(order) ?? 'unfinished', until: undefined }));
}

const AT_REST: ReadonlySet<OrderState> = new Set<OrderState>([
  'placed', 'refused', 'declined', 'expired', 'cancelled', 'uncharged', 'refunded', 'closed',
]); // prettier-ignore

function holdOn(order: KeptOrder, keep: number, now: number): readonly Hold[] {
  const { id, openedAt } = order;
  const why = reasonOf(order);
  if (why !== undefined) return [{ order: id, why, until: undefined }];
  return openedAt + keep > now ? [{ order: id, why: 'retention', until: openedAt + keep }] : [];
}

/** Why an order stays, whatever its age; undefined for one at rest. */
function reasonOf({ state, held, unwritten }: KeptOrder): Hold['why'] | undefined {
  if (held === true) return 'held';
  if (state === 'disputed') return 'disputed';
  if (!AT_REST.has(state)) return 'unfinished';
  return unwritten === true ? 'unwritten' : undefined;
}

/** A text keeps the order that it is about, else the subscriber's record: what will be written of it is to be erased, too. */
function holdOnText({ orderId = '', settled, unwritten }: KeptText, orders: ReadonlySet<string>): readonly Hold[] {
  if (settled && unwritten !== true) return [];
  const order = orders.has(orderId) ? orderId : undefined;
  return [{ order, why: settled ? 'unwritten' : 'unfinished', until: undefined }];
}
