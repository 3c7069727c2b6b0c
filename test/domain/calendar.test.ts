import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dayEnd,
  dayText,
  daysInMonth,
  instantOf,
  lastDayBefore,
  monthText,
  periodStart,
  periodsUntil,
  UTC,
  wallAt,
} from '../../src/domain/calendar.ts';
import type { Zone } from '../../src/domain/calendar.ts';
import { zoneOf } from '../../src/zone.ts';

const HOUR = 3_600_000;

function zone(name: string): Zone {
  const found = zoneOf(name);
  if (found === undefined) throw new Error(`no zone ${name}`);
  return found;
}

const BERLIN = zone('Europe/Berlin');
const iso = (at: number): string => new Date(at).toISOString();
const starts = (from: string, period: 'day' | 'week' | 'month', count: number, where: Zone): readonly string[] =>
  Array.from({ length: count }, (_, index) => iso(periodStart(Date.parse(from), period, index, where)));

describe('periods', () => {
  it('of a month that lacks the day use its last one, and come back to the day', () => {
    expect(starts('2026-01-31T10:00:00Z', 'month', 6, UTC).map((at) => at.slice(0, 10))).toEqual([
      '2026-01-31', '2026-02-28', '2026-03-31', '2026-04-30', '2026-05-31', '2026-06-30',
    ]); // prettier-ignore
    expect(iso(periodStart(Date.parse('2027-12-31T10:00:00Z'), 'month', 2, UTC))).toBe('2028-02-29T10:00:00.000Z');
    expect(iso(periodStart(Date.parse('2028-02-29T10:00:00Z'), 'month', 12, UTC))).toBe('2029-02-28T10:00:00.000Z');
  });

  it('begin at the same wall time on either side of a time change', () => {
    // Clocks in Berlin go forward on 2026-03-29 at 02:00 and back on 2026-10-25 at 03:00.
    expect(starts('2026-03-27T08:30:00Z', 'day', 4, BERLIN)).toEqual([
      '2026-03-27T08:30:00.000Z',
      '2026-03-28T08:30:00.000Z',
      '2026-03-29T07:30:00.000Z',
      '2026-03-30T07:30:00.000Z',
    ]);
    expect(starts('2026-10-24T07:30:00Z', 'week', 2, BERLIN)).toEqual([
      '2026-10-24T07:30:00.000Z',
      '2026-10-31T08:30:00.000Z',
    ]);
  });

  it('that would begin in the hour that clocks skip begin an hour later, and at their hour again the next day', () => {
    expect(starts('2026-03-28T01:30:00Z', 'day', 3, BERLIN)).toEqual([
      '2026-03-28T01:30:00.000Z',
      '2026-03-29T01:30:00.000Z', // 02:30 does not exist: 03:30
      '2026-03-30T00:30:00.000Z',
    ]);
  });

  it('that would begin in the hour that clocks show twice begin at the first', () => {
    expect(starts('2026-10-24T00:30:00Z', 'day', 3, BERLIN)).toEqual([
      '2026-10-24T00:30:00.000Z',
      '2026-10-25T00:30:00.000Z',
      '2026-10-26T01:30:00.000Z',
    ]);
  });

  it('are counted as they begin', () => {
    const anchor = Date.parse('2026-01-31T10:00:00Z');
    const at = (text: string): number => periodsUntil(anchor, 'month', Date.parse(text), UTC);
    expect(at('2026-01-31T10:00:00Z')).toBe(0);
    expect(at('2026-02-28T09:59:59Z')).toBe(0);
    expect(at('2026-02-28T10:00:00Z')).toBe(1);
    expect(at('2027-01-31T10:00:00Z')).toBe(12);
    expect(at('2025-01-01T00:00:00Z')).toBe(0);
  });

  const anywhere = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata', 'Africa/Nairobi', 'Pacific/Apia'); // prettier-ignore
  const instants = fc.integer({ min: Date.UTC(1999, 0, 1) / 60_000, max: Date.UTC(2037, 0, 1) / 60_000 }).map((m) => m * 60_000); // prettier-ignore

  it('rise, in any zone, and counting them finds each', () => {
    fc.assert(
      fc.property(
        anywhere,
        instants,
        fc.constantFrom('day', 'week', 'month'),
        fc.nat(800),
        (name, anchor, period, n) => {
          const where = zone(name);
          const start = periodStart(anchor, period, n, where);
          expect(periodStart(anchor, period, n + 1, where)).toBeGreaterThan(start);
          expect(periodsUntil(anchor, period, start, where)).toBe(n);
          expect(periodsUntil(anchor, period, start + HOUR, where)).toBe(n);
        },
      ),
    );
  });
});

describe('wall clocks', () => {
  it('tell the day of their zone', () => {
    const at = Date.parse('2026-12-31T22:30:00Z');
    expect(dayText(at, UTC)).toBe('2026-12-31');
    expect(dayText(at, zone('Africa/Nairobi'))).toBe('2027-01-01');
    expect(monthText(at, zone('Africa/Nairobi'))).toBe('2027-01');
  });

  it('tell the last day on all of which something is in time, today at the earliest', () => {
    const before = (at: string, now = '2026-03-01T00:00:00Z') => lastDayBefore(Date.parse(at), Date.parse(now), BERLIN);
    expect([before('2026-03-21T23:20:00Z'), before('2026-03-22T22:59:00Z')]).toEqual(['2026-03-21', '2026-03-21']);
    // Midnight itself, and the evening after which clocks go forward.
    expect([before('2026-03-21T23:00:00Z'), before('2026-03-29T21:59:00Z')]).toEqual(['2026-03-21', '2026-03-28']);
    expect(before('2026-03-21T23:20:00Z', '2026-03-21T23:10:00Z')).toBe('2026-03-22');
  });

  it('agree with the calendar of the platform on every day of four centuries', () => {
    for (let day = Date.UTC(1900, 0, 1); day < Date.UTC(2300, 0, 1); day += 86_400_000) {
      const wall = wallAt(day, UTC);
      const date = new Date(day);
      const theirs = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
      if ([wall.year, wall.month, wall.day].some((one, index) => one !== theirs[index]) || instantOf(wall, UTC) !== day)
        throw new Error(`${iso(day)} is not ${JSON.stringify(wall)}`);
    }
    expect([daysInMonth(2100, 2), daysInMonth(2000, 2), daysInMonth(2026, 12)]).toEqual([28, 29, 31]);
  });

  it('of no zone are none', () => {
    expect(zoneOf('Mars/Olympus')).toBeUndefined();
  });
});

it('a day is over at the midnight behind it, at the end of a month and a year too', () => {
  const nairobi: Zone = () => 3 * 3_600_000;
  expect(dayEnd('2026-02-28', UTC)).toBe(Date.UTC(2026, 2, 1));
  expect(dayEnd('2026-12-31', nairobi)).toBe(Date.UTC(2026, 11, 31, 21));
});
