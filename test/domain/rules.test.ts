import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bandAfter, serviceStop } from '../../src/domain/band.ts';
import { minuteOfDay } from '../../src/domain/hours.ts';
import type { Facts, Policy } from '../../src/domain/policy.ts';
import { decide, decisionText, INTERACTIONS, RULES, strictness, withVerdict } from '../../src/domain/policy.ts';
import { BANDS, POLICY } from '../policies.ts';

const DAY = 86_400_000;
/** 13:00 in Nairobi: no span covers it. */
const QUIET = Date.UTC(2026, 0, 15, 10, 0);
const trusted: Facts = {
  credit: { kind: 'known', score: 95, ageMs: 0 },
  suspended: false,
  price: { minor: 500, currency: 'KES', decimals: 2 },
  recurring: false,
  firstOrder: false,
  at: QUIET,
};

/** The interaction, and why, as staff read it. */
function said(policy: Policy, facts: Partial<Facts>): string {
  return decisionText(decide(policy, { ...trusted, ...facts })).split(';')[0] ?? '';
}

describe('each rule speaks', () => {
  const policy: Policy = {
    ...POLICY,
    firstOrder: 'confirm',
    trouble: { window: 30 * DAY, atLeast: 'otp' },
    hours: {
      zone: 'Africa/Nairobi',
      spans: [
        { from: 22 * 60, to: 6 * 60, atLeast: 'confirm' },
        { from: 14 * 60, to: 16 * 60, atLeast: 'otp' },
      ],
    },
  };

  it.each<readonly [string, Partial<Facts>, string]>([
    ['suspended', { suspended: true }, 'refuse: suspended (provider is suspended)'],
    [
      'service',
      { serviceStopped: 'service is suspended until 2026-02-01' },
      'refuse: service (service is suspended until 2026-02-01)',
    ],
    ['rating', { stopped: true }, 'refuse: rating (the OCS cannot rate it)'],
    ['first-order', { firstOrder: true }, 'confirm: first-order (first order with this provider)'],
    [
      'trouble today',
      { trouble: { kind: 'complaint', ageMs: DAY - 1 } },
      'otp: trouble (the subscriber complained about this provider within the last day)',
    ],
    [
      'trouble before',
      { trouble: { kind: 'failed-challenge', ageMs: 30 * DAY } },
      'otp: trouble (the subscriber failed a challenge of this provider 30 d ago)',
    ],
    [
      'trouble that is over',
      { trouble: { kind: 'complaint', ageMs: 30 * DAY + 1 } },
      'notice: credit (score 95 is in band trusted)',
    ],
    [
      'hour over midnight, begun',
      { at: Date.UTC(2026, 0, 15, 19, 0) },
      'confirm: hour (between 22:00 and 06:00 in Africa/Nairobi)',
    ],
    [
      'hour over midnight, before its end',
      { at: Date.UTC(2026, 0, 15, 2, 59) },
      'confirm: hour (between 22:00 and 06:00 in Africa/Nairobi)',
    ],
    ['hour over midnight, over', { at: Date.UTC(2026, 0, 15, 3, 0) }, 'notice: credit (score 95 is in band trusted)'],
    ['hour', { at: Date.UTC(2026, 0, 15, 12, 59) }, 'otp: hour (between 14:00 and 16:00 in Africa/Nairobi)'],
    [
      'spend cap',
      { spend: { span: 'day', spent: 9501, cap: 10_000, currency: 'KES' } },
      'refuse: spend-cap (9501 spent and 500 are above the cap of a day: 10000 KES minor units)',
    ],
    [
      'spend prompt',
      { spend: { span: 'agreed', spent: 9501, cap: 10_000, currency: 'KES' } },
      'refuse: spend-cap (9501 spent and 500 are above what the subscriber is asked about first, in a month: 10000 KES minor units)',
    ],
  ])('%s', (_, facts, expected) => {
    expect(said(policy, facts)).toBe(expected);
  });

  it('code-limit comes last and is told beside the rest', () => {
    const decision = withVerdict(decide(POLICY, trusted), { rule: 'code-limit', asks: 'refuse', because: 'too many' });
    expect(decisionText(decision)).toBe(
      'refuse: code-limit (too many); also credit asks notice (score 95 is in band trusted), profile asks notice (profile neutral, once service)',
    );
  });

  it('E18: stale credit is never milder for a provider that was refused when it was last read', () => {
    const stale = (score: number) => ({ credit: { kind: 'stale', score, ageMs: 61_000 } }) as const;
    expect(said(POLICY, stale(95))).toBe('confirm: credit (credit is 61 s old)');
    expect(said(POLICY, stale(0))).toBe('refuse: credit (credit is 61 s old)');
  });

  it('keeps what was known, so that another policy can be tried on it', () => {
    expect(decide(policy, { ...trusted, firstOrder: true }).facts).toEqual({ firstOrder: true });
  });
});

