import type { OrderState } from '../domain/order.ts';

/** What Redis keeps of one subscriber. */
export interface Kept {
  /** When the newest order had been opened as the look began, epoch milliseconds; 0 where there was none. */
  readonly newest: number;
  readonly orders: readonly KeptOrder[];
  /** Texts, with the order that each is about. */
  readonly texts: readonly { readonly id: string; readonly orderId: string | undefined; readonly settled: boolean }[];
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
}

/** What must stay, and why. */
export interface Hold {
  /** Order id; undefined for the subscriber's own record. */
  readonly order: string | undefined;
  readonly why: 'held' | 'unfinished' | 'disputed' | 'retention' | 'subscription';
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
   * Everything of the subscriber but the orders in `held` with their texts; the subscriber's own record only when `whole`.
   * False when that had to stay: something was ordered since `kept` was looked for.
   */
  erase(msisdn: string, kept: Kept, held: ReadonlySet<string>, whole: boolean): Promise<boolean>;
}

/** What holds back an erasure: an order under way, and what a law wants kept for so long. `keep`: milliseconds. */
export function holdsOn(kept: Kept, keep: number, now: number): readonly Hold[] {
  const orders = kept.orders.flatMap((order) => holdOn(order, keep, now));
  const known = new Set(kept.orders.map(({ id }) => id));
  // By that order its provider will be told that it has ended.
  const services = kept.services.map(({ last }): Hold => ({
    order: known.has(last) ? last : undefined,
    why: 'subscription',
    until: undefined,
  }));
  return [...orders, ...services];
}

/** What came while an erasure looked, or erased: nobody asked for that to be forgotten. `kept`: what is there after it. */
export function holdsOnNew({ orders }: Kept): readonly Hold[] {
  const found = orders.length === 0 ? [undefined] : orders.map(({ id }) => id);
  return found.map((order): Hold => ({ order, why: 'unfinished', until: undefined }));
}

const AT_REST: ReadonlySet<OrderState> = new Set<OrderState>([
  'placed', 'refused', 'declined', 'expired', 'cancelled', 'uncharged', 'refunded', 'closed',
]); // prettier-ignore

function holdOn({ id, state, openedAt, held }: KeptOrder, keep: number, now: number): readonly Hold[] {
  if (held === true) return [{ order: id, why: 'held', until: undefined }];
  if (state === 'disputed') return [{ order: id, why: 'disputed', until: undefined }];
  if (!AT_REST.has(state)) return [{ order: id, why: 'unfinished', until: undefined }];
  return openedAt + keep > now ? [{ order: id, why: 'retention', until: openedAt + keep }] : [];
}
