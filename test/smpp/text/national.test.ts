import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeText } from '../../../src/smpp/text/decode.ts';
import { encodeText } from '../../../src/smpp/text/encode.ts';
import { decodeGsm7, GSM7, septetsOf } from '../../../src/smpp/text/gsm7.ts';
import { tablesFor } from '../../../src/smpp/text/national.ts';
import { splitText } from '../../../src/smpp/text/split.ts';
import { readUdh } from '../../../src/smpp/text/udh.ts';

const LANGUAGES = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13];

describe('national language tables (TS 23.038 Annex A)', () => {
  it.each(LANGUAGES)('language %i has 128 cells, and every letter comes back', (language) => {
    const tables = tablesFor(language, language);
    expect(Array.from(tables.basic)).toHaveLength(128);
    expect(tables.basic[0x1b]).toBe('\u001b');
    const letters = [...Array.from(tables.basic), ...Object.values(tables.extension)];
    const written = letters.filter((letter) => letter !== '\u001b' && letter !== '\uffff');
    for (const letter of written)
      expect(decodeGsm7(Uint8Array.from(septetsOf(letter, tables) ?? []), tables)).toBe(letter);
  });

  it('take a letter whose accent is written apart', () => {
    const national = { language: 1, locking: false, single: true };
    expect(encodeText('s\u0327ehir', { defaultAlphabet: 'gsm7', national })).toEqual(
      encodeText('\u015fehir', { defaultAlphabet: 'gsm7', national }),
    );
  });

  it.each<[number, 'locking' | 'single', number, number]>([
    [1, 'locking', 0x0b, 0x011e],
    [1, 'single', 0x69, 0x0131],
    [2, 'single', 0x09, 0x00e7],
    [3, 'locking', 0x5b, 0x00c3],
    [3, 'single', 0x12, 0x03a6],
    [4, 'locking', 0x00, 0x0981],
    [4, 'single', 0x19, 0x09e6],
    [4, 'single', 0x23, 0x09ef],
    [4, 'single', 0x34, 0x09fa],
    [5, 'locking', 0x7f, 0x0af1],
    [6, 'locking', 0x14, 0x0914],
    [6, 'locking', 0x3c, 0x0929],
    [6, 'locking', 0x60, 0x0950],
    [6, 'single', 0x19, 0x0964],
    [6, 'single', 0x26, 0x0951],
    [6, 'single', 0x3a, 0x0971],
    [7, 'single', 0x26, 0x0cde],
    [8, 'single', 0x34, 0x0d7f],
    [9, 'single', 0x2c, 0x0b71],
    [10, 'single', 0x2c, 0x0a5e],
    [10, 'locking', 0x7f, 0x0a74],
    [11, 'locking', 0x2f, 0x0ba8],
    [11, 'single', 0x2e, 0x0bfa],
    [12, 'single', 0x2f, 0x5c],
    [12, 'single', 0x32, 0x0c7f],
    [13, 'locking', 0x00, 0x0627],
    [13, 'locking', 0x60, 0x0654],
    [13, 'locking', 0x7f, 0x0670],
    [13, 'single', 0x3f, 0x06d4],
  ])('language %i %s has at %i U+%i', (language, kind, code, point) => {
    const letter = String.fromCodePoint(point);
    const tables = kind === 'locking' ? tablesFor(language) : tablesFor(0, language);
    expect(kind === 'locking' ? tables.basic[code] : tables.extension[code]).toBe(letter);
  });

  it('reads a hole as a space and an unknown language as the default', () => {
    expect(decodeGsm7(Uint8Array.from([0x00]), tablesFor(11))).toBe(' ');
    expect(tablesFor(99, 99)).toEqual(GSM7);
    expect(tablesFor()).toBe(GSM7);
    expect(septetsOf(' ', tablesFor(11, 11))).toEqual([0x20]);
  });

  it('never writes a hole', () => {
    expect(septetsOf('\uffff', tablesFor(11, 11))).toBeUndefined();
    expect(
      encodeText('\uffff', { defaultAlphabet: 'gsm7', national: { language: 11, locking: true, single: false } }),
    ).toMatchObject({ alphabet: 'ucs2' });
  });
});

describe('writing with national tables', () => {
  const turkish = { defaultAlphabet: 'gsm7', national: { language: 1, locking: false, single: true } } as const;

  it('is tried after the default alphabet and before UCS2', () => {
    expect(encodeText('merhaba', turkish)).toMatchObject({ alphabet: 'default', elements: [] });
    expect(encodeText('şifre', turkish)).toMatchObject({ alphabet: 'default', elements: [0x24, 1, 1] });
    expect(encodeText('şифр', turkish)).toMatchObject({ alphabet: 'ucs2', elements: [] });
  });

  it('costs a header in every part: 155 septets whole, 149 in a part', () => {
    const partsOf = (count: number) => splitText(encodeText(`ş${'a'.repeat(count - 2)}`, turkish), 'sar', () => 7);
    expect(partsOf(155)).toHaveLength(1);
    expect(partsOf(155)[0]?.shortMessage.toString('hex').slice(0, 12)).toBe('032401011b73');
    expect(partsOf(156)).toHaveLength(2);
    expect(partsOf(149 * 2)).toHaveLength(2);
    expect(partsOf(149 * 2 + 1)).toHaveLength(3);
  });

  it('comes back in every language, part by part', () => {
    const language = fc.constantFrom(...LANGUAGES);
    const codes = fc.array(fc.nat(127), { minLength: 1, maxLength: 400 });
    fc.assert(
      fc.property(language, codes, (id, all) => {
        const tables = tablesFor(id, id);
        const text = all
          .map((code, at) => (at % 3 === 0 ? tables.extension[code] : tables.basic[code]) ?? 'x')
          .filter((letter) => letter !== '\u001b' && letter !== '\uffff')
          .join('');
        const encoded = encodeText(text, {
          defaultAlphabet: 'gsm7',
          national: { language: id, locking: true, single: true },
        });
        expect(encoded.alphabet).toBe('default');
        const texts = splitText(encoded, 'udh8', () => 1).map((part) => {
          const read = (part.esmClass & 0x40) === 0 ? undefined : readUdh(part.shortMessage);
          const { locking, single } = read?.header ?? {};
          return decodeText(read?.rest ?? part.shortMessage, 'gsm7', tablesFor(locking, single));
        });
        expect(texts.join('')).toBe(text);
      }),
    );
  });
});
