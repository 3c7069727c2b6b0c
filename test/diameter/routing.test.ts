import { describe, expect, test } from 'vitest';
import { choose } from '../../src/diameter/routing.ts';

const candidate = (
  name: string,
  priority: number,
  weight = 1,
): { name: string; priority: number; weight: number; credit: number } => ({
  name,
  priority,
  weight,
  credit: 0,
});

function turns(candidates: readonly ReturnType<typeof candidate>[], count: number): string {
  return Array.from({ length: count }, () => choose(candidates)?.name ?? '-').join('');
}

describe('which peer takes the next charge', () => {
  test('none of none', () => {
    expect(turns([], 1)).toBe('-');
  });
  test('the lowest priority number', () => {
    expect(turns([candidate('b', 2), candidate('a', 1)], 3)).toBe('aaa');
  });
  test('equals take turns', () => {
    expect(turns([candidate('a', 1), candidate('b', 1)], 4)).toBe('abab');
  });
  test('turns go by weight among those of the lowest priority, whoever stands behind them', () => {
    expect(turns([candidate('a', 1, 3), candidate('b', 1), candidate('c', 2, 10)], 8)).toMatch(/^(?=(?:a*b){2}a*$)/);
  });
  test('turns go by weight, spread out', () => {
    expect(turns([candidate('a', 1, 3), candidate('b', 1, 1)], 8)).toBe('aabaaaba');
  });
  test('a resend goes to the next priority, and round again (RFC 8506 6.5)', () => {
    const peers = [candidate('a', 1), candidate('b', 2), candidate('c', 3)];
    expect([0, 1, 2, 3].map((resends) => choose(peers, resends)?.name)).toEqual(['a', 'b', 'c', 'a']);
    expect(choose([candidate('a', 1)], 1)?.name).toBe('a');
  });
});
