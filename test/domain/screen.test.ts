import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { menuPages, textPages } from '../../src/domain/screen.ts';

/** A screen of so many letters. */
const wide =
  (most: number) =>
  (text: string): boolean =>
    text.length <= most;

const word = fc.stringMatching(/^[A-Za-z0-9]{1,12}$/);
const words = fc.array(word, { minLength: 1, maxLength: 60 }).map((all) => all.join(' '));

describe('pages of a menu', () => {
  const layout = fc.record({
    head: fc.stringMatching(/^[A-Za-z ]{0,60}$/),
    rows: fc.array(fc.stringMatching(/^[A-Za-z][A-Za-z ]{0,59}$/), { maxLength: 40 }),
    more: fc.constant('98 More'),
    back: fc.option(fc.constant('0 Back'), { nil: undefined }),
  });

  it('each fits, and together they show every row once, in order, under the number of its place', () => {
    fc.assert(
      fc.property(layout, fc.integer({ min: 60, max: 182 }), (menu, most) => {
        const pages = menuPages(menu, wide(most));
        let next = 0;
        pages.forEach(({ text, first, count }, index) => {
          expect(text.length).toBeLessThanOrEqual(most);
          expect(first).toBe(next);
          next += count;
          const lines = text.split('\n');
          for (let row = first; row < first + count; row += 1)
            expect(lines.some((line) => line.startsWith(`${row + 1} ${(menu.rows[row] ?? '').slice(0, 1)}`))).toBe(
              true,
            );
          expect(lines.includes(menu.more)).toBe(index < pages.length - 1);
          if (menu.back !== undefined) expect(lines.at(-1)).toBe(menu.back);
        });
        expect(next).toBe(menu.rows.length);
      }),
    );
  });

  it('ends also where nothing fits', () => {
    const pages = menuPages({ head: 'head', rows: ['a', 'b'], more: 'more', back: 'back' }, () => false);
    expect(pages.map(({ first, count }) => [first, count])).toEqual([
      [0, 1],
      [1, 1],
    ]);
  });
});

describe('pages of a text', () => {
  const lines = { more: '98 More', foot: ['1 Yes', '2 No'] };

  it('each fits, no word is cut or lost, and only the last has the keys of the answer', () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 40, max: 182 }), (text, most) => {
        const pages = textPages(text, lines, wide(most));
        for (const page of pages) expect(page.length).toBeLessThanOrEqual(most);
        const bodies = pages.map((page, index) => {
          const foot = index < pages.length - 1 ? `\n${lines.more}` : `\n${lines.foot.join('\n')}`;
          expect(page.endsWith(foot)).toBe(true);
          return page.slice(0, -foot.length);
        });
        expect(bodies.join(' ')).toBe(text);
      }),
    );
  });

  it('never cuts a code in two, wherever it stands', () => {
    fc.assert(
      fc.property(words, fc.stringMatching(/^\d{6}$/), words, (before, code, after) => {
        const pages = textPages(`${before} ${code} ${after}`, lines, wide(60));
        expect(pages.some((page) => page.split(/\s/).includes(code))).toBe(true);
      }),
    );
  });

  it('never cuts a letter of two UTF-16 units, and a word without end is cut', () => {
    const pages = textPages('😀'.repeat(100), lines, wide(41));
    expect(pages.length).toBeGreaterThan(1);
    for (const page of pages) expect(Buffer.from(page).toString()).toBe(page);
    const letters = pages.flatMap((page) => Array.from(page).filter((letter) => letter === '😀'));
    expect(letters).toHaveLength(100);
  });

  it('ends also where nothing fits', () => {
    expect(textPages('abc', lines, () => false).length).toBeGreaterThan(0);
  });
});
