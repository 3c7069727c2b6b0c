/**
 * RESP2, as the store's hot steps need it: one text per command, and replies read in place (reply-reader.ts). ioredis does the
 * same for everything else; its command objects and its decoder took a third of the daemon's time (docs/measurements.md).
 */

/** What a command or a Lua step returns: Redis knows whole numbers, texts and lists of these. */
export type Reply = number | string | null | readonly Reply[];

export type Words = readonly (string | number)[];

/** Sends one command, its words in as many lists as they come in; rejects when Redis refuses it or cannot be reached. */
export type Call = (...lists: readonly Words[]) => Promise<Reply>;

/** An error that Redis answered, with its code in front. */
export class RedisRefusal extends Error {
  /** As ioredis names it: the log tells it without a stack. */
  override readonly name = 'ReplyError';
}

export type Answer = Reply | RedisRefusal;

/** What stands before a bulk string of so many octets, the end of what precedes it included; the usual ones spelled once. */
const HEADS = Array.from({ length: 2048 }, (_, octets) => headOf(octets));

function headOf(octets: number): string {
  return `\r\n$${octets}\r\n`;
}

/** One command as an array of bulk strings. A step has some seventy words: to make one list of them costs more than to write them. */
export function commandText(...lists: readonly Words[]): string {
  const text = bulks(lists, (value) => value.length);
  // As many octets as UTF-16 units: all of it is ASCII, as mostly, and asked once that costs less than of each word.
  return Buffer.byteLength(text) === text.length ? text : bulks(lists, (value) => Buffer.byteLength(value));
}

function bulks(lists: readonly Words[], octetsOf: (value: string) => number): string {
  let text = `*${lists.reduce((count, list) => count + list.length, 0)}`;
  for (const list of lists) {
    for (const word of list) {
      const value = typeof word === 'number' ? String(word) : word;
      const octets = octetsOf(value);
      text += (HEADS[octets] ?? headOf(octets)) + value;
    }
  }
  return `${text}\r\n`;
}
