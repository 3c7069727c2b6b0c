import type { OrderState } from '../domain/order.ts';

/** What Redis keeps of one subscriber. */
export interface Kept {
  readonly orders: readonly KeptOrder[];
  /** Texts, with the order that each is about. */
  readonly texts: readonly { readonly id: string; readonly orderId: string | undefined; readonly settled: boolean }[];
  /** Services that the subscriber has. */
  readonly services: readonly string[];
}

export interface KeptOrder {
  readonly id: string;
  readonly state: OrderState;
  /** Epoch milliseconds. */
  readonly openedAt: number;
}

/** What must stay, and why. */
export interface Hold {
  /** Order id; undefined for the subscriber's own record. */
  readonly order: string | undefined;
  readonly why: 'unfinished' | 'disputed' | 'retention' | 'subscription';
  /** Epoch milliseconds; undefined while nobody knows. */
  readonly until: number | undefined;
}

/** Redis' part in an erasure. Methods reject when the store cannot be reached. */
export interface Eraser {
  find(msisdn: string): Promise<Kept>;
  /** The records themselves, as they are kept. */
  records(msisdn: string): Promise<readonly object[]>;
  /** Everything of the subscriber but the orders in `held` with their texts; the subscriber's own record only when `whole`. */
  erase(msisdn: string, kept: Kept, held: ReadonlySet<string>, whole: boolean): Promise<void>;
}

/** What holds back an erasure: an order under way, and what a law wants kept for so long. `keep`: milliseconds. */
export function holdsOn(kept: Kept, keep: number, now: number): readonly Hold[] {
  const orders = kept.orders.flatMap((order) => holdOn(order, keep, now));
  const services =
    kept.services.length > 0 ? [{ order: undefined, why: 'subscription', until: undefined } as const] : [];
  return [...orders, ...services];
}

const AT_REST: ReadonlySet<OrderState> = new Set<OrderState>([
  'placed', 'refused', 'declined', 'expired', 'cancelled', 'uncharged', 'refunded', 'closed',
]); // prettier-ignore

function holdOn({ id, state, openedAt }: KeptOrder, keep: number, now: number): readonly Hold[] {
  if (state === 'disputed') return [{ order: id, why: 'disputed', until: undefined }];
  if (!AT_REST.has(state)) return [{ order: id, why: 'unfinished', until: undefined }];
  return openedAt + keep > now ? [{ order: id, why: 'retention', until: openedAt + keep }] : [];
}
