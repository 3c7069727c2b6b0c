import type { LinkSettings } from '../settings.ts';
import type { Gsm7Tables } from './gsm7.ts';
import { decodeGsm7, GSM7 } from './gsm7.ts';

/** How the octets of a text are to be read. */
export type Alphabet =
  | 'gsm7'
  | 'latin1'
  | 'ascii'
  | 'ucs2'
  | 'octets'
  | 'iso-8859-5'
  | 'iso-8859-8'
  | 'shift_jis'
  | 'iso-2022-jp'
  | 'euc-jp'
  | 'euc-kr';

/**
 * SMPP 3.4 5.2.19 values below 0x10. Pictograms (9) are letters of Shift JIS, and of what holds JIS X 0212 (13) only EUC has a decoder;
 * both leave ASCII as it is. What SMPP reserves is read by TS 23.038 section 4: 11 as UCS2, what that reserves too as GSM 7-bit.
 */
const SMPP_CODINGS: Readonly<Record<number, Alphabet>> = {
  1: 'ascii',
  2: 'octets',
  3: 'latin1',
  4: 'octets',
  5: 'shift_jis',
  6: 'iso-8859-5',
  7: 'iso-8859-8',
  8: 'ucs2',
  9: 'shift_jis',
  10: 'iso-2022-jp',
  11: 'ucs2',
  12: 'gsm7',
  13: 'euc-jp',
  14: 'euc-kr',
  15: 'gsm7',
};

/** Bits 3 and 2 of the general data coding groups (TS 23.038 section 4); the last is reserved. */
const GENERAL: readonly Alphabet[] = ['gsm7', 'octets', 'ucs2', 'gsm7'];

/** TS 23.038 section 4 by the high four bits from 8: reserved, message waiting (C, D, E), data coding with class (F). */
const GROUPS: readonly (readonly Alphabet[])[] = [
  ['gsm7', 'gsm7'],
  ['gsm7', 'gsm7'],
  ['gsm7', 'gsm7'],
  ['gsm7', 'gsm7'],
  ['gsm7', 'gsm7'],
  ['gsm7', 'gsm7'],
  ['ucs2', 'ucs2'],
  ['gsm7', 'octets'],
];

/** Which alphabet a data_coding names at a link; 0 is the SMSC's own default (5.2.19). */
export function alphabetOf(dataCoding: number, defaultAlphabet: LinkSettings['defaultAlphabet']): Alphabet {
  if (dataCoding === 0) return defaultAlphabet;
  if (dataCoding < 0x10) return SMPP_CODINGS[dataCoding] ?? 'octets';
  if (dataCoding < 0x80) return GENERAL[(dataCoding >> 2) & 3] ?? 'octets';
  return GROUPS[(dataCoding >> 4) - 8]?.[(dataCoding >> 2) & 1] ?? 'octets';
}

/** Text of the octets, or undefined for what is not text. Never throws: what cannot be read becomes U+FFFD. */
export function decodeText(data: Buffer, alphabet: Alphabet, tables: Gsm7Tables = GSM7): string | undefined {
  switch (alphabet) {
    case 'octets':
      return undefined;
    case 'gsm7':
      return decodeGsm7(data, tables);
    case 'ascii':
    case 'latin1':
      return data.toString('latin1');
    case 'ucs2':
      return decodeUtf16(data);
    default:
      return new TextDecoder(alphabet).decode(data);
  }
}

/**
 * UCS2 is big-endian (SMPP 5.2.19, TS 23.038); handsets send UTF-16 in it. A byte order mark decides, and an odd
 * number of octets that are all printable ASCII is text that a peer flagged wrongly.
 */
function decodeUtf16(data: Buffer): string {
  if (data.length % 2 === 1 && data.every((octet) => octet < 0x7f && (octet >= 0x20 || octet === 10 || octet === 13)))
    return data.toString('latin1');
  if (data.length >= 2 && data[0] === 0xff && data[1] === 0xfe) return new TextDecoder('utf-16le').decode(data);
  return new TextDecoder('utf-16be').decode(data);
}
