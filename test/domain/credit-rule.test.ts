import { expect, it } from 'vitest';
import type { CountOf, CreditRule } from '../../src/domain/credit-rule.ts';
import { ruleSpeaks } from '../../src/domain/credit-rule.ts';

const HOUR = 3_600_000;
const rule: CreditRule = {
  name: 'complaints',
  counts: 'complaint',
  of: 'ordered',
  percent: 10,
  least: 2,
  window: 24 * HOUR,
  points: -8,
  coolDown: HOUR,
  lasts: HOUR,
};

it('a rule speaks from its least number and its share on, both of its own window', () => {
  const says = (found: number, all: number) => {
    const count: CountOf = (signal, window) => (window !== rule.window ? 0 : signal === 'ordered' ? all : found);
    return ruleSpeaks(rule, count);
  };
  expect(says(2, 20)).toBe('2 complaint of 20 ordered within 24 h');
  expect([says(2, 21), says(1, 1)]).toEqual([undefined, undefined]);
});
