// Text to short_message octets and back, in one part or many.
import type { Charset } from './data-coding.ts';
import type { Alphabet } from './gsm7.ts';
import { decodeSeptets, DEFAULT_ALPHABET, encodeSeptets } from './gsm7.ts';

const swap = (octets: Uint8Array): Buffer => Buffer.from(octets).swap16();

/** An odd octet at the end of UCS2 is dropped: it cannot be a character. */
export function decodeText(octets: Uint8Array, charset: Charset, alphabet: Alphabet = DEFAULT_ALPHABET): string {
  switch (charset) {
    case 'gsm7':
      return decodeSeptets(octets, alphabet);
    case 'ucs2':
      return swap(octets.subarray(0, octets.length - (octets.length % 2))).toString('utf16le');
    case 'ascii':
    case 'latin1':
      return Buffer.from(octets).toString('latin1');
    case 'octets':
      return Buffer.from(octets).toString('hex');
  }
}

/** Characters as the charset's octets, one byte each, where none lies beyond `limit`. */
function encodeBytes(text: string, limit: number): number[][] | undefined {
  const codes = Array.from(text, (char) => char.codePointAt(0) ?? 0);
  return codes.every((code) => code <= limit) ? codes.map((code) => [code]) : undefined;
}

function encodeHex(text: string): number[][] | undefined {
  if (!/^([0-9a-fA-F]{2})*$/.test(text)) return undefined;
  return [...Buffer.from(text, 'hex')].map((octet) => [octet]);
}

/** The octets of each character, so that a split never falls inside one; undefined when the charset lacks a character. */
export function encodeChars(
  text: string,
  charset: Charset,
  alphabet: Alphabet = DEFAULT_ALPHABET,
): number[][] | undefined {
  switch (charset) {
    case 'gsm7':
      return encodeSeptets(text, alphabet);
    case 'ucs2':
      return Array.from(text, (char) => [...swap(Buffer.from(char, 'utf16le'))]);
    case 'ascii':
      return encodeBytes(text, 0x7f);
    case 'latin1':
      return encodeBytes(text, 0xff);
    case 'octets':
      return encodeHex(text);
  }
}

/** Room in one SMS: 140 octets of user data (TS 23.040), which is 160 unpacked septets. */
function room(charset: Charset, headerOctets: number): number {
  const octets = 140 - headerOctets;
  if (charset === 'gsm7') return Math.floor((octets * 8) / 7);
  return charset === 'ucs2' ? octets - (octets % 2) : octets;
}

export interface SplitRule {
  readonly charset: Charset;
  /** Octets of the header that every part carries when there are several, its length octet counted. */
  readonly headerOctets: number;
  /** Octets of the header that even a single part carries (national shifts); 0 when there is none. */
  readonly fixedOctets: number;
}

/** Groups whole characters into parts that each fit one SMS. */
export function splitChars(chars: readonly (readonly number[])[], rule: SplitRule): Uint8Array[] {
  const octets = chars.reduce((sum, char) => sum + char.length, 0);
  const single = octets <= room(rule.charset, rule.fixedOctets);
  const limit = single ? octets : room(rule.charset, rule.headerOctets);
  const parts: number[][] = [[]];
  for (const char of chars) {
    let last = parts[parts.length - 1] ?? [];
    if (last.length + char.length > limit) {
      last = [];
      parts.push(last);
    }
    last.push(...char);
  }
  return parts.map((part) => Uint8Array.from(part));
}
