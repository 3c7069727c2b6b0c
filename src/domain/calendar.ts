import type { Period } from './catalogue.ts';

/** A time zone: how far its wall clocks are ahead of UTC at an instant (epoch ms), in milliseconds. */
export type Zone = (at: number) => number;

export const UTC: Zone = () => 0;

/** What a wall clock shows. `month` and `day` count from 1; `time` is milliseconds since midnight. */
export interface Wall {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly time: number;
}

const DAY = 86_400_000;
const HOUR = 3_600_000;

export function wallAt(at: number, zone: Zone): Wall {
  const local = at + zone(at);
  const days = Math.floor(local / DAY);
  return { time: local - days * DAY, ...civil(days) };
}

/**
 * The instant at which a wall clock shows `wall`. A time that is skipped when clocks go forward comes as much later as the
 * clocks jump; one that is shown twice when they go back is the first of the two.
 */
export function instantOf({ year, month, day, time }: Wall, zone: Zone): number {
  const local = daysOf(year, month, day) * DAY + time;
  // No zone has changed twice within a day of an instant: these are its offsets before and after a change.
  const [before, after] = [zone(local - 15 * HOUR), zone(local + 15 * HOUR)];
  const first = local - before;
  const shown = first + zone(first) === local;
  if (shown || before === after) return first;
  const second = local - after;
  return second + zone(second) === local ? second : first;
}

/** Where the period begins that lies `count` periods after the one of `anchor`: at the same wall time; a month that lacks the day uses its last. */
export function periodStart(anchor: number, period: Exclude<Period, 'once'>, count: number, zone: Zone): number {
  const wall = wallAt(anchor, zone);
  if (period === 'month') return instantOf(monthsLater(wall, count), zone);
  const days = daysOf(wall.year, wall.month, wall.day) + count * (period === 'week' ? 7 : 1);
  return instantOf({ time: wall.time, ...civil(days) }, zone);
}

function monthsLater(wall: Wall, count: number): Wall {
  const months = wall.year * 12 + wall.month - 1 + count;
  const [year, month] = [Math.floor(months / 12), (((months % 12) + 12) % 12) + 1];
  return { ...wall, year, month, day: Math.min(wall.day, daysInMonth(year, month)) };
}

/** How many whole periods have begun since `anchor` up to and including `at`: 0 within the first. */
export function periodsUntil(anchor: number, period: Exclude<Period, 'once'>, at: number, zone: Zone): number {
  const longest = { day: DAY, week: 7 * DAY, month: 31 * DAY }[period];
  // Never too high by more than clock changes make it, and corrected in either direction.
  let count = Math.max(0, Math.floor((at - anchor) / longest));
  while (periodStart(anchor, period, count + 1, zone) <= at) count++;
  while (count > 0 && periodStart(anchor, period, count, zone) > at) count--;
  return count;
}

/** `2026-02-28`, the day that a wall clock shows: the same in every language. */
export function dayText(at: number, zone: Zone): string {
  const { day } = wallAt(at, zone);
  return `${monthText(at, zone)}-${padded(day, 2)}`;
}

/** The last day that is over before `at`: what is done by it is done in time. No earlier one than that of `now`. */
export function lastDayBefore(at: number, now: number, zone: Zone): string {
  const midnight = instantOf({ ...wallAt(at, zone), time: 0 }, zone);
  return dayText(Math.max(now, midnight - 1), zone);
}

/** The instant at which the day of `dayText` is over. */
export function dayEnd(text: string, zone: Zone): number {
  const [year = 0, month = 0, day = 0] = text.split('-').map(Number);
  return instantOf({ year, month, day: day + 1, time: 0 }, zone);
}

/** `2026-02`. */
export function monthText(at: number, zone: Zone): string {
  const { year, month } = wallAt(at, zone);
  return `${padded(year, 4)}-${padded(month, 2)}`;
}

function padded(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

export function daysInMonth(year: number, month: number): number {
  return month === 12 ? 31 : daysOf(year, month + 1, 1) - daysOf(year, month, 1);
}

/** Days since 1970-01-01 of a date of the Gregorian calendar: years begin in March, so that a leap day ends one. */
function daysOf(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const ofEra = y - era * 400;
  const ofYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  return era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719_468;
}

/** The inverse of `daysOf`. */
function civil(days: number): Pick<Wall, 'year' | 'month' | 'day'> {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const ofEra = shifted - era * 146_097;
  const ofYears = ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096);
  const y = Math.floor(ofYears / 365);
  const ofYear = ofEra - (365 * y + Math.floor(y / 4) - Math.floor(y / 100));
  const m = Math.floor((5 * ofYear + 2) / 153);
  const month = m < 10 ? m + 3 : m - 9;
  const day = ofYear - Math.floor((153 * m + 2) / 5) + 1;
  return { year: y + era * 400 + (month <= 2 ? 1 : 0), month, day };
}
