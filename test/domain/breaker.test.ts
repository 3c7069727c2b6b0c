import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Breaker, BreakerSettings } from '../../src/domain/breaker.ts';
import { admits, BREAKER_TABLE, heard, newBreaker, outcomeOf, sending, tick } from '../../src/domain/breaker.ts';
import { rowsOf } from '../tables.ts';

const SETTINGS: BreakerSettings = { window: 1000, least: 4, badPercent: 50, openFor: 500, probes: 2 };

/** `g` and `b`: a charge that is sent and answered at that time, well or not. */
function after(outcomes: string, now = 0, from = newBreaker(now, SETTINGS)): Breaker {
  return Array.from(outcomes).reduce((breaker, one) => {
    const before = sending(tick(breaker, now, SETTINGS));
    return heard(before, one === 'g' ? 'good' : 'bad', { sentAt: now, now }, SETTINGS);
  }, from);
}

describe('the breaker', () => {
  it('moves by these rows', () => {
    expect(rowsOf(BREAKER_TABLE)).toEqual(
      ['closed -trip-> open', 'half-open -mend-> closed', 'half-open -trip-> open', 'open -rest-> half-open'].sort(),
    );
  });

  it.each([
    ['ggg', 'closed'],
    ['bbb', 'closed'], // fewer than `least`
    ['gggb', 'closed'],
    ['gggbb', 'closed'], // 40 of a hundred
    ['ggbb', 'open'],
    ['bbbb', 'open'],
  ])('%s leaves it %s', (outcomes, state) => {
    expect(after(outcomes).state).toBe(state);
  });

  it('counts a window anew when it is over', () => {
    const [early, later] = [after('bbb'), 1000];
    expect(after('b', later, early).state).toBe('closed');
    expect(after('b', later - 1, early).state).toBe('open');
  });

  it('admits nothing while open, then so many probes; all must be answered', () => {
    const open = after('bbbb');
    expect(admits(tick(open, 499, SETTINGS), SETTINGS)).toBe(false);
    const half = tick(open, 500, SETTINGS);
    expect(half.state).toBe('half-open');
    expect(admits(half, SETTINGS)).toBe(true);
    expect(admits(sending(sending(half)), SETTINGS)).toBe(false);
    expect(after('g', 500, half).state).toBe('half-open');
    expect(after('gg', 500, half).state).toBe('closed');
    expect(after('gb', 500, half).state).toBe('open');
  });

  it('an answer to what was sent before it opened says nothing of it', () => {
    const half = tick(after('bbbb', 10), 510, SETTINGS);
    expect(heard(half, 'bad', { sentAt: 9, now: 511 }, SETTINGS)).toBe(half);
  });

  it('probes that were never sent after all do not keep it shut for ever', () => {
    const spent = sending(sending(tick(after('bbbb'), 500, SETTINGS)));
    expect(admits(tick(spent, 999, SETTINGS), SETTINGS)).toBe(false);
    expect(admits(tick(spent, 1000, SETTINGS), SETTINGS)).toBe(true);
  });

  it('whatever happens, it admits again once the OCS is left alone for long enough', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('g', 'b', 's'), { maxLength: 50 }), (events) => {
        let now = 0;
        let breaker = newBreaker(now, SETTINGS);
        for (const event of events) {
          breaker = tick(breaker, (now += 100), SETTINGS);
          if (admits(breaker, SETTINGS)) breaker = sending(breaker);
          const outcome = event === 'g' ? 'good' : 'bad';
          if (event !== 's') breaker = heard(breaker, outcome, { sentAt: now, now }, SETTINGS);
        }
        for (let wait = 0; wait < 3; wait++) breaker = tick(breaker, (now += 1000), SETTINGS);
        expect(admits(breaker, SETTINGS)).toBe(true);
      }),
    );
  });

  const answered = (resultCode: number, experimental = false) =>
    ({ kind: 'answer', resultCode, experimental, granted: undefined, failedAvp: undefined }) as const;

  it.each([
    ['2001', answered(2001), 'good'],
    ['4012: a denial is good work', answered(4012), 'good'],
    ['5031', answered(5031), 'good'],
    ['3002', answered(3002), 'bad'],
    ['3004 TOO_BUSY', answered(3004), 'bad'],
    ['5012 UNABLE_TO_COMPLY', answered(5012), 'bad'],
    ["a vendor's 5012", answered(5012, true), 'good'],
    ['silence', { kind: 'silent', reason: 'tx' }, 'bad'],
    ['nothing was sent', { kind: 'not-sent', reason: 'no open peer' }, undefined],
  ] as const)('%s', (_, answer, outcome) => {
    expect(outcomeOf(answer, 'debit')).toBe(outcome);
  });

  it.each([
    ['2001', answered(2001), undefined],
    ['3001 COMMAND_UNSUPPORTED', answered(3001), undefined],
    ['5012 UNABLE_TO_COMPLY', answered(5012), undefined],
    ['silence', { kind: 'silent', reason: 'tx' }, 'bad'],
  ] as const)('of a question only silence counts: %s', (_, answer, outcome) => {
    expect(outcomeOf(answer, 'balance')).toBe(outcome);
    expect(outcomeOf(answer, 'price')).toBe(outcome);
  });

  it('a question is no probe', () => {
    const half = tick(after('bbbb'), 500, SETTINGS);
    expect(admits(half, SETTINGS, 'balance')).toBe(false);
    expect(admits(half, SETTINGS, 'debit')).toBe(true);
    expect(admits(newBreaker(0, SETTINGS), SETTINGS, 'price')).toBe(true);
  });
});

describe('a breaker that tries again', () => {
  const open = after('bbbb');
  const trying = tick(open, SETTINGS.openFor, SETTINGS);

  it('has all its probes again after one that went badly', () => {
    const shut = after('b', SETTINGS.openFor, sending(trying));
    const again = tick(shut, 2 * SETTINGS.openFor, SETTINGS);
    expect([again.state, again.sent, admits(again, SETTINGS)]).toEqual(['half-open', 0, true]);
  });

  it('begins anew where probes stayed unanswered, and only once all were sent', () => {
    const one = sending(trying);
    expect(tick(one, 2 * SETTINGS.openFor, SETTINGS)).toBe(one);
    const half = after('g', SETTINGS.openFor, one);
    const anew = tick(half, 2 * SETTINGS.openFor, SETTINGS);
    expect(after('g', 2 * SETTINGS.openFor, anew).state).toBe('half-open');
    expect(after('gg', 2 * SETTINGS.openFor, anew).state).toBe('closed');
  });
});
