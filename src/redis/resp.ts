/**
 * RESP2, as the store's hot steps need it: one text per command, and replies read in place. ioredis does the same for
 * everything else; its command objects and its decoder took a third of the daemon's time (docs/measurements.md).
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
  let text = `*${args.length}`;
  for (const arg of args) {
    const value = typeof arg === 'number' ? String(arg) : arg;
    const octets = Buffer.byteLength(value);
    text += (HEADS[octets] ?? headOf(octets)) + value;
  }
  return `${text}\r\n`;
}

const CR = 0x0d;

/** What stood at `at`, and where the next reply begins; undefined while octets are missing. */
interface Read {
  readonly value: Answer;
  readonly end: number;
}

/** Hands each whole reply to `onAnswer`, in order. Throws TypeError when the octets are no RESP2. */
export function replyReader(onAnswer: (answer: Answer) => void): (chunk: Buffer) => void {
  let rest: Buffer | undefined;
  return (chunk) => {
    const bytes = rest === undefined ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    while (at < bytes.length) {
      const read = readReply(bytes, at);
      if (read === undefined) break;
      at = read.end;
      onAnswer(read.value);
    }
    rest = at === bytes.length ? undefined : bytes.subarray(at);
  };
}

function readReply(bytes: Buffer, at: number): Read | undefined {
  const lineEnd = lineEndAt(bytes, at);
  if (lineEnd + 2 > bytes.length) return undefined;
  const next = lineEnd + 2;
  switch (bytes[at]) {
    case 0x24: // $
      return readBulk(bytes, next, numberAt(bytes, at + 1, lineEnd));
    case 0x3a: // :
      return { value: numberAt(bytes, at + 1, lineEnd), end: next };
    case 0x2a: // *
      return readList(bytes, next, numberAt(bytes, at + 1, lineEnd));
    case 0x2b: // +
      return { value: bytes.toString('utf8', at + 1, lineEnd), end: next };
    case 0x2d: // -
      return { value: new RedisRefusal(bytes.toString('utf8', at + 1, lineEnd)), end: next };
    default:
      throw new TypeError('Redis answered with something that is no RESP2');
  }
}

/** Lines are a few octets long: looked through here in less time than a call of indexOf takes. */
function lineEndAt(bytes: Buffer, at: number): number {
  let end = at;
  while (end < bytes.length && bytes[end] !== CR) end++;
  return end;
}

function numberAt(bytes: Buffer, at: number, end: number): number {
  if (bytes[at] === 0x2d) return -numberAt(bytes, at + 1, end);
  let value = 0;
  for (let digit = at; digit < end; digit++) value = value * 10 + (bytes[digit] ?? 0) - 0x30;
  return value;
}

function readBulk(bytes: Buffer, at: number, length: number): Read | undefined {
  if (length < 0) return { value: null, end: at };
  const end = at + length;
  return end + 2 > bytes.length ? undefined : { value: textAt(bytes, at, end), end: end + 2 };
}

/** Longer texts are hardly ever met again, nor are those that begin with a digit: numbers and codes are not kept. */
const KNOWN_OCTETS = 16;
const LETTER_A = 0x41;
/** ASCII texts by a hash of their octets; one takes another's place. */
const known = new Array<string | undefined>(1024).fill(undefined);

/** Field names and states come with every reply: found by their octets, they are not decoded, and left to the collector, each time. */
function textAt(bytes: Buffer, at: number, end: number): string {
  if (end - at > KNOWN_OCTETS || (bytes[at] ?? 0) < LETTER_A) return bytes.toString('utf8', at, end);
  const place = placeOf(bytes, at, end);
  const found = known[place];
  if (found !== undefined && isText(found, bytes, at, end)) return found;
  const text = bytes.toString('utf8', at, end);
  // As many UTF-16 units as octets: all of it is ASCII.
  if (text.length === end - at) known[place] = text;
  return text;
}

function placeOf(bytes: Buffer, at: number, end: number): number {
  let hash = end - at;
  for (let octet = at; octet < end; octet++) hash = (hash * 31 + (bytes[octet] ?? 0)) | 0;
  return hash & (known.length - 1);
}

function isText(text: string, bytes: Buffer, at: number, end: number): boolean {
  if (text.length !== end - at) return false;
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) !== bytes[at + index]) return false;
  return true;
}

function readList(bytes: Buffer, at: number, length: number): Read | undefined {
  if (length < 0) return { value: null, end: at };
  const values: Reply[] = [];
  let end = at;
  for (let index = 0; index < length; index++) {
    const read = end < bytes.length ? readReply(bytes, end) : undefined;
    if (read === undefined) return undefined;
    if (read.value instanceof RedisRefusal) throw new TypeError('a list from Redis holds an error');
    values.push(read.value);
    end = read.end;
  }
  return { value: values, end };
}
