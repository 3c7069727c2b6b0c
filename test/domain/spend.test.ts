import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SpendCap } from '../../src/domain/spend.ts';
import { overspent, passedAgain, spanEnd, spendDays, spendMark } from '../../src/domain/spend.ts';
import { zoneOf } from '../../src/zone.ts';

const NAIROBI = zoneOf('Africa/Nairobi')!;
const BERLIN = zoneOf('Europe/Berlin')!;
const DAYS = { day: '2026-01-31', month: '2026-01' };
const CAPS: readonly SpendCap[] = [{ currency: 'KES', perDay: 1000, perMonth: 3000, promptEach: 2000 }];
const kes = (minor: number) => ({ minor, currency: 'KES', decimals: 2 });
const mark = (minor: number, caps = CAPS) => spendMark(caps, kes(minor), DAYS)!;

describe('the mark of an order', () => {
  it('is what it costs, its day and month in the zone, and the caps of its currency', () => {
    const at = Date.parse('2026-01-31T21:00:00Z');
    expect(spendDays(at, NAIROBI)).toEqual({ day: '2026-02-01', month: '2026-02' });
    expect(mark(500)).toEqual({
      ...DAYS,
      currency: 'KES',
      minor: 500,
      caps: [
        { span: 'day', cap: 1000 },
        { span: 'month', cap: 3000 },
        { span: 'agreed', cap: 2000 },
      ],
    });
  });

  it('is none for a free service, another currency, or where nothing is capped', () => {
    expect(spendMark(CAPS, kes(0), DAYS)).toBeUndefined();
    expect(spendMark(CAPS, { minor: 500, currency: 'USD', decimals: 2 }, DAYS)).toBeUndefined();
    expect(spendMark(undefined, kes(500), DAYS)).toBeUndefined();
  });

  it('holds the caps of the profile and of the operator alike', () => {
    const both = [{ currency: 'KES', perDay: 900 }, ...CAPS];
    expect(overspent(mark(901, both), undefined)).toMatchObject({ span: 'day', cap: 900 });
  });
});

describe('a cap', () => {
  const day = (minor: number, of = DAYS.day) => ({ day: { of, minor } });
  const month = (minor: number, of = DAYS.month) => ({ month: { of, minor } });

  it('may be reached, not passed', () => {
    expect(overspent(mark(500), day(500))).toBeUndefined();
    expect(overspent(mark(501), day(500))).toEqual({ span: 'day', spent: 500, cap: 1000, currency: 'KES' });
    expect(overspent(mark(500), month(2500))).toEqual({ span: 'agreed', spent: 2500, cap: 2000, currency: 'KES' });
    expect(overspent(mark(501), { ...month(2500), agreed: DAYS.month })).toMatchObject({ span: 'month' });
  });

  it('counts nothing of another day or month', () => {
    expect(overspent(mark(1000), { ...day(1000, '2026-01-30'), ...month(3000, '2025-12') })).toBeUndefined();
  });

  it('asks once a month', () => {
    expect(overspent(mark(500), { ...month(1800), agreed: '2025-12' })).toMatchObject({ span: 'agreed' });
    expect(overspent(mark(500), { ...month(1800), agreed: DAYS.month })).toBeUndefined();
  });

  it('is told each time that a multiple is passed', () => {
    const passed = (sum: number, minor: number): boolean => passedAgain({ each: 2000, sum, minor });
    expect([passed(1999, 500), passed(2000, 500), passed(2600, 500), passed(500, 500)]).toEqual([
      false,
      false,
      false,
      false,
    ]);
    expect([passed(2001, 500), passed(2500, 500), passed(4001, 1), passed(6000, 5000)]).toEqual([
      true,
      true,
      true,
      true,
    ]);
  });
});

describe('the end of a span', () => {
  it.each([
    ['2026-03-29T00:30:00Z', 'day', '2026-03-29T22:00:00Z'], // the clocks went forward that night
    ['2026-01-31T22:59:59Z', 'day', '2026-01-31T23:00:00Z'],
    ['2026-01-31T22:59:59Z', 'month', '2026-01-31T23:00:00Z'],
    ['2026-01-31T23:00:00Z', 'agreed', '2026-02-28T23:00:00Z'],
  ] as const)('of %s, %s, is %s in Berlin', (at, span, end) => {
    expect(new Date(spanEnd(Date.parse(at), span, BERLIN)).toISOString()).toBe(end.replace('Z', '.000Z'));
  });

  it('is in the next span, and nothing between is', () => {
    const at = fc.integer({ min: Date.parse('2024-01-01Z'), max: Date.parse('2030-01-01Z') });
    fc.assert(
      fc.property(at, fc.constantFrom('day' as const, 'month' as const), (now, span) => {
        const end = spanEnd(now, span, BERLIN);
        expect(end).toBeGreaterThan(now);
        expect(spendDays(end - 1, BERLIN)[span]).toBe(spendDays(now, BERLIN)[span]);
        expect(spendDays(end, BERLIN)[span]).not.toBe(spendDays(now, BERLIN)[span]);
      }),
    );
  });
});
