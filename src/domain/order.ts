import type { Table } from '../lib/fsm.ts';
import { step } from '../lib/fsm.ts';
import type { ChargeKind, Period, Provision } from './catalogue.ts';
import type { Challenge } from './challenge.ts';
import type { ChargeIdentity, ChargeVerdict } from './charge.ts';
import type { ChannelName, Fallback } from './channel.ts';
import type { Money } from './money.ts';
import type { NoticeKind } from './notice.ts';
import type { Decision } from './policy.ts';
import type { SpendMark } from './spend.ts';
import type { Subscription } from './subscription.ts';

/** E8. */
export type OrderState =
  | 'received'
  | 'challenged'
  | 'confirmed'
  | 'charging'
  | 'charge-unknown'
  | 'reserved'
  | 'charged'
  | 'committing'
  | 'placed'
  | 'refunding'
  | 'disputed'
  | EndState;

export type EndState = 'refused' | 'declined' | 'expired' | 'cancelled' | 'uncharged' | 'refunded' | 'closed';

export type OrderEvent =
  | 'refuse'
  | 'challenge'
  | 'confirm'
  | 'permit'
  | 'decline'
  | 'expire'
  | 'cancel'
  | 'step-back'
  | 'silence'
  | 'grant'
  | 'reserve'
  | 'deny'
  | 'retry'
  | 'place'
  | 'commit'
  | 'release'
  | 'place-reserved'
  | 'refund'
  | 'refund-done'
  | 'dispute'
  | 'give-up'
  | 'close';

/** E8; each end state is absorbing. */
export const ORDER_TABLE: Table<OrderState, OrderEvent> = {
  received: {
    refuse: { to: 'refused' },
    challenge: { to: 'challenged' },
    confirm: { to: 'confirmed' },
    permit: { to: 'charging' },
    deny: { to: 'uncharged' }, // the balance or price that was asked for said no before any challenge
  },
  challenged: {
    confirm: { to: 'confirmed' },
    permit: { to: 'charging' },
    decline: { to: 'declined' },
    expire: { to: 'expired' },
    cancel: { to: 'cancelled' },
  },
  confirmed: {
    permit: { to: 'charging' },
    grant: { to: 'charged' }, // a free service, or E5: the late grant of a send whose error answer came first
    reserve: { to: 'reserved' }, // E5, as above
    decline: { to: 'declined' }, // E17: suspended meanwhile
    cancel: { to: 'cancelled' },
    'give-up': { to: 'uncharged' }, // the age limit, nothing was ever sent
  },
  charging: {
    'step-back': { to: 'confirmed' }, // E3: no byte left, or an error answer said it was not processed
    silence: { to: 'charge-unknown' },
    grant: { to: 'charged' },
    reserve: { to: 'reserved' },
    deny: { to: 'uncharged' },
    retry: { to: 'confirmed' }, // a renewal without balance: tried again by the retry calendar, as another charge
  },
  'charge-unknown': {
    silence: { to: 'charge-unknown' },
    grant: { to: 'charged' },
    reserve: { to: 'reserved' },
    deny: { to: 'uncharged' },
    retry: { to: 'confirmed' },
    place: { to: 'placed' }, // E7: the service was given on silence, and the answer that came at last was a denial
    dispute: { to: 'disputed' }, // E4: the OCS no longer remembers
  },
  // Also while the release is under way: what it releases is still reserved until the OCS has answered.
  reserved: {
    commit: { to: 'committing' },
    release: { to: 'cancelled' }, // E14: a stop came first
    deny: { to: 'uncharged' }, // placing failed, or less was reserved than asked
  },
  committing: {
    'place-reserved': { to: 'placed' },
    refund: { to: 'refunding' }, // E14: a stop came while the commit was on its way
    dispute: { to: 'disputed' },
  },
  charged: {
    place: { to: 'placed' },
    refund: { to: 'refunding' },
    deny: { to: 'uncharged' }, // E10: not provided, and nothing had been taken
  },
  placed: { refund: { to: 'refunding' }, close: { to: 'closed' } },
  refunding: { 'refund-done': { to: 'refunded' }, dispute: { to: 'disputed' } },
  disputed: {
    place: { to: 'placed' },
    deny: { to: 'uncharged' },
    refund: { to: 'refunding' },
    'refund-done': { to: 'refunded' }, // E5: the refund that was given up had succeeded, as its late answer says
  },
  refused: {},
  declined: {},
  expired: {},
  cancelled: {},
  uncharged: {},
  refunded: {},
  closed: {},
};

/** Where `events` lead from `state`, or undefined when one of them is refused on the way. */
export function walk(state: OrderState, ...events: readonly OrderEvent[]): OrderState | undefined {
  let at: OrderState | undefined = state;
  for (const event of events) at = at === undefined ? undefined : step(ORDER_TABLE, at, event)?.to;
  return at;
}

