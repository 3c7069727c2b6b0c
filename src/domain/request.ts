import type { ChannelName } from './channel.ts';
import { CHANNELS } from './channel.ts';

/** What an MO means. `keyword` is folded; the catalogue decides whether it names a service. */
export type Request =
  | { readonly kind: 'order'; readonly keyword: string; readonly channel: ChannelName | undefined }
  /** YES, or YES <keyword> when several orders wait. */
  | { readonly kind: 'confirm'; readonly keyword: string | undefined }
  | { readonly kind: 'refuse' }
  | { readonly kind: 'code'; readonly code: string }
  | { readonly kind: 'stop'; readonly keyword: string | undefined }
  | { readonly kind: 'stop-all' }
  | { readonly kind: 'list' }
  | { readonly kind: 'status' }
  | { readonly kind: 'help' }
  | { readonly kind: 'channel'; readonly channel: ChannelName }
  | { readonly kind: 'complain'; readonly words: string }
  | { readonly kind: 'empty' };

/** Folded words of one or several languages, from the message files. */
export interface RequestWords {
  readonly yes: ReadonlySet<string>;
  readonly no: ReadonlySet<string>;
  readonly stop: ReadonlySet<string>;
  readonly all: ReadonlySet<string>;
  readonly list: ReadonlySet<string>;
  readonly status: ReadonlySet<string>;
  readonly help: ReadonlySet<string>;
  readonly channel: ReadonlySet<string>;
  readonly via: ReadonlySet<string>;
  readonly complain: ReadonlySet<string>;
}

/** Letters that other alphabets draw alike, so that a Cyrillic "NEWS" still orders. */
const ALIKE: Readonly<Record<string, string>> = {
  а: 'a', в: 'b', с: 'c', е: 'e', н: 'h', і: 'i', к: 'k', м: 'm', о: 'o', р: 'p', ѕ: 's', т: 't', х: 'x', у: 'y',
  α: 'a', β: 'b', ε: 'e', η: 'h', ι: 'i', κ: 'k', μ: 'm', ν: 'n', ο: 'o', ρ: 'p', τ: 't', χ: 'x', υ: 'y', ζ: 'z',
}; // prettier-ignore

const INVISIBLE = /[\p{Cf}\p{Cc}\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0]/gu;
const EDGES = /^[\p{P}\p{S}]+|[\p{P}\p{S}]+$/gu;

/** One word as it is compared: NFKC (full-width digits and letters), case-folded, bare of invisible marks and edge punctuation. */
export function foldWord(word: string): string {
  const bare = word.normalize('NFKC').replace(INVISIBLE, '').toLowerCase().replace(EDGES, '');
  return asciiDigits(mixedScript(bare) ? bare.replace(/./gu, (letter) => ALIKE[letter] ?? letter) : bare);
}

/** Only a word that could be read as Latin is mapped: a Russian word stays Russian. */
function mixedScript(word: string): boolean {
  return Array.from(word).every((letter) => letter <= '\u007f' || ALIKE[letter] !== undefined);
}

/** Decimal digits of any script to 0-9: Unicode lays each script's ten digits out in order. */
function asciiDigits(word: string): string {
  return word.replace(/\p{Nd}/gu, (digit) => {
    if (digit <= '9') return digit;
    const code = digit.codePointAt(0) ?? 0;
    let zero = code;
    while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--;
    return String(code - zero);
  });
}

/** Words of a text, folded; whitespace of any kind separates them. */
export function foldText(text: string): readonly string[] {
  return text
    .normalize('NFKC')
    .replace(/[\r\n\t]/g, ' ')
    .replace(INVISIBLE, '')
    .split(/\s+/u)
    .map(foldWord)
    .filter((word) => word !== '');
}

const CODE = /^\d{4,10}$/;

/**
 * What the subscriber asks for. STOP and HELP words are tested before an answer (CONSENT rule 5), answers before
 * keywords: "YES" never orders a service called "yes". `pending` tells whether a challenge is open for the sender.
 */
export function parseRequest(text: string, words: RequestWords): Request {
  const [first, ...rest] = foldText(text);
  if (first === undefined) return { kind: 'empty' };
  return (
    stopOrHelp(first, rest, words) ??
    answer(first, rest, words) ??
    enquiry(first, rest, words, text) ??
    order(first, rest, words)
  );
}

function stopOrHelp(first: string, rest: readonly string[], words: RequestWords): Request | undefined {
  if (words.stop.has(first)) {
    if (rest.some((word) => words.all.has(word))) return { kind: 'stop-all' };
    return { kind: 'stop', keyword: rest[0] };
  }
  return words.help.has(first) ? { kind: 'help' } : undefined;
}

function answer(first: string, rest: readonly string[], words: RequestWords): Request | undefined {
  if (CODE.test(first)) return { kind: 'code', code: first };
  if (words.yes.has(first)) {
    const code = rest.find((word) => CODE.test(word));
    return code === undefined ? { kind: 'confirm', keyword: rest[0] } : { kind: 'code', code };
  }
  if (words.no.has(first)) return { kind: 'refuse' };
  const spaced = [first, ...rest];
  const joined = spaced.join('');
  return spaced.every((word) => /^\d+$/.test(word)) && CODE.test(joined) ? { kind: 'code', code: joined } : undefined;
}

function enquiry(first: string, rest: readonly string[], words: RequestWords, text: string): Request | undefined {
  if (words.list.has(first)) return { kind: 'list' };
  if (words.status.has(first)) return { kind: 'status' };
  if (words.complain.has(first)) return { kind: 'complain', words: text.trim().slice(first.length).trim() };
  const channel = channelNamed(rest[0]);
  return words.channel.has(first) && channel !== undefined ? { kind: 'channel', channel } : undefined;
}

function order(first: string, rest: readonly string[], words: RequestWords): Request {
  const named = words.via.has(rest[0] ?? '') ? rest[1] : rest[0];
  return { kind: 'order', keyword: first, channel: channelNamed(named) };
}

function channelNamed(word: string | undefined): ChannelName | undefined {
  return CHANNELS.find((channel) => channel === word);
}
