import type { Table } from '../lib/fsm.ts';
import type { Zone } from './calendar.ts';
import { dayText, periodStart, periodsUntil } from './calendar.ts';
import type { Period } from './catalogue.ts';
import type { ChannelName } from './channel.ts';
import type { Money } from './money.ts';
import type { Span } from './spend.ts';

/** `grace`: a renewal could not be paid, the service goes on; `suspended`: it stays unpaid, the service pauses. */
export type SubscriptionState = 'active' | 'grace' | 'suspended';
export type SubscriptionEvent = 'pay' | 'unpaid' | 'grace-over';

/** Its end is its absence: stopped, given up unpaid, or withdrawn. */
export const SUBSCRIPTION_TABLE: Table<SubscriptionState, SubscriptionEvent> = {
  active: { pay: { to: 'active' }, unpaid: { to: 'grace' }, 'grace-over': { to: 'suspended' } },
  grace: { pay: { to: 'active' }, unpaid: { to: 'grace' }, 'grace-over': { to: 'suspended' } },
  suspended: { pay: { to: 'active' }, unpaid: { to: 'suspended' }, 'grace-over': { to: 'suspended' } },
};

/** What a placed order leaves for a recurring service. Instants are epoch milliseconds. */
export interface Subscription {
  readonly serviceId: string;
  readonly providerId: string;
  /** The order that brought it names it: a renewal's order id is this and the period's number (E11). */
  readonly orderId: string;
  readonly title: string;
  /** The word that ends it: STOP <keyword>. */
  readonly keyword: string;
  /** What its subscriber was told and is charged (E9). */
  readonly price: Money;
  readonly period: Exclude<Period, 'once'>;
  readonly since: number;
  readonly state: SubscriptionState;
  /** Of the last period that was charged or tried, the first is 1. */
  readonly number: number;
  /** Where periods are counted from, so that the 31st becomes the 28th and then the 31st again. */
  readonly anchorAt: number;
  /** When the period of `number` began. */
  readonly periodAt: number;
  /** When the next period begins and is charged. */
  readonly dueAt: number;
  /** When the sweep looks at it next: to remind, or to renew. */
  readonly lookAt: number;
  readonly reminded: boolean;
  /** It was due and not served, for its provider was suspended: the next period begins when it is charged. */
  readonly anew?: true | undefined;
  /**
   * A price that was announced: charged for periods that begin at `from` or later. `unheard`: the period in which its announcement
   * came to nothing, so that it is not charged before it is announced anew.
   */
  readonly next?: { readonly price: Money; readonly from: number; readonly unheard?: number } | undefined;
  /** The spend cap that its subscriber was told of last, and the month of that. */
  readonly heldBy?: { readonly span: Span; readonly month: string } | undefined;
  /** The renewal's order while it is not settled. */
  readonly renewing?: string | undefined;
  /** The order that was placed for it last. */
  readonly last: string;
  /** Counts changes: a step that read an older one changes nothing. */
  readonly rev: number;
  /** Where its texts go. E.164 digits without +. */
  readonly msisdn: string;
  readonly shortCode: string;
  readonly link: string;
  readonly language: string;
  readonly channel: ChannelName;
  /** Where they go by email; records of before lack it. */
  readonly address?: string | undefined;
}

/** How subscriptions are renewed, from config; durations in milliseconds. */
export interface RenewalRules {
  readonly zone: Zone;
  /** How long before a renewal its subscriber is reminded; 0: not at all. */
  readonly reminder: Readonly<Record<Subscription['period'], number>>;
  /** A new price is charged this long after it was announced, at the soonest. */
  readonly priceNotice: number;
  /** After the due time, rising: when an unpaid renewal is tried again. After the last one the subscription ends. */
  readonly retries: readonly number[];
  /** After the due time: an attempt that fails from here on suspends the service. */
  readonly grace: number;
}

export function lookAtOf(
  { period, dueAt, reminded }: Pick<Subscription, 'period' | 'dueAt' | 'reminded'>,
  { reminder }: RenewalRules,
): number {
  return reminded ? dueAt : dueAt - reminder[period];
}

/** What of an order its subscription goes on with. */
export type Begun = Pick<
  Subscription,
  | 'serviceId'
  | 'providerId'
  | 'title'
  | 'keyword'
  | 'price'
  | 'period'
  | 'msisdn'
  | 'shortCode'
  | 'link'
  | 'language'
  | 'channel'
> & { readonly id: string; readonly address?: string | undefined };

/** Paid for the first time at `since`. Written out: a spread of so many keys beside others takes V8 4 us. */
export function beginSubscription(order: Begun, since: number, rules: RenewalRules): Subscription {
  const { id, period, address } = order;
  const dueAt = periodStart(since, period, 1, rules.zone);
  const begun: Subscription = {
    serviceId: order.serviceId,
    providerId: order.providerId,
    orderId: id,
    title: order.title,
    keyword: order.keyword,
    price: order.price,
    period,
    since,
    msisdn: order.msisdn,
    shortCode: order.shortCode,
    link: order.link,
    language: order.language,
    channel: order.channel,
    state: 'active',
    number: 1,
    anchorAt: since,
    periodAt: since,
    dueAt,
    lookAt: lookAtOf({ period, dueAt, reminded: false }, rules),
    reminded: false,
    last: id,
    rev: 1,
  };
  return address === undefined ? begun : { ...begun, address };
}

