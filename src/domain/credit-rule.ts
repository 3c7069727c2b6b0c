/** What counts towards a provider's credit, and what it is measured against. */
export const SIGNALS = [
  'ordered',
  'challenged',
  'refund',
  'early-stop',
  'failed-challenge',
  'abandoned-challenge',
  'complaint',
  'undelivered',
  'burst',
] as const;
export type Signal = (typeof SIGNALS)[number];

/** `least` signals within the window, and `percent` of `of` where both are given, cost (or earn) points. */
export interface CreditRule {
  readonly name: string;
  readonly counts: Signal;
  readonly of?: Signal | undefined;
  readonly percent?: number | undefined;
  readonly least: number;
  /** Milliseconds, whole hours. */
  readonly window: number;
  /** Whole, either sign. */
  readonly points: number;
  /** It does not speak again before this is over; milliseconds. */
  readonly coolDown: number;
  /** Its entry counts for this long; milliseconds. */
  readonly lasts: number;
}

/** More than `orders` of one subscriber with one provider within an hour: each further one is a `burst` signal. */
export interface BurstRule {
  readonly orders: number;
}

export type CountOf = (signal: Signal, window: number) => number;

/** Why the rule speaks, in words for the ledger; undefined when it does not. */
export function ruleSpeaks(rule: CreditRule, count: CountOf): string | undefined {
  const { counts, of, percent, least, window } = rule;
  const found = count(counts, window);
  if (found < least) return undefined;
  const hours = Math.round(window / HOUR_MS);
  if (of === undefined || percent === undefined) return `${found} ${counts} within ${hours} h`;
  const all = count(of, window);
  return found * 100 >= percent * all ? `${found} ${counts} of ${all} ${of} within ${hours} h` : undefined;
}

const HOUR_MS = 3_600_000;
