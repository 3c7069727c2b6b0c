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
  /** The same of parts that were throttled. */
  readonly throttled: number;
  readonly throttledBefore: number;
  readonly secondAt: number;
  readonly slowedAt: number;
}

const SECOND = 1000;

/** Decrease by this, once per half second: the parts in flight are throttled together. */
const DECREASE = 0.85;
const ONE_EVENT = 500;
/**
 * Few throttles among many accepted parts say little of our rate: some SMSCs throttle now and then whatever it is. They
 * count once in so long, in which the increase makes up for it; and not at all before a limit was ever seen.
 */
const FEW_SHARE = 0.1;
const FEW_COUNT = 2;
const FEW_EVENT = 4_000;
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
    throttled: 0,
    throttledBefore: 0,
    secondAt: now,
    slowedAt: -FEW_EVENT,
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
  const last = passed === 1 ? rate : { accepted: 0, throttled: 0 };
  const counts = { acceptedBefore: last.accepted, throttledBefore: last.throttled, accepted: 0, throttled: 0 };
  const rolled = { ...rate, ...counts, secondAt: now };
  if (rate.perSecond === undefined) return rolled;
  const haste = Math.max(1, (now - rate.slowedAt) / PATIENCE);
  const raised = rate.perSecond + Math.max(SLOWEST, rate.perSecond * INCREASE * haste);
  return { ...rolled, perSecond: Math.min(raised, rate.ceiling ?? Number.MAX_SAFE_INTEGER) };
}

/** The SMSC throttled: down, and where it did so to many, down from what it was seen to bear. */
export function onThrottled(rate: Rate, now: number): Rate {
  // It begins a new second for the counts only: a quiet while before it raises nothing.
  const rolled = { ...roll(rate, now), perSecond: rate.perSecond };
  const counted = { ...rolled, throttled: rolled.throttled + 1 };
  if (!isFew(counted)) return onCongested(counted, now);
  const { perSecond, slowedAt } = counted;
  return perSecond === undefined || now - slowedAt < FEW_EVENT ? counted : slowed(counted, perSecond, now);
}

/** The SMSC said that it bears no more. */
export function onCongested(rate: Rate, now: number): Rate {
  return now - rate.slowedAt < ONE_EVENT ? rate : slowed(rate, borne(rate), now);
}

function slowed(rate: Rate, from: number, now: number): Rate {
  return { ...rate, perSecond: Math.max(SLOWEST, from * DECREASE), tokens: 0, filledAt: now, slowedAt: now };
}

/** What the SMSC was seen to bear; half of the rate at least. */
function borne({ perSecond, accepted, acceptedBefore }: Rate): number {
  const seen = Math.max(accepted, acceptedBefore);
  return perSecond === undefined ? seen : Math.min(perSecond, Math.max(seen, perSecond / 2));
}

function isFew({ accepted, acceptedBefore, throttled, throttledBefore }: Rate): boolean {
  const count = throttled + throttledBefore;
  return count <= FEW_COUNT || count <= FEW_SHARE * (count + accepted + acceptedBefore);
}