/** What a renewal that begins at `now` charges: what was told, or the new price once its notice is over (E9). */
export function priceAt({ price, next }: Subscription, at: number): Money {
  return next !== undefined && next.unheard === undefined && at >= next.from ? next.price : price;
}

/** What its subscriber was told that it costs, or will. */
export function toldPrice({ price, next }: Subscription): Money {
  return next === undefined || next.unheard !== undefined ? price : next.price;
}

/** Whether its next period begins with its charge, whenever that is: it was not served until then. */
export function beginsAnew({ state, anew }: Pick<Subscription, 'state' | 'anew'>): boolean {
  return state === 'suspended' || anew === true;
}

/**
 * Its provider is suspended; `lookAt` is the next look. What was told holds for the day that it named: a charge on another one
 * is told anew.
 */
export function putOff(was: Subscription, { now, lookAt, zone }: PutOff): Subscription {
  const sameDay = dayText(was.lookAt, zone) === dayText(lookAt, zone);
  return {
    ...was,
    lookAt,
    reminded: was.reminded && sameDay,
    ...(now >= was.dueAt ? { anew: true } : {}),
    rev: was.rev + 1,
  };
}

interface PutOff extends Pick<RenewalRules, 'zone'> {
  readonly now: number;
  readonly lookAt: number;
}

/** Its next period is under way with this order. Periods that went by unnoticed are never charged (a long outage). */
export function renewing(subscription: Subscription, orderId: string, now: number, rules: RenewalRules): Subscription {
  const { period, number, rev } = subscription;
  const anchorAt = beginsAnew(subscription) ? now : subscription.anchorAt;
  const count = periodsUntil(anchorAt, period, now, rules.zone);
  const dueAt = periodStart(anchorAt, period, count + 1, rules.zone);
  return {
    ...subscription,
    number: number + 1,
    anchorAt,
    periodAt: periodStart(anchorAt, period, count, rules.zone),
    dueAt,
    lookAt: lookAtOf({ period, dueAt, reminded: false }, rules),
    reminded: false,
    anew: undefined,
    renewing: orderId,
    rev: rev + 1,
  };
}

/** A suspended one begins anew when it is paid; any other keeps its days. */
export function renewed(subscription: Subscription, price: Money, now: number, rules: RenewalRules): Subscription {
  const { period, anchorAt, state, rev, next } = subscription;
  const anchor = state === 'suspended' ? now : anchorAt;
  const count = periodsUntil(anchor, period, now, rules.zone);
  const used = next !== undefined && next.price.minor === price.minor && next.price.currency === price.currency;
  const paid = {
    ...subscription,
    state: 'active' as const,
    price,
    next: used ? undefined : next,
    anchorAt: anchor,
    dueAt: periodStart(anchor, period, count + 1, rules.zone),
    reminded: false,
    last: subscription.renewing ?? subscription.last,
    renewing: undefined,
    rev: rev + 1,
  };
  return { ...paid, lookAt: lookAtOf(paid, rules) };
}

/** What becomes of a renewal that could not be paid at `now`. */
export type Unpaid =
  | { readonly kind: 'retry'; readonly at: number; readonly subscription: Subscription }
  /** The retry calendar is over. */
  | { readonly kind: 'end' };

export function unpaid(subscription: Subscription, now: number, { retries, grace }: RenewalRules): Unpaid {
  const { periodAt, state, rev } = subscription;
  const offset = retries.find((after) => periodAt + after > now);
  if (offset === undefined) return { kind: 'end' };
  const event: SubscriptionEvent = now >= periodAt + grace ? 'grace-over' : 'unpaid';
  const to = SUBSCRIPTION_TABLE[state][event]?.to ?? state;
  return { kind: 'retry', at: periodAt + offset, subscription: { ...subscription, state: to, rev: rev + 1 } };
}

/** Why its service pauses: the charge was refused and is tried again, or a spend cap holds it back before one. */
export function pausedBy({ state, renewing: order }: Subscription): 'unpaid' | 'cap' | undefined {
  if (state !== 'suspended') return undefined;
  return order === undefined ? 'cap' : 'unpaid';
}

/** When an unpaid renewal is tried that pauses the service where it fails, or ends it. */
export function pausingTry({ periodAt }: Subscription, { retries, grace }: RenewalRules): number {
  return periodAt + (retries.find((after) => after >= grace) ?? retries.at(-1) ?? 0);
}

/** Until when an unpaid renewal is tried. */
export function lastTry({ periodAt }: Subscription, { retries }: RenewalRules): number {
  return periodAt + (retries.at(-1) ?? 0);
}
