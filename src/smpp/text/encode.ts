import type { LinkSettings } from '../settings.ts';
import type { Gsm7Tables } from './gsm7.ts';
import { GSM7, septetsOf } from './gsm7.ts';
import { tablesFor } from './national.ts';

/** A text as units that may not be cut: a character, an escape pair, a surrogate pair. */
export interface EncodedText {
  readonly alphabet: 'default' | 'ucs2';
  readonly units: readonly EncodedUnit[];
  /** Information elements that every part's header must carry: the national tables used. */
  readonly elements: readonly number[];
}

export interface EncodedUnit {
  readonly octets: readonly number[];
  /** What it takes of a message: septets in the default alphabet, octets in UCS2. */
  readonly cost: number;
}

/** How a link writes texts. */
export interface Writing {
  readonly defaultAlphabet: LinkSettings['defaultAlphabet'];
  readonly national?: LinkSettings['national'];
}

/**
 * The default alphabet when every character fits it, else the link's national tables when they do, else UCS2. A
 * character must also be in GSM7 when the SMSC's default is Latin-1 or ASCII: the SMSC will turn it into GSM7. A letter and
 * its accent written apart (Unicode NFD) are the one letter that these alphabets have.
 */
export function encodeText(text: string, writing: Writing, ucs2 = false): EncodedText {
  if (ucs2) return inUcs2(text);
  const composed = Array.from(text.normalize('NFC'));
  const units = allOf(composed, unitIn(writing.defaultAlphabet, GSM7));
  if (units !== undefined) return { alphabet: 'default', units, elements: [] };
  return inNational(Array.from(text), writing) ?? inNational(composed, writing) ?? inUcs2(text);
}

function inUcs2(text: string): EncodedText {
  return { alphabet: 'ucs2', units: Array.from(text, ucs2Unit), elements: [] };
}

/** TS 23.040 9.2.3.24.15 and .16: IE 0x24 names the single shift table, 0x25 the locking one. */
function inNational(letters: readonly string[], { defaultAlphabet, national }: Writing): EncodedText | undefined {
  if (national === undefined || defaultAlphabet !== 'gsm7') return undefined;
  const { language, locking, single } = national;
  const tables = tablesFor(locking ? language : undefined, single ? language : undefined);
  const units = allOf(letters, unitIn('gsm7', tables));
  const elements = [...(single ? [0x24, 1, language] : []), ...(locking ? [0x25, 1, language] : [])];
  return units === undefined ? undefined : { alphabet: 'default', units, elements };
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

/** Units by what they are made from: a text is letters that came before. */
const known: Readonly<Record<LinkSettings['defaultAlphabet'], WeakMap<Gsm7Tables, Map<string, EncodedUnit>>>> = {
  gsm7: new WeakMap(),
  latin1: new WeakMap(),
  ascii: new WeakMap(),
};

function unitsOf(alphabet: LinkSettings['defaultAlphabet'], tables: Gsm7Tables): Map<string, EncodedUnit> {
  const units = known[alphabet].get(tables) ?? new Map<string, EncodedUnit>();
  known[alphabet].set(tables, units);
  return units;
}

const HIGHEST = { gsm7: 0x10ffff, latin1: 0xff, ascii: 0x7e } as const;

/** Bounded by the alphabet: a letter that it lacks is not kept. */
function unitIn(alphabet: LinkSettings['defaultAlphabet'], tables: Gsm7Tables) {
  const units = unitsOf(alphabet, tables);
  return (letter: string): EncodedUnit | undefined => {
    const found = units.get(letter) ?? defaultUnit(letter, alphabet, tables);
    if (found !== undefined) units.set(letter, found);
    return found;
  };
}

function defaultUnit(
  letter: string,
  alphabet: LinkSettings['defaultAlphabet'],
  tables: Gsm7Tables,
): EncodedUnit | undefined {
  const septets = septetsOf(letter, tables);
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
