import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextWait } from '../../src/domain/retry.ts';

const BACKOFF = { first: 1000, cap: 60_000 };

describe('the next wait', () => {
  it('doubles from the first one up to the cap', () => {
    expect([0, 1, 2, 5, 6, 7].map((attempt) => nextWait(BACKOFF, attempt, 1))).toEqual([
      1000, 2000, 4000, 32_000, 60_000, 60_000,
    ]);
  });

  it('takes up to a fifth off, so that what failed together does not return together', () => {
    expect(nextWait(BACKOFF, 0, 0)).toBe(800);
    expect(nextWait(BACKOFF, 0, 0.5)).toBe(900);
  });

  it('stays within its bounds for every attempt and every chance', () => {
    const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), chance, (attempt, random) => {
        const wait = nextWait(BACKOFF, attempt, random);
        expect(Number.isInteger(wait)).toBe(true);
        expect(wait).toBeGreaterThanOrEqual(BACKOFF.first * 0.8);
        expect(wait).toBeLessThanOrEqual(BACKOFF.cap);
      }),
    );
  });
});
