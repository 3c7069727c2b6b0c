import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRecent } from '../../src/lib/recent.ts';

describe('what was set last', () => {
  it('is there until as many others were set', () => {
    const recent = createRecent<number, string>(3);
    for (let key = 1; key <= 6; key++) recent.set(key, `v${key}`);
    expect(recent.get(1)).toBe('v1');
    recent.set(7, 'v7');
    expect([1, 2, 3, 4, 7].map((key) => recent.get(key))).toEqual([undefined, undefined, undefined, 'v4', 'v7']);
  });

  it('is not pushed out by what was there before', () => {
    const recent = createRecent<number, string>(2);
    for (const key of [1, 2, 1, 2, 1, 2]) recent.set(key, `v${key}`);
    recent.set(3, 'v3');
    expect([1, 2, 3].map((key) => recent.get(key))).toEqual(['v1', 'v2', 'v3']);
  });

  it('is gone when it is deleted or all is cleared, in whichever generation', () => {
    const recent = createRecent<number, string>(2);
    for (const key of [1, 2, 3]) recent.set(key, `v${key}`);
    recent.set(1, 'newer');
    recent.delete(1);
    expect([1, 2, 3].map((key) => recent.get(key))).toEqual([undefined, 'v2', 'v3']);
    recent.clear();
    expect([2, 3].map((key) => recent.get(key))).toEqual([undefined, undefined]);
  });

  it('always holds the last keys, and no more than twice those', () => {
    const keys = fc.array(fc.nat({ max: 30 }), { maxLength: 200 });
    fc.assert(
      fc.property(keys, fc.integer({ min: 1, max: 10 }), (set, most) => {
        const recent = createRecent<number, number>(most);
        for (const [at, key] of set.entries()) recent.set(key, at);
        const newest = [...new Set([...set].reverse())];
        for (const key of newest.slice(0, most)) expect(recent.get(key)).toBe(set.lastIndexOf(key));
        const held = newest.filter((key) => recent.get(key) !== undefined);
        expect(held.length).toBeLessThanOrEqual(2 * most);
        for (const key of held) expect(recent.get(key)).toBe(set.lastIndexOf(key));
      }),
    );
  });
});