/** What `open` freezes: a reload, a price change or a falling score never alters it (E9, E17). */
export interface FrozenOrder {
  readonly id: string;
  /** E.164 digits without +. */
  readonly msisdn: string;
  readonly shortCode: string;
  /** The link on which the MO came; the answer prefers it. */
  readonly link: string;
  readonly serviceId: string;
  readonly serviceIdentifier: number;
  readonly providerId: string;
  readonly providerName: string;
  readonly title: string;
  readonly keyword: string;
  readonly price: Money;
  /** The price as the texts name it. */
  readonly priceText: string;
  readonly period: Period;
  readonly chargeKind: ChargeKind;
  readonly grantOnUnknown: boolean;
  /** When the provider's webhook is told; undefined: it has none (E10). */
  readonly provision?: Provision | undefined;
  readonly textVersion: string;
  readonly language: string;
  readonly channel: ChannelName;
  /** The channel asked for, where it is not offered and `channel` took its place (P6). */
  readonly channelAsked?: ChannelName;
  /** Why it took its place, in words for staff. */
  readonly channelBecause?: string;
  /** The subscriber's address where `channel` is email. */
  readonly address?: string;
  readonly decision: Decision;
  /** Where a cap counts what it costs. */
  readonly spend?: SpendMark;
  /** Of a renewal: which period of its subscription it pays; the first one is 1. */
  readonly renewal?: number;
  /** The USSD dialogue in which it was ordered. */
  readonly dialogue?: string;
  /** Epoch milliseconds. */
  readonly openedAt: number;
}

/** The last interrogation of a reservation (RFC 8506 5.2.2): decided once, stored before it is sent (E1, E2). */
export interface Closing {
  readonly kind: 'commit' | 'release';
  readonly identity: ChargeIdentity;
  /** Of a release that its provider caused: it was asked and did not provide. */
  readonly because?: 'not-provided' | undefined;
}

/** What is sent for an order after its charge. */
export type LaterSend = 'refund' | Closing['kind'];

export interface Order {
  readonly frozen: FrozenOrder;
  readonly state: OrderState;
  readonly challenge: Challenge | undefined;
  /** Wrong answers so far. */
  readonly tries: number;
  readonly charge: ChargeIdentity | undefined;
  /** Some send of the charge went unanswered: T stays set (E2). */
  readonly unanswered: boolean;
  readonly closing?: Closing | undefined;
  /** E7: the service was given while the charge was unknown. */
  readonly givenEarly?: boolean;
  /** Texts of it that left over another channel than `frozen.channel`. */
  readonly fallbacks?: readonly Fallback[];
  readonly refund: ChargeIdentity | undefined;
  /** Of a renewal: its subscription as it stands while the order is under way. */
  readonly renewal?: Subscription | undefined;
  /** It was placed, and then somebody asked for its money back. */
  readonly refundAsked?: boolean;
  /** What its refund says, where that is not the usual text. */
  readonly refundText?: NoticeKind | undefined;
  /** Since when a send of what is under way may have left, where that is later than its identity; epoch ms. */
  readonly sentFrom?: number | undefined;
  readonly verdict: ChargeVerdict | undefined;
  /** Of a renewal that is tried again: what its last try was answered. */
  readonly denied?: ChargeVerdict | undefined;
  /** What its subscriber spent in its month when it came to count, itself included; minor units. */
  readonly spent?: number | undefined;
  /** E14: on success refund, do not place. */
  readonly stopRequested: boolean;
  readonly fence: number;
  /** How often it had to wait; feeds the backoff. */
  readonly waits: number;
  /** Epoch milliseconds. */
  readonly updatedAt: number;
}

/** E4: since when the OCS may know of what is under way: what did not leave is in nobody's memory. Epoch ms. */
export function sentSince({ sentFrom }: Pick<Order, 'sentFrom'>, { eventTimestamp }: ChargeIdentity): number {
  return Math.max(sentFrom ?? 0, eventTimestamp * 1000);
}

/** Where only the OCS or a person can tell what became of the money; those that a person decides come first. */
export const DOUBTS = ['disputed', 'charge-unknown'] as const satisfies readonly OrderState[];
export type Doubt = (typeof DOUBTS)[number];

const WAITS: readonly OrderState[] = [
  'confirmed', 'charging', 'charge-unknown', 'charged', 'reserved', 'committing', 'disputed',
]; // prettier-ignore

/** Whether its subscriber waits to hear what became of it. Not after a STOP; money on its way back is no order that waits. */
export function stillWaits({ state, stopRequested, givenEarly, refundText, closing }: Order): boolean {
  if (stopRequested || givenEarly === true || refundText !== undefined) return false;
  return WAITS.includes(state) && closing?.kind !== 'release';
}
