import { CODE_DIGITS } from './challenge.ts';
import type { ChannelName } from './channel.ts';
import { addressIn } from './email-address.ts';
import type { More } from './more-words.ts';
import { foldText, oneLine } from './fold.ts';
import { channelNamed, civil, moreIn } from './more-words.ts';

/** What an MO means. `keyword` is folded; the catalogue decides whether it names a service. */
export type Request =
  | {
      readonly kind: 'order';
      readonly keyword: string;
      readonly channel: ChannelName | undefined;
      readonly address?: string | undefined;
      /** Left out where nothing stands behind the keyword that is no part of an order. */
      readonly more?: More;
      /** What it costs, as the screen told it on which its key was pressed. */
      readonly told?: string | undefined;
    }
  /** YES, or YES <keyword> when several orders wait; `more`: and more behind it. `orderId`: of the screen that asks, for its service may wait anew. */
  | { readonly kind: 'confirm'; readonly keyword: string | undefined; readonly more?: true; readonly orderId?: string | undefined } // prettier-ignore
  /** NO, with the words behind it where there are any: they may name what it is about. */
  | { readonly kind: 'refuse'; readonly words?: readonly string[]; readonly orderId?: string | undefined }
  | { readonly kind: 'code'; readonly code: string }
  | {
      readonly kind: 'stop';
      /** Behind it: every one that names a service is meant. */
      readonly words?: readonly string[];
      readonly numbers?: readonly number[];
      /** Of a screen that shows it: another service may have the same keyword. */
      readonly serviceId?: string | undefined;
      /** It is a complaint as well, about what the first of these names that names a service. */
      readonly complains?: readonly string[];
    }
  /** Bare numbers of a LIST, as "1,3": they stop what they number. `word` may still be a keyword. */
  | { readonly kind: 'numbers'; readonly numbers: readonly number[]; readonly word: string }
  | { readonly kind: 'stop-all'; readonly complains?: readonly string[] }
  | { readonly kind: 'list' }
  | { readonly kind: 'status' }
  | { readonly kind: 'help' }
  /** `name`: what was named in place of a channel; neither: which are there? */
  | {
      readonly kind: 'channel';
      readonly channel: ChannelName | undefined;
      readonly name?: string | undefined;
      readonly address?: string | undefined;
    }
  /** By its code or its name; undefined: which are there? */
  | { readonly kind: 'language'; readonly name: string | undefined }
  /** Of the service that the first of the words names that names one, else of what the subscriber had last. */
  | { readonly kind: 'complain'; readonly words?: readonly string[] }
  /** A new code for the order that waits for one. */
  | { readonly kind: 'again' }
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
  readonly language: ReadonlySet<string>;
  readonly via: ReadonlySet<string>;
  readonly complain: ReadonlySet<string>;
  /** Asks for a new code. */
  readonly again: ReadonlySet<string>;
  /** Politeness, which changes no meaning. */
  readonly please: ReadonlySet<string>;
}

/** Characters of a text that are read: nothing that asks for something is longer, and a hostile text costs no more. */
const LONGEST_REQUEST = 480;

/** The words that a text is understood by. */
export function readWords(text: string): readonly string[] {
  return foldText(text.slice(0, LONGEST_REQUEST));
}

const CODE = /^\d{4,10}$/;
const BETWEEN_DIGITS = /(?<=\d)\p{P}(?=\d)/gu;

/**
 * What the subscriber asks for. STOP and HELP words are tested before an answer (CONSENT rule 5), so are the words of
 * enquiries, which may be digits ("0000" lists), and answers before keywords: "YES" never orders a service called "yes".
 */
export function parseRequest(text: string, words: RequestWords): Request {
  const [first, ...rest] = apart(readWords(text), words);
  if (first === undefined) return { kind: 'empty' };
  return withAddress(
    stopOrHelp(first, rest, words) ??
      enquiry(first, rest, words) ??
      listed([first, ...rest], text) ??
      answer([first, ...rest], words) ??
      order(first, rest, words),
    addressIn(text.slice(0, LONGEST_REQUEST)),
  );
}

/** `NEWS EMAIL me@example.org`, and `NEWS me@example.org` says the same: an address names its channel. */
function withAddress(request: Request, address: string | undefined): Request {
  if (address === undefined) return request;
  if (request.kind === 'order' && request.channel === undefined) return { ...request, channel: 'email', address };
  const named = request.kind === 'order' || request.kind === 'channel';
  return named && request.channel === 'email' ? { ...request, address } : request;
}

/** "STOP-NEWS", "STOP:1", "STOPALL" are a STOP word and another one, "opt out" and "opt-out" are one. */
function apart(read: readonly string[], { stop, all }: RequestWords): readonly string[] {
  const [first = '', second = '', ...rest] = read;
  if (stop.has(first)) return read;
  if (stop.has(first + second)) return [first + second, ...rest];
  const pieces = first.split(/[\p{P}\p{S}]+/u);
  if (stop.has(pieces[0] ?? '')) return [...pieces, ...read.slice(1)];
  const whole = pieces.join('');
  const word = [...stop].find((one) => one === whole || (whole.startsWith(one) && all.has(whole.slice(one.length))));
  return word === undefined ? read : [word, whole.slice(word.length), ...read.slice(1)].filter((one) => one !== '');
}

