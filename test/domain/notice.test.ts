import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listText, LONGEST_ARG } from '../../src/domain/notice.ts';

const more = (left: number): string => `and ${left} more`;

describe('a list of services in a text', () => {
  it('is whole where it fits', () => {
    expect(listText([], more)).toBe('');
    expect(listText(['NEWS', 'GOLD'], more)).toBe('NEWS, GOLD');
    const full = ['a'.repeat(149), 'b'.repeat(149)];
    expect(listText(full, more)).toBe(full.join(', '));
  });

  it('is cut behind a whole item and tells how many more there are', () => {
    const nine = Array.from({ length: 9 }, (_, i) => `${i + 1} Gold Price Alerts KES 20.00 a week (GOLD${i + 1})`);
    expect(listText(nine, more)).toBe(`${nine.slice(0, 6).join(', ')}, and 3 more`);
  });

  it('never is longer than a text takes, shows whole items alone and leaves none uncounted', () => {
    const items = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', ' '), minLength: 1, maxLength: 120 }), {
      maxLength: 200,
    });
    fc.assert(
      fc.property(items, (given) => {
        const text = listText(given, more);
        const [, left = '0'] = /and (\d+) more$/.exec(text) ?? [];
        const shown = given.slice(0, given.length - Number(left));
        expect(text).toBe([...shown, ...(left === '0' ? [] : [more(Number(left))])].join(', '));
        expect(text.length).toBeLessThanOrEqual(LONGEST_ARG);
      }),
    );
  });
});
