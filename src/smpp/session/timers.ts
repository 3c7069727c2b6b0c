import type { SessionState } from './fsm.ts';
import type { LinkSettings } from '../settings.ts';

/** The timers of one session as ONE immutable value; `tick` says what is due and never touches a clock. Milliseconds. */
export interface LinkTimers {
  readonly state: SessionState;
  /** End of the state's own wait, monotonic; undefined where the state may last. */
  readonly deadline: number | undefined;
  /** When the peer was last heard. */
  readonly heard: number;
  /** When our unanswered enquire_link went out. */
  readonly asked: number | undefined;
}

interface TimerRow {
  readonly state: SessionState;
  /** `wait` bounds the state, `quiet` the silence in it, `answer` the silence after our enquire_link. */
  readonly kind: 'wait' | 'quiet' | 'answer';
  readonly setting: 'connectTimeout' | 'responseTimeout' | 'enquireLinkEvery';
  readonly spec: string;
}

/** SMPP 3.4 7.2; the response_timer of submit_sm lives with the window (window.ts). Config changes the value only. */
export const TIMER_TABLE: readonly TimerRow[] = [
  { state: 'connecting', kind: 'wait', setting: 'connectTimeout', spec: 'ours: TCP and TLS must be up' },
  { state: 'binding', kind: 'wait', setting: 'responseTimeout', spec: 'session_init_timer: the bind is answered' },
  { state: 'bound', kind: 'quiet', setting: 'enquireLinkEvery', spec: 'enquire_link_timer: longest silence' },
  { state: 'bound', kind: 'answer', setting: 'responseTimeout', spec: 'response_timer: enquire_link is answered' },
  { state: 'yielding', kind: 'wait', setting: 'responseTimeout', spec: 'response_timer: all that is open is answered' },
  { state: 'draining', kind: 'wait', setting: 'responseTimeout', spec: 'response_timer: all that is open is answered' },
  { state: 'unbinding', kind: 'wait', setting: 'responseTimeout', spec: 'response_timer: unbind is answered' },
];

function limitOf(state: SessionState, kind: TimerRow['kind'], settings: LinkSettings): number | undefined {
  const row = TIMER_TABLE.find((each) => each.state === state && each.kind === kind);
  return row === undefined ? undefined : settings[row.setting];
}

export type Due = 'expired' | 'quiet' | 'silent';

/** Timers on entering `state`. `wait` is how long a `waiting` state lasts. */
export function enter(state: SessionState, now: number, settings: LinkSettings, wait = 0): LinkTimers {
  const limit = state === 'waiting' ? wait : limitOf(state, 'wait', settings);
  return { state, deadline: limit === undefined ? undefined : now + limit, heard: now, asked: undefined };
}

/** Any PDU of the peer proves it alive, not only enquire_link_resp. */
export function heard(timers: LinkTimers, now: number): LinkTimers {
  return { state: timers.state, deadline: timers.deadline, heard: now, asked: undefined };
}

export function asked(timers: LinkTimers, now: number): LinkTimers {
  return { ...timers, asked: now };
}

/** When something can be due next, or undefined when nothing can. */
export function nextDue(timers: LinkTimers, settings: LinkSettings): number | undefined {
  if (timers.deadline !== undefined) return timers.deadline;
  const since = timers.asked ?? timers.heard;
  const limit = limitOf(timers.state, timers.asked === undefined ? 'quiet' : 'answer', settings);
  return limit === undefined ? undefined : since + limit;
}

/** What is due at `now`. */
export function tick(timers: LinkTimers, settings: LinkSettings, now: number): Due | undefined {
  const due = nextDue(timers, settings);
  if (due === undefined || now < due) return undefined;
  if (timers.deadline !== undefined) return 'expired';
  return timers.asked === undefined ? 'quiet' : 'silent';
}

/**
 * Wait before the next connection after `failures` failures in a row: doubling up to the cap, then between half and all
 * of that by `chance` (0 to 1), so that many links do not come back in step.
 */
export function backoff(failures: number, settings: LinkSettings, chance: number): number {
  const doubled = settings.reconnectFirst * 2 ** Math.min(Math.max(failures - 1, 0), 30);
  const full = Math.min(doubled, settings.reconnectCap);
  return Math.round(full / 2 + (full / 2) * chance);
}

/** A bind that held this many first delays was a real one: the next backoff starts afresh. */
const STEADY = 10;

/** Failures in a row after one more; `held` is how long the session had been bound. */
export function failuresAfter(failures: number, held: number, settings: LinkSettings): number {
  return held >= STEADY * settings.reconnectFirst ? 1 : failures + 1;
}
