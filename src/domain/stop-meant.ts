import type { Request, RequestWords } from './request.ts';
import { UNSPACED } from './fold.ts';
import { FEW_WORDS } from './more-words.ts';
import { parseRequest, readWords } from './request.ts';

/**
 * The STOP that a text means which opens with no service: "please stop", "STOPNEWS", "STOP1", "YES, but stop NEWS", a long complaint
 * with the word in it. Whoever does not
 * write it as we say must not go on paying for it (FCC 24-24 lets them say it in every reasonable manner). After a service's own
 * keyword it stands among the first words: "NEWS STOP please", "NEWS I want to stop".
 * `isKeyword` knows the services of the short code that was texted.
 */
export function stopMeant(
  text: string,
  words: RequestWords,
  isKeyword: (word: string) => boolean,
): Request | undefined {
  const read = readWords(text).flatMap((word) => (isKeyword(word) ? [word] : spaced(word, words)));
  const [first = '', ...rest] = read;
  if (isKeyword(first)) {
    const stop = rest.slice(0, FEW_WORDS).find((word) => words.stop.has(word));
    return stop === undefined ? undefined : stopOf([stop, first], words);
  }
  const at = read.findIndex((word) => words.stop.has(word));
  return at >= 0 ? stopOf(read.slice(at), words) : joined(first, words, isKeyword);
}

/** "我想退订NEWS": where no spaces part words, a STOP word stands within one, with what it stops behind it and ALL before it. */
function spaced(word: string, { stop, all }: RequestWords): readonly string[] {
  const [found] = within(word, stop);
  if (found === undefined) return [word];
  const at = word.indexOf(found);
  const pieces = [
    word.slice(0, at),
    found,
    ...within(word, all),
    ...word.slice(at + found.length).split(/[\p{P}\p{S}]+/u),
  ];
  return pieces.filter((piece) => piece !== '');
}

function within(word: string, set: ReadonlySet<string>): readonly string[] {
  return [...set].filter((one) => word.includes(one) && UNSPACED.test(one));
}

/** "STOPNEWS". With other letters behind it, a STOP word is part of a word of its own ("ENDING"). */
function joined(word: string, words: RequestWords, isKeyword: (word: string) => boolean): Request | undefined {
  for (const stop of words.stop) {
    const rest = word.startsWith(stop) ? word.slice(stop.length) : '';
    if (/^\d{1,2}$/.test(rest) || (rest !== '' && isKeyword(rest))) return stopOf([stop, rest], words);
  }
  return undefined;
}

function stopOf(read: readonly string[], words: RequestWords): Request {
  return parseRequest(read.join(' '), words);
}

/**
 * "YES-NEWS", "NO,NEWS" and "是NEWS", where no service has the whole for its keyword: only the keyword of a service may stand so close,
 * for "no-limit" may be any word.
 */
export function answerMeant(
  text: string,
  words: RequestWords,
  isKeyword: (word: string) => boolean,
): Request | undefined {
  const [opening = '', ...rest] = readWords(text);
  if (isKeyword(opening)) return undefined;
  const answers = [...words.yes, ...words.no].filter((word) => isKeyword(behind(opening, word)));
  const [answer] = answers;
  return answer === undefined ? undefined : parseRequest([answer, behind(opening, answer), ...rest].join(' '), words);
}

/** What of an opening is left behind an answer that nothing but punctuation parts from it; empty where there is none. */
function behind(opening: string, answer: string): string {
  const rest = opening.startsWith(answer) ? opening.slice(answer.length) : '';
  const keyword = rest.replace(/^[\p{P}\p{S}]+/u, '');
  return keyword !== rest || UNSPACED.test(answer) ? keyword : '';
}
