// National language shift tables of 3GPP TS 23.038 annex A, as differences from the default ones.
import type { Alphabet } from './gsm7.ts';
import { DEFAULT_ALPHABET } from './gsm7.ts';
import type { Element } from './udh.ts';
import { IE } from './udh.ts';

/** National Language Identifiers: 1 Turkish, 2 Spanish, 3 Portuguese. */
export const LANGUAGES = [1, 2, 3] as const;
export type Language = (typeof LANGUAGES)[number];

export interface Shift {
  readonly locking?: Language | undefined;
  readonly single?: Language | undefined;
}

type Row = readonly (readonly [number, string])[];

/** Characters at consecutive septets from `first`. */
const run = (first: number, chars: string): Row => Array.from(chars, (char, index) => [first + index, char] as const);

/** A.3.1 and A.3.3; Spanish has none. */
const LOCKING: Readonly<Record<Language, Row>> = {
  1: [
    ...run(0x04, '€'),
    ...run(0x07, 'ı'),
    ...run(0x0b, 'Ğğ'),
    ...run(0x1c, 'Şş'),
    ...run(0x40, 'İ'),
    ...run(0x60, 'ç'),
  ],
  2: [],
  3: [
    ...run(0x04, 'êéúíóç'),
    ...run(0x0b, 'Ôô'),
    ...run(0x0e, 'Áá'),
    ...run(0x12, 'ªÇÀ∞^\\€Ó|'),
    ...run(0x1c, 'ÂâÊ'),
    ...run(0x24, 'º'),
    ...run(0x40, 'Í'),
    ...run(0x5b, 'ÃÕÚ'),
    ...run(0x60, '~'),
    ...run(0x7b, 'ãõ`'),
  ],
};

/** A.2.1 to A.2.3: what they add to the default extension table. */
const SINGLE: Readonly<Record<Language, Row>> = {
  1: [
    [0x47, 'Ğ'],
    [0x49, 'İ'],
    [0x53, 'Ş'],
    [0x63, 'ç'],
    [0x67, 'ğ'],
    [0x69, 'ı'],
    [0x73, 'ş'],
  ],
  2: [
    [0x09, 'ç'],
    [0x41, 'Á'],
    [0x49, 'Í'],
    [0x4f, 'Ó'],
    [0x55, 'Ú'],
    [0x61, 'á'],
    [0x69, 'í'],
    [0x6f, 'ó'],
    [0x75, 'ú'],
  ],
  3: [
    [0x05, 'ê'],
    [0x09, 'ç'],
    ...run(0x0b, 'Ôô'),
    ...run(0x0e, 'Áá'),
    ...run(0x12, 'ΦΓ'),
    ...run(0x15, 'ΩΠΨΣΘ'),
    [0x1f, 'Ê'],
    [0x41, 'À'],
    [0x49, 'Í'],
    [0x4f, 'Ó'],
    [0x55, 'Ú'],
    ...run(0x5b, 'ÃÕ'),
    [0x61, 'Â'],
    [0x69, 'í'],
    [0x6f, 'ó'],
    [0x75, 'ú'],
    ...run(0x7b, 'ãõ'),
    [0x7f, 'â'],
  ],
};

export function alphabetOf({ locking, single }: Shift): Alphabet {
  if (locking === undefined && single === undefined) return DEFAULT_ALPHABET;
  const differs = new Map(locking === undefined ? [] : LOCKING[locking]);
  return {
    locking: DEFAULT_ALPHABET.locking.map((char, septet) => differs.get(septet) ?? char),
    single: new Map([...DEFAULT_ALPHABET.single, ...(single === undefined ? [] : SINGLE[single])]),
  };
}

const element = (id: number, language: Language | undefined): Element[] =>
  language === undefined ? [] : [{ id, octets: Uint8Array.of(language) }];

/** Each costs three octets of every part (TS 23.040 section 9.2.3.24.15 and .16). */
export const shiftElements = ({ locking, single }: Shift): Element[] => [
  ...element(IE.singleShift, single),
  ...element(IE.lockingShift, locking),
];

/** A language this table lacks reads as none: TS 23.038 section 6.2.1.2.4 falls back to the default alphabet. */
export function shiftOf(elements: readonly Element[]): Shift {
  const language = (id: number): Language | undefined => {
    const octet = elements.find((each) => each.id === id)?.octets[0];
    return LANGUAGES.find((known) => known === octet);
  };
  return { locking: language(IE.lockingShift), single: language(IE.singleShift) };
}
