/**
 * RESP2, as the store's hot steps need it: one text per command, and replies read in place (reply-reader.ts). ioredis does the
 * same for everything else; its command objects and its decoder took a third of the daemon's time (docs/measurements.md).
 */

/** What a command or a Lua step returns: Redis knows whole numbers, texts and lists of these. */
export type Reply = number | string | null | readonly Reply[];

/** Sends one command; rejects when Redis refuses it or cannot be reached. */
export type Call = (args: readonly (string | number)[]) => Promise<Reply>;

/** An error that Redis answered, with its code in front. */
export class RedisRefusal extends Error {}

export type Answer = Reply | RedisRefusal;

/** What stands before a bulk string of so many octets, the end of what precedes it included; the usual ones spelled once. */
const HEADS = Array.from({ length: 2048 }, (_, octets) => headOf(octets));

function headOf(octets: number): string {
  return `\r\n$${octets}\r\n`;
}

/** One command as an array of bulk strings. */
export function commandText(args: readonly (string | number)[]): string {
  const text = bulks(args, (value) => value.length);
  // As many octets as UTF-16 units: all of it is ASCII, as mostly, and asked once that costs less than of each argument.
  return Buffer.byteLength(text) === text.length ? text : bulks(args, (value) => Buffer.byteLength(value));
}

function bulks(args: readonly (string | number)[], octetsOf: (value: string) => number): string {
  let text = `*${args.length}`;
  for (const arg of args) {
    const value = typeof arg === 'number' ? String(arg) : arg;
    const octets = octetsOf(value);
    text += (HEADS[octets] ?? headOf(octets)) + value;
  }
  return `${text}\r\n`;
}
