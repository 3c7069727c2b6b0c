/** Every timer of a peer: where its length comes from and what bounds it. Config may change the value only. */
export const TIMERS = {
  /** RFC 3539 3.4.1: watchdog interval, with jitter so that peers do not beat in step. */
  Tw: { default: 30_000, min: 6_000, jitter: 2_000, unit: 'ms' },
  /** RFC 6733 section 12: between attempts to connect. */
  Tc: { default: 30_000, min: 1_000, jitter: 0, unit: 'ms' },
  /** Own: an attempt to connect, the wait for CEA, the wait for DPA or for the peer's close. */
  X1: { default: 10_000, min: 100, jitter: 0, unit: 'ms' },
} as const;

/** Tw for one round: `random` octet spreads it over the jitter either way; shorter intervals (labs) jitter in proportion. */
export function watchdogInterval(tw: number, random: number): number {
  const jitter = tw >= TIMERS.Tw.min ? TIMERS.Tw.jitter : Math.floor(tw / 3);
  return tw - jitter + Math.round((2 * jitter * random) / 255);
}
