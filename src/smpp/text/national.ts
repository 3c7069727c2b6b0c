import type { Gsm7Tables } from './gsm7.ts';
import { GSM7, HOLE } from './gsm7.ts';
import { INDIC, URDU } from './national-tables.ts';

/**
 * National language tables of 3GPP TS 23.038 6.2.1.2.4 and Annex A: 1 Turkish, 2 Spanish, 3 Portuguese, 4 Bengali,
 * 5 Gujarati, 6 Hindi, 7 Kannada, 8 Malayalam, 9 Oriya, 10 Punjabi, 11 Tamil, 12 Telugu, 13 Urdu.
 */

type Cells = Readonly<Record<number, string>>;

const TURKISH_LOCKING: Cells = {
  0x04: '€',
  0x07: 'ı',
  0x0b: 'Ğ',
  0x0c: 'ğ',
  0x1c: 'Ş',
  0x1d: 'ş',
  0x40: 'İ',
  0x60: 'ç',
};
const TURKISH_SINGLE: Cells = { 0x47: 'Ğ', 0x49: 'İ', 0x53: 'Ş', 0x63: 'ç', 0x67: 'ğ', 0x69: 'ı', 0x73: 'ş' };

const SPANISH_SINGLE: Cells = {
  0x09: 'ç', 0x41: 'Á', 0x49: 'Í', 0x4f: 'Ó', 0x55: 'Ú', 0x61: 'á', 0x69: 'í', 0x6f: 'ó', 0x75: 'ú',
}; // prettier-ignore

const PORTUGUESE_LOCKING: Cells = {
  0x04: 'ê', 0x06: 'ú', 0x07: 'í', 0x08: 'ó', 0x09: 'ç', 0x0b: 'Ô', 0x0c: 'ô', 0x0e: 'Á', 0x0f: 'á', 0x12: 'ª', 0x13: 'Ç',
  0x14: 'À', 0x15: '∞', 0x16: '^', 0x17: '\\', 0x18: '€', 0x19: 'Ó', 0x1a: '|', 0x1c: 'Â', 0x1d: 'â', 0x1e: 'Ê', 0x24: 'º',
  0x40: 'Í', 0x5b: 'Ã', 0x5c: 'Õ', 0x5d: 'Ú', 0x60: '~', 0x7b: 'ã', 0x7c: 'õ', 0x7d: '`',
}; // prettier-ignore

const PORTUGUESE_SINGLE: Cells = {
  0x05: 'ê', 0x09: 'ç', 0x0b: 'Ô', 0x0c: 'ô', 0x0e: 'Á', 0x0f: 'á', 0x12: 'Φ', 0x13: 'Γ', 0x15: 'Ω', 0x16: 'Π', 0x17: 'Ψ',
  0x18: 'Σ', 0x19: 'Θ', 0x1f: 'Ê', 0x41: 'À', 0x49: 'Í', 0x4f: 'Ó', 0x55: 'Ú', 0x5b: 'Ã', 0x5c: 'Õ', 0x61: 'Â', 0x69: 'í',
  0x6f: 'ó', 0x75: 'ú', 0x7b: 'ã', 0x7c: 'õ', 0x7f: 'â',
}; // prettier-ignore

function changed(basic: string, cells: Cells): string {
  return Array.from(basic, (letter, code) => cells[code] ?? letter).join('');
}

const LOCKING: Readonly<Record<number, string>> = {
  1: changed(GSM7.basic, TURKISH_LOCKING),
  3: changed(GSM7.basic, PORTUGUESE_LOCKING),
  ...Object.fromEntries(INDIC.map(({ language, locking }) => [language, locking])),
  13: URDU.locking,
};

const SINGLE: Readonly<Record<number, Cells>> = {
  1: { ...GSM7.extension, ...TURKISH_SINGLE },
  2: { ...GSM7.extension, ...SPANISH_SINGLE },
  3: { ...GSM7.extension, ...PORTUGUESE_SINGLE },
  ...Object.fromEntries(INDIC.map(({ language, single }) => [language, single])),
  13: URDU.single,
};

/** At most one pair per two octets of a header: bounded. */
const made = new Map([['0/0', GSM7]]);

/** The tables for a header's languages; a language without such a table means the default one (6.2.1.2.4). */
export function tablesFor(locking = 0, single = 0): Gsm7Tables {
  const key = `${locking}/${single}`;
  const tables = made.get(key) ?? {
    basic: LOCKING[locking] ?? GSM7.basic,
    extension: withoutHoles(SINGLE[single] ?? GSM7.extension),
  };
  made.set(key, tables);
  return tables;
}

function withoutHoles(cells: Cells): Cells {
  return Object.fromEntries(Object.entries(cells).filter(([, letter]) => letter !== HOLE));
}
