import { describe, expect, it } from 'vitest';
import type { ChargeVerdict, CreditAnswer } from '../../src/domain/charge.ts';
import { readAnswer, readClosing, settles, takenBy } from '../../src/domain/charge.ts';

const PRICE = { minor: 500, currency: 'KES', decimals: 2 };

function answer(resultCode: number, more: Partial<CreditAnswer> = {}): CreditAnswer {
  return { kind: 'answer', resultCode, experimental: false, granted: undefined, failedAvp: undefined, ...more };
}

function verdict(resultCode: number, more: Partial<CreditAnswer> = {}): ChargeVerdict {
  return readAnswer(answer(resultCode, more), PRICE);
}

describe('a credit answer (RFC 8506 9.1, RFC 6733 7.1)', () => {
  it.each([
    ['2001, all of it', 2001, 500],
    ['2001, no amount named', 2001, undefined],
    ['2001, more than asked', 2001, 501],
    ['2002, but all of it', 2002, 500],
  ])('%s: granted', (_, code, granted) => {
    expect(verdict(code, { granted })).toEqual({ kind: 'granted', free: false, resultCode: code });
  });

  it('4011 is free of charge, unless it is a vendor’s own 4011', () => {
    expect(verdict(4011)).toEqual({ kind: 'granted', free: true, resultCode: 4011 });
    expect(verdict(4011, { experimental: true })).toEqual({ kind: 'denied', reason: 'failed', resultCode: 4011 });
  });

  it.each([
    ['2001, less than asked', 2001, 499],
    ['2002, less than asked', 2002, 1],
    ['2002, no amount named', 2002, undefined],
  ])('%s: partial', (_, code, granted) => {
    expect(verdict(code, { granted })).toEqual({ kind: 'partial', granted, resultCode: code });
  });

  it.each([2001, 2002])('%i with nothing granted is a denial: there is nothing to give back', (code) => {
    expect(verdict(code, { granted: 0 })).toMatchObject({ kind: 'denied', reason: 'failed', resultCode: code });
  });

  it('of an account that is empty it is one for its balance', () => {
    const empty = { granted: 0, session: { finalUnit: true } };
    expect(verdict(2001, empty)).toMatchObject({ kind: 'denied', reason: 'balance', opened: true });
  });

  it('more than asked is all right where it is only held, and is given back where it was taken (E9)', () => {
    const more = answer(2001, { granted: 90_000 });
    expect(readAnswer(more, PRICE)).toMatchObject({ kind: 'granted' });
    expect(readAnswer(more, PRICE, true)).toEqual({ kind: 'partial', granted: 90_000, resultCode: 2001 });
    expect(readAnswer(answer(2001, { granted: PRICE.minor }), PRICE, true)).toMatchObject({ kind: 'granted' });
  });

  it.each([3001, 3002, 3004, 3007, 3999])('%i was not processed', (code) => {
    expect(verdict(code)).toEqual({ kind: 'not-processed', resultCode: code });
  });

  it.each([
    [4010, 'not-allowed'],
    [4012, 'balance'],
    [5030, 'unknown-user'],
    [5031, 'rating'],
    [4001, 'failed'],
    [4999, 'failed'],
    [5002, 'failed'],
    [5012, 'failed'],
    [1001, 'failed'],
    [6000, 'failed'],
    [0, 'failed'],
    [4_294_967_295, 'failed'],
  ] as const)('%i is denied: %s', (code, reason) => {
    expect(verdict(code)).toEqual({ kind: 'denied', reason, resultCode: code });
  });

  it('an Experimental-Result is read by its class alone', () => {
    expect(verdict(5030, { experimental: true })).toMatchObject({ kind: 'denied', reason: 'failed' });
    expect(verdict(2001, { experimental: true })).toMatchObject({ kind: 'granted' });
  });
});

describe('E2: what settles a charge', () => {
  it.each([
    [2001, true, true],
    [4012, true, true],
    [5030, true, true],
    [3002, false, false],
    [3004, false, false],
    [1001, true, false],
    [6000, true, false],
    [0, true, false],
  ])('%i: answered at once %s, after a silence %s', (code, atOnce, afterSilence) => {
    expect(settles(answer(code), false)).toBe(atOnce);
    expect(settles(answer(code), true)).toBe(afterSilence);
  });
});

describe('E2: a failure with the E bit, which any node on the way may say', () => {
  it.each([4002, 4011, 5004, 5012])('%i settles a charge only where no send of it went unanswered', (code) => {
    const failed = answer(code, { errorBit: true });
    expect([settles(failed, false), settles(failed, true)]).toEqual([true, false]);
  });

  it.each([
    ['commit', 5012],
    ['release', 5002],
  ] as const)('the same of a %s', (closing, code) => {
    const failed = answer(code, { errorBit: true });
    expect(readClosing(failed, closing).kind).not.toBe('not-processed');
    expect(readClosing(failed, closing, true).kind).toBe('not-processed');
    expect(readClosing(answer(code), closing, true)).toEqual(readClosing(answer(code), closing));
  });
});

it('a code of some vendor that reads like DIAMETER_UNKNOWN_SESSION_ID is no such answer', () => {
  expect(readClosing(answer(5002), 'release').kind).toBe('done');
  expect(readClosing(answer(5002, { experimental: true }), 'release').kind).toBe('refused');
});

describe('E6: what a refund gives back', () => {
  it('is what was taken', () => {
    expect(takenBy(verdict(2001), PRICE)).toEqual(PRICE);
    expect(takenBy(verdict(2002, { granted: 120 }), PRICE)).toEqual({ ...PRICE, minor: 120 });
  });

  it('is the price where the OCS did not say how much it took', () => {
    expect(takenBy(verdict(2002), PRICE)).toEqual(PRICE);
    expect(takenBy(undefined, PRICE)).toEqual(PRICE);
  });
});
