import type { LinkSettings } from '../settings.ts';
import { septetsOf } from './gsm7.ts';

/** A text as units that may not be cut: a character, an escape pair, a surrogate pair. */
export interface EncodedText {
  readonly alphabet: 'default' | 'ucs2';
  readonly units: readonly EncodedUnit[];
}

export interface EncodedUnit {
  readonly octets: readonly number[];
  /** What it takes of a message: septets in the default alphabet, octets in UCS2. */
  readonly cost: number;
}

/**
 * The default alphabet when every character fits it, else UCS2. A character must also be in GSM7 when the SMSC's
 * default is Latin-1 or ASCII: the SMSC will turn it into GSM7 for the air.
 */
export function encodeText(text: string, alphabet: LinkSettings['defaultAlphabet'], ucs2 = false): EncodedText {
  const letters = Array.from(text);
  const units = ucs2 ? undefined : allOf(letters, (letter) => defaultUnit(letter, alphabet));
  return units === undefined ? { alphabet: 'ucs2', units: letters.map(ucs2Unit) } : { alphabet: 'default', units };
}

function allOf(
  letters: readonly string[],
  unitOf: (letter: string) => EncodedUnit | undefined,
): readonly EncodedUnit[] | undefined {
  const units: EncodedUnit[] = [];
  for (const letter of letters) {
    const unit = unitOf(letter);
    if (unit === undefined) return undefined;
    units.push(unit);
  }
  return units;
}

const HIGHEST = { gsm7: 0x10ffff, latin1: 0xff, ascii: 0x7e } as const;

function defaultUnit(letter: string, alphabet: LinkSettings['defaultAlphabet']): EncodedUnit | undefined {
  const septets = septetsOf(letter);
  if (septets === undefined) return undefined;
  const code = letter.codePointAt(0) ?? 0;
  if (code > HIGHEST[alphabet]) return undefined;
  return { octets: alphabet === 'gsm7' ? septets : [code], cost: septets.length };
}

function ucs2Unit(letter: string): EncodedUnit {
  const octets: number[] = [];
  for (let at = 0; at < letter.length; at++) {
    const unit = letter.charCodeAt(at);
    octets.push(unit >> 8, unit & 0xff);
  }
  return { octets, cost: octets.length };
}