function stopOrHelp(first: string, rest: readonly string[], words: RequestWords): Request | undefined {
  if (words.stop.has(first)) {
    if (rest.some((word) => words.all.has(word))) return { kind: 'stop-all' };
    const numbers = numbersIn(rest);
    return { kind: 'stop', words: rest, ...(numbers === undefined ? {} : { numbers }) };
  }
  return words.help.has(first) ? { kind: 'help' } : undefined;
}

/** Numbers as LIST gives them, one or two digits each, apart by spaces or commas; undefined where anything else is among them. */
function numbersIn(words: readonly string[]): readonly number[] | undefined {
  const parts = words.flatMap((word) => word.split(/[\p{P}\p{S}]+/u)).filter((part) => part !== '');
  const numbers = parts.filter((part) => /^[1-9]\d?$/.test(part)).map(Number);
  return numbers.length > 0 && numbers.length === parts.length ? numbers : undefined;
}

/** Commas and the like between digits, of any script: nobody writes a code so, unless a handset puts them there. */
const ENUMERATED = /\p{Nd}\s*[,;/、،؛]\s*\p{Nd}/u;

/** Four digits and more, however they are written, are a code; but enumerated ones only where a code may be as short. */
function listed(words: readonly string[], text: string): Request | undefined {
  const numbers = numbersIn(words);
  if (numbers === undefined) return undefined;
  const joined = numbers.join('');
  const tooShort = joined.length < CODE_DIGITS.least && ENUMERATED.test(oneLine(text.slice(0, LONGEST_REQUEST)));
  if (CODE.test(joined) && !tooShort) return undefined;
  return { kind: 'numbers', numbers, word: words[0] ?? '' };
}

function answer(read: readonly string[], words: RequestWords): Request | undefined {
  const [first = '', ...rest] = civil(read, words);
  if (!words.no.has(first)) return codeOf(first, rest, words) ?? wordOf(first, rest, words);
  const about = rest.filter((word) => !words.please.has(word));
  return { kind: 'refuse', ...(about.length === 0 ? {} : { words: about }) };
}

function codeOf(first: string, rest: readonly string[], words: RequestWords): Request | undefined {
  const [opening = '', ...others] = [first, ...rest].map((word) => word.replace(BETWEEN_DIGITS, ''));
  const groups = [digitsBehind(opening, words), ...others];
  const announced = words.yes.has(first) || words.again.has(first);
  const code = announced || isDigits(groups[0] ?? '') ? codeIn(groups) : undefined;
  return code === undefined ? undefined : { kind: 'code', code };
}

/** "code:123456", and where no spaces part words "验证码123456": what announces a code may stand before it in one word. */
function digitsBehind(word: string, { again }: RequestWords): string {
  const [, name = '', digits = ''] = /^(\P{Nd}+?)[\p{P}\p{S}]*(\d+)$/u.exec(word) ?? [];
  return again.has(name) ? digits : word;
}

function wordOf(first: string, rest: readonly string[], words: RequestWords): Request | undefined {
  if (words.again.has(first)) return { kind: 'again' };
  if (!words.yes.has(first)) return undefined;
  const [keyword, ...more] = rest.filter((word) => !words.yes.has(word) && !words.please.has(word));
  return { kind: 'confirm', keyword, ...(more.length === 0 ? {} : { more: true }) };
}

/** The first run of digits, as people write a code: "123456", "123 456", "123-456 please". */
function codeIn(groups: readonly string[]): string | undefined {
  const digits = groups.slice(groups.findIndex(isDigits));
  const end = digits.findIndex((word) => !isDigits(word));
  const run = end < 0 ? digits : digits.slice(0, end);
  return [run.join(''), ...run].find((code) => CODE.test(code));
}

const isDigits = (word: string): boolean => /^\d+$/.test(word);

function enquiry(first: string, rest: readonly string[], words: RequestWords): Request | undefined {
  if (words.list.has(first)) return { kind: 'list' };
  if (words.status.has(first)) return { kind: 'status' };
  if (words.complain.has(first)) return { kind: 'complain', words: rest };
  if (words.language.has(first)) return { kind: 'language', name: rest[0] };
  return words.channel.has(first) ? channelAsked(rest[0]) : undefined;
}

function channelAsked(name: string | undefined): Request {
  const channel = channelNamed(name);
  return { kind: 'channel', channel, ...(channel === undefined ? { name } : {}) };
}

function order(first: string, rest: readonly string[], words: RequestWords): Request {
  const named = words.via.has(rest[0] ?? '') ? rest[1] : rest[0];
  const more = moreIn(first, rest, words);
  return { kind: 'order', keyword: first, channel: channelNamed(named), ...(more === undefined ? {} : { more }) };
}
