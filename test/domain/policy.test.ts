import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CreditReading, Facts, Interaction, Policy } from '../../src/domain/policy.ts';
import { bandOf, decide, decisionText, INTERACTIONS, strictness } from '../../src/domain/policy.ts';
import { BANDS, POLICY } from '../policies.ts';

const FACTS: Facts = {
  credit: { kind: 'known', score: 90, ageMs: 0 },
  suspended: false,
  price: { minor: 500, currency: 'KES', decimals: 2 },
  recurring: false,
  firstOrder: false,
};

describe('bands', () => {
  it.each([
    [100, 'trusted'],
    [80, 'trusted'],
    [79, 'known'],
    [30, 'known'],
    [29, 'watched'],
    [1, 'watched'],
    [0, 'barred'],
    [-1, 'barred'],
    [Number.NaN, 'barred'],
  ])('a score of %d is in %s', (score, name) => {
    expect(bandOf(BANDS, score).name).toBe(name);
  });

  it('a policy has at least one', () => {
    expect(() => bandOf([], 50)).toThrow(RangeError);
  });
});

describe('a decision', () => {
  it('names every rule that spoke and the one that won', () => {
    const decision = decide(POLICY, { ...FACTS, credit: { kind: 'known', score: 20, ageMs: 0 } });
    expect(decision).toEqual({
      interaction: 'otp',
      score: 20,
      band: 'watched',
      verdicts: [
        { rule: 'credit', asks: 'otp', because: 'score 20 is in band watched' },
        { rule: 'profile', asks: 'notice', because: 'profile neutral, once service' },
      ],
      won: 'credit',
      policyVersion: 'policy-1',
      facts: {},
    });
    expect(decisionText(decision)).toBe(
      'otp: credit (score 20 is in band watched); also profile asks notice (profile neutral, once service)',
    );
  });

  it('says the step that won when several prices speak', () => {
    const steps = [
      { currency: 'KES', above: 1000, atLeast: 'confirm' },
      { currency: 'KES', above: 5000, atLeast: 'otp' },
      { currency: 'USD', above: 10, atLeast: 'refuse' },
    ] as const;
    const dear = decide({ ...POLICY, priceSteps: steps }, { ...FACTS, price: { ...FACTS.price, minor: 5001 } });
    expect(decisionText(dear)).toMatch(/^otp: price \(price above 5000 KES minor units\); also /);
    expect(decisionText(dear)).toContain('price asks confirm (price above 1000 KES minor units)');
  });

  it('a price at its step is not above it', () => {
    const policy: Policy = { ...POLICY, priceSteps: [{ currency: 'KES', above: 500, atLeast: 'otp' }] };
    expect(decide(policy, FACTS).interaction).toBe('notice');
    expect(decide(policy, { ...FACTS, price: { ...FACTS.price, minor: 501 } }).interaction).toBe('otp');
  });

  it('E17: a suspended provider is refused, whatever its score', () => {
    expect(decide(POLICY, { ...FACTS, suspended: true })).toMatchObject({ interaction: 'refuse', won: 'suspended' });
  });

  it.each<[string, CreditReading]>([
    ['too old', { kind: 'stale', score: 100, ageMs: 61_000 }],
    ['unknown', { kind: 'unknown', reason: 'the credit book has no entry' }],
  ])('E18: when the credit is %s every order is challenged', (band, credit) => {
    const decision = decide(POLICY, { ...FACTS, credit });
    expect(decision.interaction).toBe('confirm');
    expect(decision.won).toBe('credit');
    expect(decision.band).toBe(credit.kind);
    expect(band).not.toBe('');
  });

  it('E18: the age is told in seconds, the last score is kept', () => {
    const decision = decide(POLICY, { ...FACTS, credit: { kind: 'stale', score: 95, ageMs: 61_400 } });
    expect(decision.score).toBe(95);
    expect(decision.verdicts[0]?.because).toBe('credit is 61 s old');
  });
});

describe('whatever the facts', () => {
  const interaction = fc.constantFrom(...INTERACTIONS);
  const challenge = fc.constantFrom<Exclude<Interaction, 'notice'>>('confirm', 'otp', 'refuse');
  const credit: fc.Arbitrary<CreditReading> = fc.oneof(
    fc.record({ kind: fc.constant('known' as const), score: fc.integer({ min: -5, max: 105 }), ageMs: fc.nat() }),
    fc.record({ kind: fc.constant('stale' as const), score: fc.integer({ min: 0, max: 100 }), ageMs: fc.nat() }),
    fc.record({ kind: fc.constant('unknown' as const), reason: fc.string() }),
  );
  const policies = fc.record({
    version: fc.constant('any'),
    bands: fc.tuple(interaction, interaction, interaction).map(([high, middle, low]) => [
      { name: 'high', from: 70, interaction: high },
      { name: 'middle', from: 30, interaction: middle },
      { name: 'low', from: 0, interaction: low },
    ]),
    profile: fc.record({ name: fc.string(), floor: fc.record({ once: interaction, recurring: interaction }) }),
    priceSteps: fc.array(
      fc.record({ currency: fc.constantFrom('KES', 'USD'), above: fc.nat(1000), atLeast: interaction }),
    ),
    firstOrder: interaction,
    unknownCredit: challenge,
  });
  const facts = fc.record({
    credit,
    suspended: fc.boolean(),
    price: fc.record({ minor: fc.nat(2000), currency: fc.constantFrom('KES', 'USD'), decimals: fc.constant(2) }),
    recurring: fc.boolean(),
    firstOrder: fc.boolean(),
  });

  it('a decision is as strict as its strictest rule, and never less', () => {
    fc.assert(
      fc.property(policies, facts, (policy, known) => {
        const { interaction: decided, verdicts, won } = decide(policy, known);
        expect(strictness(decided)).toBe(Math.max(...verdicts.map(({ asks }) => strictness(asks))));
        expect(verdicts.find(({ rule, asks }) => rule === won && asks === decided)).toBeDefined();
      }),
    );
  });

  it('E18: without fresh credit nothing is ordered on a keyword alone', () => {
    fc.assert(
      fc.property(policies, facts, (policy, known) => {
        fc.pre(known.credit.kind !== 'known');
        expect(decide(policy, known).interaction).not.toBe('notice');
      }),
    );
  });

  it('the profile is a floor that no credit goes below', () => {
    fc.assert(
      fc.property(policies, facts, (policy, known) => {
        const floor = policy.profile.floor[known.recurring ? 'recurring' : 'once'];
        expect(strictness(decide(policy, known).interaction)).toBeGreaterThanOrEqual(strictness(floor));
      }),
    );
  });
});
