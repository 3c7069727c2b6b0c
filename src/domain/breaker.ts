import type { Table } from '../lib/fsm.ts';
import { step } from '../lib/fsm.ts';
import type { ChargeAction, ChargeAnswer } from './charge.ts';

/** Times in milliseconds. */
export interface BreakerSettings {
  /** Outcomes are counted over this time, then anew. */
  readonly window: number;
  /** Fewer outcomes in a window never open it. */
  readonly least: number;
  /** Bad ones of a hundred that open it. */
  readonly badPercent: number;
  readonly openFor: number;
  /** Charges that try the OCS after that; all of them must be answered. */
  readonly probes: number;
}

export type BreakerState = 'closed' | 'open' | 'half-open';
type BreakerEvent = 'trip' | 'rest' | 'mend';

export const BREAKER_TABLE: Table<BreakerState, BreakerEvent> = {
  closed: { trip: { to: 'open' } },
  open: { rest: { to: 'half-open' } },
  'half-open': { trip: { to: 'open' }, mend: { to: 'closed' } },
};

/** A value: each function takes one and returns the next; time is an argument. */
export interface Breaker {
  readonly state: BreakerState;
  /** When this state began (monotonic ms): what was sent before it says nothing of it. */
  readonly since: number;
  /** Outcomes of the window, or of the probes. */
  readonly good: number;
  readonly bad: number;
  readonly windowEndsAt: number;
  /** Probes sent in this half-open time. */
  readonly sent: number;
}

export function newBreaker(now: number, { window }: BreakerSettings): Breaker {
  return { state: 'closed', since: now, good: 0, bad: 0, windowEndsAt: now + window, sent: 0 };
}

/** What time alone does: an open one tries again, a window that is over counts anew. */
export function tick(breaker: Breaker, now: number, settings: BreakerSettings): Breaker {
  if (breaker.state === 'open') return now - breaker.since >= settings.openFor ? move(breaker, 'rest', now) : breaker;
  if (breaker.state === 'closed' && now >= breaker.windowEndsAt)
    return { ...breaker, good: 0, bad: 0, windowEndsAt: now + settings.window };
  // A probe that was never answered must not keep the door shut for ever.
  if (breaker.state === 'half-open' && now - breaker.since >= settings.openFor && breaker.sent >= settings.probes)
    return { ...breaker, since: now, good: 0, bad: 0, sent: 0 };
  return breaker;
}

/** Asked before a charge, and no charge: an OCS that does not support them works all the same. */
const QUESTIONS: ReadonlySet<ChargeAction> = new Set(['balance', 'price']);

/** Whether a charge may be sent; `tick` first. A question is no probe: its answer would not say whether charges work. */
export function admits({ state, sent }: Breaker, { probes }: BreakerSettings, action: ChargeAction = 'debit'): boolean {
  return state === 'closed' || (state === 'half-open' && sent < probes && !QUESTIONS.has(action));
}

export function sending(breaker: Breaker): Breaker {
  return breaker.state === 'half-open' ? { ...breaker, sent: breaker.sent + 1 } : breaker;
}

/** What became of a charge that was sent at `sentAt`. */
export function heard(
  breaker: Breaker,
  outcome: 'good' | 'bad',
  at: { readonly sentAt: number; readonly now: number },
  settings: BreakerSettings,
): Breaker {
  if (breaker.state === 'open' || at.sentAt < breaker.since) return breaker;
  const counted = { ...breaker, [outcome]: breaker[outcome] + 1 };
  if (breaker.state === 'half-open') return afterProbe(counted, outcome, at.now, settings);
  const { good, bad } = counted;
  const trips = good + bad >= settings.least && bad * 100 >= settings.badPercent * (good + bad);
  return trips ? move(counted, 'trip', at.now) : counted;
}

function afterProbe(breaker: Breaker, outcome: 'good' | 'bad', now: number, settings: BreakerSettings): Breaker {
  if (outcome === 'bad') return move(breaker, 'trip', now);
  if (breaker.good < settings.probes) return breaker;
  return { ...move(breaker, 'mend', now), windowEndsAt: now + settings.window };
}

function move(breaker: Breaker, event: BreakerEvent, now: number): Breaker {
  const row = step(BREAKER_TABLE, breaker.state, event);
  return row === undefined ? breaker : { ...breaker, state: row.to, since: now, good: 0, bad: 0, sent: 0 };
}

/** DIAMETER_UNABLE_TO_COMPLY, RFC 6733 7.1.5. */
const UNABLE_TO_COMPLY = 5012;

/**
 * Whether the OCS works: a denial is good work. Silence is bad, and so is an answer that refuses to work (3xxx, 5012).
 * undefined when nothing was sent, or a question was answered: that says nothing of how charges fare.
 */
export function outcomeOf(answer: ChargeAnswer, action: ChargeAction): 'good' | 'bad' | undefined {
  if (answer.kind === 'not-sent') return undefined;
  if (answer.kind === 'silent') return 'bad';
  if (QUESTIONS.has(action)) return undefined;
  const { resultCode, experimental } = answer;
  const refuses = Math.floor(resultCode / 1000) === 3 || (!experimental && resultCode === UNABLE_TO_COMPLY);
  return refuses ? 'bad' : 'good';
}