describe('strictest wins', () => {
  const facts = fc.record<Facts>({
    credit: fc.integer({ min: 0, max: 100 }).map((score) => ({ kind: 'known', score, ageMs: 0 })),
    suspended: fc.boolean(),
    serviceStopped: fc.constantFrom(undefined, 'stopped'),
    price: fc.integer({ min: 1, max: 20_000 }).map((minor) => ({ minor, currency: 'KES', decimals: 2 })),
    recurring: fc.boolean(),
    firstOrder: fc.boolean(),
    trouble: fc.constantFrom(undefined, { kind: 'complaint' as const, ageMs: 0 }),
    at: fc.integer({ min: 0, max: 365 * DAY }),
  });
  const policy: Policy = {
    ...POLICY,
    profile: { name: 'x', floor: { once: 'notice', recurring: 'confirm' } },
    priceSteps: [{ currency: 'KES', above: 9000, atLeast: 'otp' }],
    firstOrder: 'confirm',
    trouble: { window: DAY, atLeast: 'otp' },
    hours: { zone: 'Asia/Kolkata', spans: [{ from: 0, to: 300, atLeast: 'confirm' }] },
  };

  it('whatever the facts, and the winner is among those that spoke', () => {
    fc.assert(
      fc.property(facts, (known) => {
        const { interaction, verdicts, won } = decide(policy, known);
        const asked = verdicts.map(({ asks }) => strictness(asks));
        expect(strictness(interaction)).toBe(Math.max(...asked));
        expect(verdicts.find(({ asks }) => asks === interaction)?.rule).toBe(won);
        expect(verdicts.every(({ rule, because }) => RULES.includes(rule) && because !== '')).toBe(true);
      }),
    );
  });

  it('a lower score is never answered milder', () => {
    fc.assert(
      fc.property(facts, fc.integer({ min: 0, max: 100 }), (known, lower) => {
        if (known.credit.kind !== 'known' || lower > known.credit.score) return;
        const less = decide(policy, { ...known, credit: { ...known.credit, score: lower } });
        expect(strictness(less.interaction)).toBeGreaterThanOrEqual(strictness(decide(policy, known).interaction));
      }),
    );
    expect(INTERACTIONS).toHaveLength(4);
  });
});

describe('bands with hysteresis', () => {
  const path = (...scores: readonly number[]): readonly string[] => {
    let held: string | undefined;
    return scores.map((score) => (held = bandAfter(BANDS, 5, held, score).name));
  };

  it('fall at once, climb when the score is five points above the limit', () => {
    expect(path(90, 79, 80, 84, 85)).toEqual(['trusted', 'known', 'known', 'known', 'trusted']);
    expect(path(0, 1, 5, 6, 34, 35, 100)).toEqual([
      'barred',
      'barred',
      'barred',
      'watched',
      'watched',
      'known',
      'trusted',
    ]);
  });

  it('climb past a band that they are high enough for', () => {
    expect(path(10, 82)).toEqual(['watched', 'known']);
  });

  it('reach a band that begins near 100 at 100', () => {
    expect(bandAfter([{ name: 'best', from: 98, interaction: 'notice' }, ...BANDS], 5, 'trusted', 100).name).toBe(
      'best',
    );
  });

  it('are never milder than the score alone would be', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1 }), (scores) => {
        const names = BANDS.map(({ name }) => name);
        path(...scores).forEach((name, index) => {
          const plain = BANDS.findIndex(({ from }) => (scores[index] ?? 0) >= from);
          expect(names.indexOf(name)).toBeGreaterThanOrEqual(plain);
        });
      }),
    );
  });

  it('are told when they hold a provider below its score', () => {
    const facts = { credit: { kind: 'known', score: 82, ageMs: 0, band: 'known' } } as const;
    expect(said(POLICY, facts)).toBe('confirm: credit (score 82 is in band known, not yet back in trusted)');
  });
});

describe('what a band does beside its interaction', () => {
  const bands = BANDS.map((band) =>
    band.name === 'watched' ? { ...band, consequence: 'no-new-services' as const } : band,
  );
  const standing = { band: 'watched', since: 100, suspended: { quiz: 5000 }, seen: { old: 99, young: 101 } };

  it.each([
    ['quiz', 4999, 'service is suspended until 1970-01-01'],
    ['quiz', 5000, undefined],
    ['old', 200, undefined],
    ['young', 200, 'no new services of a provider in band watched'],
  ])('%s at %i: %s', (service, now, expected) => {
    expect(serviceStop(bands, standing, service, now)).toBe(expected);
  });

  it('ends when the provider leaves the band', () => {
    expect(serviceStop(bands, { ...standing, band: 'known' }, 'young', 200)).toBeUndefined();
  });
});

it('tells the time of the day in its zone, summer time included', () => {
  expect(minuteOfDay(Date.UTC(2026, 6, 1, 22, 59), 'Europe/London')).toBe(23 * 60 + 59);
  expect(minuteOfDay(Date.UTC(2026, 0, 1, 0, 1), 'Europe/London')).toBe(1);
  expect(minuteOfDay(Date.UTC(2026, 0, 1, 20, 0), 'Asia/Kolkata')).toBe(90);
});
