import { describe, expect, it } from 'vitest';
import { zoneOf } from '../../src/zone.ts';
import type { Begun, RenewalRules, Subscription } from '../../src/domain/subscription.ts';
import {
  beginSubscription,
  lastTry,
  pausingTry,
  priceAt,
  putOff,
  renewed,
  renewing,
  unpaid,
} from '../../src/domain/subscription.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const at = (text: string): number => Date.parse(text);
const iso = (time: number): string => new Date(time).toISOString().slice(0, 16);
const money = (minor: number) => ({ minor, currency: 'KES', decimals: 2 });

const RULES: RenewalRules = {
  zone: zoneOf('Africa/Nairobi') ?? (() => 0),
  reminder: { day: 0, week: DAY, month: 3 * DAY },
  priceNotice: 7 * DAY,
  retries: [6 * HOUR, 2 * DAY, 5 * DAY, 10 * DAY],
  grace: 2 * DAY,
};

function begun(over: Partial<Begun> = {}): Begun {
  return {
    id: '01-x', serviceId: 'news', providerId: 'acme', title: 'News', keyword: 'NEWS', price: money(500), period: 'month',
    msisdn: '254700000001', shortCode: '5000', link: 'a', language: 'en', channel: 'sms',
    ...over,
  }; // prettier-ignore
}

const SINCE = at('2026-01-31T09:00:00Z');
const first = beginSubscription(begun(), SINCE, RULES);
const open = (subscription: Subscription, now: number): Subscription => renewing(subscription, '01-x-r2', now, RULES);

describe('a subscription', () => {
  it('is reminded of before it is renewed, and renewed at the month end', () => {
    expect([iso(first.dueAt), iso(first.lookAt)]).toEqual(['2026-02-28T09:00', '2026-02-25T09:00']);
    expect(beginSubscription(begun({ period: 'day' }), SINCE, RULES)).toMatchObject({
      lookAt: at('2026-02-01T09:00:00Z'),
    });
  });

  it('is reminded of again before the period after one that is under way, whatever becomes of that', () => {
    expect(open({ ...first, reminded: true }, first.dueAt)).toMatchObject({
      reminded: false,
      dueAt: at('2026-03-31T09:00:00Z'),
      lookAt: at('2026-03-28T09:00:00Z'),
    });
  });

  it('keeps its day through short months', () => {
    const second = renewed(open(first, first.dueAt), money(500), first.dueAt + 1000, RULES);
    expect([second.number, iso(second.dueAt), second.state]).toEqual([2, '2026-03-31T09:00', 'active']);
  });

  it('is not charged for periods that went by while nobody looked', () => {
    const late = open(first, at('2026-05-10T00:00:00Z'));
    expect([late.number, iso(late.periodAt), iso(late.dueAt)]).toEqual([2, '2026-04-30T09:00', '2026-05-31T09:00']);
  });

  it('waits in grace by the calendar, then pauses, then ends', () => {
    const due = open(first, first.dueAt);
    const tries = [0, 6 * HOUR, 2 * DAY, 5 * DAY].map((after) => unpaid(due, due.periodAt + after, RULES));
    expect(tries.map((one) => (one.kind === 'retry' ? [one.subscription.state, one.at - due.periodAt] : one.kind))).toEqual([
      ['grace', 6 * HOUR], ['grace', 2 * DAY], ['suspended', 5 * DAY], ['suspended', 10 * DAY],
    ]); // prettier-ignore
    expect(unpaid(due, lastTry(due, RULES), RULES)).toEqual({ kind: 'end' });
  });

  it('keeps its day when it is paid in grace, and begins anew when it was paused', () => {
    const due = open(first, first.dueAt);
    expect(iso(renewed({ ...due, state: 'grace' }, money(500), due.periodAt + DAY, RULES).dueAt)).toBe(
      '2026-03-31T09:00',
    );
    const later = at('2026-03-07T12:00:00Z');
    expect(iso(renewed({ ...due, state: 'suspended' }, money(500), later, RULES).dueAt)).toBe('2026-04-07T12:00');
  });

  it('paid after its period was over is next charged for a period that is to come', () => {
    const daily = open(beginSubscription(begun({ period: 'day' }), SINCE, RULES), at('2026-02-01T09:00:00Z'));
    const paid = renewed({ ...daily, state: 'grace' }, money(500), at('2026-02-02T15:00:00Z'), RULES);
    expect(iso(paid.dueAt)).toBe('2026-02-03T09:00');
  });

  it('begins anew with its charge where it was held back, or put off from its due time on', () => {
    const late = at('2026-03-20T12:00:00Z');
    const wait = { lookAt: late + HOUR, zone: RULES.zone };
    const off = putOff({ ...first, reminded: true }, { ...wait, now: late });
    expect([off.reminded, off.anew, off.rev]).toEqual([false, true, first.rev + 1]);
    for (const one of [off, { ...first, state: 'suspended' as const }]) {
      const due = open(one, late);
      expect([iso(due.periodAt), iso(due.dueAt), due.anew]).toEqual([
        '2026-03-20T12:00',
        '2026-04-20T12:00',
        undefined,
      ]);
      expect(iso(renewed(due, money(500), late + HOUR, RULES).anchorAt)).toBe(
        one.state === 'suspended' ? '2026-03-20T13:00' : '2026-03-20T12:00',
      );
    }
    expect(putOff(first, { ...wait, now: first.dueAt - 1 }).anew).toBeUndefined();
  });

  it('that was put off within the day which was told needs no other reminder', () => {
    const told = { ...first, reminded: true, lookAt: first.dueAt };
    // The day ends at 21:00 UTC in Nairobi.
    const looks = ['2026-02-28T10:00:00Z', '2026-02-28T21:00:00Z'].map(
      (lookAt) => putOff(told, { now: first.dueAt, lookAt: at(lookAt), zone: RULES.zone }).reminded,
    );
    expect(looks).toEqual([true, false]);
  });

  it('pauses at the first try from the grace on, and where there is none at the last one', () => {
    expect(pausingTry(first, { ...RULES, grace: DAY })).toBe(first.periodAt + 2 * DAY);
    expect(pausingTry(first, { ...RULES, grace: 30 * DAY })).toBe(first.periodAt + 10 * DAY);
  });

  it('costs what was told until the notice of a new price is over', () => {
    const told = { ...first, next: { price: money(700), from: at('2026-03-10T00:00:00Z') } };
    expect(priceAt(told, at('2026-02-28T09:00:00Z')).minor).toBe(500);
    expect(priceAt(told, at('2026-03-31T09:00:00Z')).minor).toBe(700);
    expect(renewed(told, money(500), at('2026-02-28T09:00:00Z'), RULES).next).toBeDefined();
    expect(renewed(told, money(700), at('2026-03-31T09:00:00Z'), RULES)).toMatchObject({
      price: money(700),
      next: undefined,
    });
  });
});
