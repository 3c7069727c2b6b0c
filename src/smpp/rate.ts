/**
 * How fast a bind may send, as one immutable value: additive increase, multiplicative decrease on ESME_RTHROTTLED
 * and on congestion. Parts per second; times in monotonic milliseconds.
 */
export interface Rate {
  /** Undefined until the SMSC's limit or the config's is known: as fast as the window allows. */
  readonly perSecond: number | undefined;
  /** Never above this (config), where given. */
  readonly ceiling: number | undefined;
  readonly tokens: number;
  readonly filledAt: number;
  /** Parts accepted in the running and in the last full second: what the SMSC was seen to bear. */
  readonly accepted: number;
  readonly acceptedBefore: number;
  readonly secondAt: number;
  readonly slowedAt: number;
}

const SECOND = 1000;

/** Decrease by this, once per half second: the parts in flight are throttled together. */
const DECREASE = 0.85;
const ONE_EVENT = 500;
/** Increase per second, as a part of the rate; at least one part. */
const INCREASE = 0.05;
/** As much again for each of these spans without a throttle: a rate that fell too low, or a limit that rose, is found soon. */
const PATIENCE = 2_000;
const SLOWEST = 1;

export function createRate(ceiling: number | undefined, now: number): Rate {
  return {
    perSecond: ceiling,
    ceiling,
    tokens: ceiling === undefined ? 0 : burst(ceiling),
    filledAt: now,
    accepted: 0,
    acceptedBefore: 0,
    secondAt: now,
    slowedAt: -ONE_EVENT,
  };
}

/** A tenth of a second's worth may leave at once. */
function burst(perSecond: number): number {
  return Math.max(1, perSecond / 10);
}

/** The rate after one part was let go, or undefined when it must wait. */
export function take(rate: Rate, now: number): Rate | undefined {
  if (rate.perSecond === undefined) return rate;
  const full = refill(rate, rate.perSecond, now);
  return full.tokens >= 1 ? { ...full, tokens: full.tokens - 1 } : undefined;
}

/** Milliseconds until the next part may go. */
export function waitFor(rate: Rate, now: number): number {
  if (rate.perSecond === undefined) return 0;
  const missing = 1 - refill(rate, rate.perSecond, now).tokens;
  return missing <= 0 ? 0 : Math.ceil((missing / rate.perSecond) * SECOND);
}

function refill(rate: Rate, perSecond: number, now: number): Rate {
  const earned = (Math.max(now - rate.filledAt, 0) / SECOND) * perSecond;
  return { ...rate, tokens: Math.min(rate.tokens + earned, burst(perSecond)), filledAt: now };
}

/** The SMSC accepted a part. */
export function onAccepted(rate: Rate, now: number): Rate {
  const counted = roll(rate, now);
  return { ...counted, accepted: counted.accepted + 1 };
}

/** Starts a new second where one is over, and with it the increase. */
function roll(rate: Rate, now: number): Rate {
  const passed = Math.floor((now - rate.secondAt) / SECOND);
  if (passed < 1) return rate;
  const rolled = { ...rate, accepted: 0, acceptedBefore: passed === 1 ? rate.accepted : 0, secondAt: now };
  if (rate.perSecond === undefined) return rolled;
  const haste = Math.max(1, (now - rate.slowedAt) / PATIENCE);
  const raised = rate.perSecond + Math.max(SLOWEST, rate.perSecond * INCREASE * haste);
  return { ...rolled, perSecond: Math.min(raised, rate.ceiling ?? Number.MAX_SAFE_INTEGER) };
}

/** The SMSC throttled, or reported congestion: down from what it was seen to bear. */
export function onThrottled(rate: Rate, now: number): Rate {
  if (now - rate.slowedAt < ONE_EVENT) return rate;
  const borne = Math.max(rate.accepted, rate.acceptedBefore);
  const from = rate.perSecond === undefined ? borne : Math.min(rate.perSecond, Math.max(borne, rate.perSecond / 2));
  return { ...rate, perSecond: Math.max(SLOWEST, from * DECREASE), tokens: 0, filledAt: now, slowedAt: now };
}
