import type { ChannelName } from './channel.ts';
import { CHANNELS } from './channel.ts';
import { addressIn } from './email-address.ts';
import { UNSPACED } from './fold.ts';

/** So many words behind a keyword tell what is meant by it; a longer text tells a story in which a NO or STOP may be any word. */
export const FEW_WORDS = 5;

/** Folded words, as RequestWords has them. */
export interface OrderWords {
  readonly yes: ReadonlySet<string>;
  readonly no: ReadonlySet<string>;
  readonly via: ReadonlySet<string>;
  readonly please: ReadonlySet<string>;
}

/** What stands behind a keyword besides all that an order may say: further words, or a NO among the first of them. */
export type More = 'words' | 'no';

/**
 * "NEWS do not charge me", "MATCH NO" and "film was terrible" begin with a keyword, and nobody who writes so has agreed to pay:
 * only the keyword, a channel, an address, politeness and YES are an order as they stand.
 */
export function moreIn(keyword: string, rest: readonly string[], words: OrderWords): More | undefined {
  if (rest.slice(0, FEW_WORDS).some((word) => words.no.has(word))) return 'no';
  return rest.every((word) => word === keyword || isOfOrder(word, words)) ? undefined : 'words';
}

function isOfOrder(word: string, { via, please, yes }: OrderWords): boolean {
  const known = via.has(word) || please.has(word) || yes.has(word);
  return known || channelNamed(word) !== undefined || addressIn(word) !== undefined;
}

/** "e-mail" is email. */
export function channelNamed(word: string | undefined): ChannelName | undefined {
  const name = word?.replace(/\p{Pd}/gu, '');
  return CHANNELS.find((channel) => channel === name);
}

/** Politeness before an answer is none of it, and "yes,please" is two words. */
export function civil(read: readonly string[], words: OrderWords): readonly string[] {
  const { yes, no, please } = words;
  const isKnown = (word: string): boolean => yes.has(word) || no.has(word) || please.has(word);
  const parts = read.flatMap((word) => {
    const pieces = word.split(/[\p{P}\p{S}]+/u).flatMap((piece) => closeWords(piece, words));
    return pieces.every(isKnown) ? pieces : [word];
  });
  const at = parts.findIndex((word) => !please.has(word));
  return parts.slice(Math.max(0, at));
}

/** "好的谢谢": answers and politeness that no space parts; the word as it is where anything else is in it, or no politeness. */
function closeWords(word: string, { yes, no, please }: OrderWords): readonly string[] {
  if (!UNSPACED.test(word)) return [word];
  const known = [...yes, ...no, ...please].filter((one) => UNSPACED.test(one)).sort((a, b) => b.length - a.length);
  const found: string[] = [];
  for (let at = 0; at < word.length; at += found.at(-1)?.length ?? 0) {
    const next = known.find((one) => word.startsWith(one, at));
    if (next === undefined) return [word];
    found.push(next);
  }
  return found.some((one) => please.has(one)) ? found : [word];
}
