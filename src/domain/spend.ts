import type { Zone } from './calendar.ts';
import { dayText, instantOf, monthText, periodStart, wallAt } from './calendar.ts';
import type { Money } from './money.ts';

/** What one subscriber may spend on services, whoever provides them; amounts in minor units of `currency` (ISO 4217). */
export interface SpendCap {
  readonly currency: string;
  readonly perDay?: number | undefined;
  readonly perMonth?: number | undefined;
  /** Who would pass it within a month is asked first; each further time that it is passed is told. */
  readonly promptEach?: number | undefined;
}

/** `agreed` counts by the month, and holds until the subscriber agrees to more within it. */
export const SPANS = ['day', 'month', 'agreed'] as const;
export type Span = (typeof SPANS)[number];

/** The days by which one order counts, such as 2026-01-31 and 2026-01: when it came to count, opened or answered, not when it was charged. */
export interface SpendDays {
  readonly day: string;
  readonly month: string;
}

/** An order's share of what its subscriber spends, and the caps under which it was opened (E9). */
export interface SpendMark extends SpendDays {
  readonly currency: string;
  readonly minor: number;
  readonly caps: readonly { readonly span: Span; readonly cap: number }[];
}

/** What a subscriber has spent in one currency; orders that may still be charged are part of it. */
export interface Spent {
  readonly day?: Counted | undefined;
  readonly month?: Counted | undefined;
  /** The month in which more was asked for last, and when (epoch ms): a YES answers the newest question. */
  readonly asked?: { readonly month: string; readonly at: number } | undefined;
  /** The month in which the subscriber agreed to more. */
  readonly agreed?: string | undefined;
}

/** `of`: the day or month that `minor` was spent in. */
export interface Counted {
  readonly of: string;
  readonly minor: number;
}

/** The one cap that an order would pass, in the words of the decision. */
export interface Spend {
  readonly span: Span;
  /** Minor units, this order not counted. */
  readonly spent: number;
  readonly cap: number;
  readonly currency: string;
}

export function spendDays(at: number, zone: Zone): SpendDays {
  return { day: dayText(at, zone), month: monthText(at, zone) };
}

/** When what was spent within a span counts no more; epoch ms. */
export function spanEnd(at: number, span: Span, zone: Zone): number {
  const midnight = { ...wallAt(at, zone), time: 0 };
  if (span === 'day') return periodStart(instantOf(midnight, zone), 'day', 1, zone);
  return periodStart(instantOf({ ...midnight, day: 1 }, zone), 'month', 1, zone);
}

/** Undefined where no cap counts what the order costs. */
export function spendMark(
  caps: readonly SpendCap[] | undefined,
  { minor, currency }: Money,
  days: SpendDays,
): SpendMark | undefined {
  const counting = (caps ?? []).filter((cap) => cap.currency === currency);
  if (minor === 0 || counting.length === 0) return undefined;
  const limits = counting.flatMap(({ perDay, perMonth, promptEach }) => [
    ...limit('day', perDay),
    ...limit('month', perMonth),
    ...limit('agreed', promptEach),
  ]);
  return { currency, minor, caps: limits, ...days };
}

function limit(span: Span, cap: number | undefined): SpendMark['caps'] {
  return cap === undefined ? [] : [{ span, cap }];
}

/** The first cap that the order would pass; a month's prompt is passed by whoever agreed to more in that month. */
export function overspent(
  { caps, currency, minor, day, month }: SpendMark,
  spent: Spent | undefined,
): Spend | undefined {
  const spentIn = {
    day: within(spent?.day, day),
    month: within(spent?.month, month),
    agreed: within(spent?.month, month),
  };
  const agreed = spent?.agreed === month;
  const passed = caps.find(({ span, cap }) => !(span === 'agreed' && agreed) && spentIn[span] + minor > cap);
  return passed && { spent: spentIn[passed.span], currency, ...passed };
}

function within(counted: Counted | undefined, of: string): number {
  return counted?.of === of ? counted.minor : 0;
}

/** Whether `minor` made the month's sum of `sum` pass `each`, or one more time: above it, as the prompt counts. */
export function passedAgain({
  each,
  sum,
  minor,
}: {
  readonly each: number;
  readonly sum: number;
  readonly minor: number;
}): boolean {
  const times = (of: number): number => Math.max(0, Math.floor((of - 1) / each));
  return times(sum) > times(sum - minor);
}
