import { sourcesOf } from '../lib/fsm.ts';
import type { EndState, OrderEvent, OrderState } from '../domain/order.ts';
import { ORDER_TABLE, walk } from '../domain/order.ts';

/** Where a subscriber's record lists an order of this state; `late` for a day, so that a late answer is told so (E16). */
const SHELF: Readonly<Partial<Record<OrderState, 'pend' | 'fly' | 'park' | 'late'>>> = {
  challenged: 'pend',
  confirmed: 'fly',
  charging: 'fly',
  'charge-unknown': 'fly',
  reserved: 'fly',
  charged: 'fly',
  committing: 'fly',
  disputed: 'park', // or `fly`, as shelve.lua says
  expired: 'late',
};

/** What a Lua step needs to know of the state that it moves an order to. */
export interface Target {
  readonly state: OrderState;
  readonly shelf: string;
  /** Nothing is left to do by itself: no lease, no wake. */
  readonly rest: boolean;
  /** Holds its subscriber's money, or may come to hold it: spend caps count it. */
  readonly spends?: true;
  /** Milliseconds that the record is kept from here on; absent: for as long as it stays so. */
  readonly ttl?: number;
}

export const ORDER_STATES = Object.keys(ORDER_TABLE) as readonly OrderState[];

export function isEnd(state: OrderState): state is EndState {
  return Object.keys(ORDER_TABLE[state]).length === 0;
}

function isSettled(state: OrderState): boolean {
  return state === 'placed' || isEnd(state);
}

/** States of orders in which something is left to do. */
export const UNFINISHED = ORDER_STATES.filter((state) => !isSettled(state) && state !== 'disputed');

const SPENDS: readonly OrderState[] = [
  'confirmed',
  'charging',
  'charge-unknown',
  'reserved',
  'charged',
  'committing',
  'placed',
  'refunding',
  'disputed',
  'closed',
];

export function targetOf(state: OrderState, retention: number): Target {
  const rest = !UNFINISHED.includes(state);
  return {
    state,
    shelf: SHELF[state] ?? '',
    rest,
    ...(SPENDS.includes(state) ? { spends: true } : {}),
    ...(isSettled(state) ? { ttl: retention } : {}),
  };
}

/**
 * Each target as a step takes it: it never changes while a process runs. The milliseconds are a text there, for Redis writes
 * every number that Lua hands it out by printf.
 */
export function targetTexts(retention: number): Readonly<Record<OrderState, string>> {
  const texts = ORDER_STATES.map((state) => {
    const target = targetOf(state, retention);
    return [state, JSON.stringify({ ...target, ttl: target.ttl?.toFixed() })];
  });
  return Object.fromEntries(texts) as Record<OrderState, string>;
}

/** The states from which one of `paths` leads to `to`: the table stays the only law. */
export function sourcesBy(to: OrderState, ...paths: readonly (readonly OrderEvent[])[]): readonly OrderState[] {
  return ORDER_STATES.filter((state) => paths.some((path) => walk(state, ...path) === to));
}

/** Of `states`, those from which a single row leads to `to`. */
export function leadingTo(to: OrderState, states: readonly OrderState[]): readonly OrderState[] {
  return states.filter((state) => Object.values(ORDER_TABLE[state]).some((row) => row.to === to));
}

/** A challenge is open exactly where time can end it. */
export const CHALLENGE_OPEN = sourcesOf(ORDER_TABLE, 'expire');

/** E14: what a stop cancels, and what it can only mark because money may be moving. */
export const STOP_CANCELS = sourcesOf(ORDER_TABLE, 'cancel');
const STOP_MARKS: readonly OrderState[] = [
  'charging',
  'charge-unknown',
  'reserved',
  'charged',
  'committing',
  'disputed',
];

/** What a step that stops orders takes. */
export function stopArg(retention: number): object {
  return { cancel: { from: STOP_CANCELS, to: targetOf('cancelled', retention) }, mark: STOP_MARKS };
}

/** Without a challenge in the way: the answer's own step permits those. */
export const PERMITS = sourcesOf(ORDER_TABLE, 'permit').filter(
  (state) => state !== 'received' && !CHALLENGE_OPEN.includes(state),
);

/** Where a definite answer is taken, by where it leads (E5): a disputed order too, for it settles the dispute. */
export const RECORDS = {
  placed: sourcesBy('placed', ['grant', 'place'], ['place']),
  refunding: sourcesBy('refunding', ['grant', 'refund'], ['refund']),
  reserved: sourcesBy('reserved', ['reserve']),
  charged: sourcesBy('charged', ['grant']),
  uncharged: sourcesBy('uncharged', ['deny']).filter((state) => state !== 'received' && state !== 'charged'),
  confirmed: sourcesBy('confirmed', ['retry']),
} as const;

/** Where a refund is sent, and where its answer is taken: a late success settles the dispute about it, a late refusal is none. */
const GIVEN_BACK = sourcesOf(ORDER_TABLE, 'refund-done');
const GIVING_BACK = leadingTo('disputed', GIVEN_BACK);
export const REFUNDS = { permits: GIVING_BACK, given: GIVEN_BACK, refused: GIVING_BACK } as const;

const RELEASES = sourcesOf(ORDER_TABLE, 'release');

/**
 * Source states: in which a reservation's last interrogation may be permitted, which it leads to, and in which its answer is
 * still taken (a late one settles a dispute).
 */
export const CLOSES: Readonly<
  Record<'commit' | 'release', Readonly<Record<'permits' | 'decided' | 'records', readonly OrderState[]>>>
> = {
  commit: {
    permits: sourcesOf(ORDER_TABLE, 'commit'),
    decided: sourcesOf(ORDER_TABLE, 'place-reserved'),
    records: [...sourcesOf(ORDER_TABLE, 'place-reserved'), 'disputed'],
  },
  release: { permits: RELEASES, decided: RELEASES, records: RELEASES },
};
