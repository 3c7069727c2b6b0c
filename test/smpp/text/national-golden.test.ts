import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeGsm7, septetsOf } from '../../../src/smpp/text/gsm7.ts';
import { tablesFor } from '../../../src/smpp/text/national.ts';

const FOLDER = new URL('../../golden/gsm7/', import.meta.url);
const [HOLE, ESCAPE] = [0xffff, 0x1b];

interface Cell {
  readonly septets: readonly number[];
  readonly point: number;
}

/** `08: 00e0 ...` are the codes from 08 on; `1b 14: 005e` is one code behind the escape. */
function cellsOf(file: string): readonly Cell[] {
  const text = readFileSync(new URL(file, FOLDER), 'utf8').replace(/\s*#.*$/gm, '');
  return text.split('\n').flatMap((line) => {
    const [codes = '', points = ''] = line.split(': ');
    const septets = codes.split(' ').map((code) => Number.parseInt(code, 16));
    const last = septets.pop() ?? 0;
    return points
      .split(' ')
      .filter((point) => point !== '')
      .map((point, at) => ({ septets: [...septets, last + at], point: Number.parseInt(point, 16) }));
  });
}

describe.each(readdirSync(FOLDER))('the national language tables of %s', (file) => {
  const tables = tablesFor(Number.parseInt(file, 16), Number.parseInt(file, 16));
  const cells = cellsOf(file);
  const letters = cells.filter(({ septets, point }) => point !== HOLE && septets[0] !== undefined && point !== ESCAPE);

  it('are whole: 128 codes, and those behind the escape', () => {
    expect(cells.filter(({ septets }) => septets.length === 1).map(({ septets: [code] }) => code)).toEqual([
      ...Array(128).keys(),
    ]);
    expect(cells.filter(({ septets }) => septets.length === 2)).toHaveLength(Object.keys(tables.extension).length);
  });

  it('read each code as its letter, and a hole as a space', () => {
    const read = letters.map(({ septets }) => decodeGsm7(Uint8Array.from(septets), tables).codePointAt(0));
    expect(read).toEqual(letters.map(({ point }) => point));
    for (const { septets } of cells.filter(({ point }) => point === HOLE))
      expect(decodeGsm7(Uint8Array.from(septets), tables)).toBe(' ');
  });

  it('write each letter as a code that has it', () => {
    for (const { point } of letters) {
      const written = septetsOf(String.fromCodePoint(point), tables);
      expect(letters.some((cell) => cell.point === point && String(cell.septets) === String(written))).toBe(true);
    }
  });
});
