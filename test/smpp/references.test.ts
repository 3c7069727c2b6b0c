import { describe, expect, it } from 'vitest';
import { References } from '../../src/smpp/references.ts';

describe('concatenation references', () => {
  it('count up per destination from a random start, and wrap', () => {
    const references = new References(() => Uint8Array.from([0xff, 0xfe]));
    expect([1, 2, 3].map(() => references.next('a'))).toEqual([65_534, 65_535, 0]);
    expect(references.next('b')).toBe(65_534);
  });

  it('remember a bounded number of destinations, the latest ones', () => {
    let drawn = 0;
    const references = new References(() => {
      drawn += 1;
      return Uint8Array.from([0, 1]);
    });
    for (let count = 0; count < 20_001; count++) references.next(String(count));
    expect(references.next('20000')).toBe(2);
    expect(drawn).toBe(20_001);
    expect(references.next('0')).toBe(1);
    expect(drawn).toBe(20_002);
  });
});
