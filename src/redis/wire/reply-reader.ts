import type { Answer, Reply } from './resp.ts';
import { RedisRefusal } from './resp.ts';
import { textAt } from './reply-text.ts';

const CR = 0x0d;
const MINUS = 0x2d;
const ZERO = 0x30;

/** A list of which some values have come. */
interface OpenList {
  readonly values: Reply[];
  left: number;
}

/** Hands each whole reply to `onAnswer`, in order. Throws TypeError when the octets are no RESP2. */
export function replyReader(onAnswer: (answer: Answer) => void): (chunk: Buffer) => void {
  const reader = new ReplyReader(onAnswer);
  return (chunk) => reader.read(chunk);
}

/** Nothing is read twice: what has come of a long list stands in it, while the octets of the next value are waited for. */
class ReplyReader {
  readonly #onAnswer: (answer: Answer) => void;
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;
  /** Lists within lists, the outermost first. */
  readonly #open: OpenList[] = [];

  constructor(onAnswer: (answer: Answer) => void) {
    this.#onAnswer = onAnswer;
  }

  read(chunk: Buffer): void {
    this.#bytes = this.#at === this.#bytes.length ? chunk : Buffer.concat([this.#bytes.subarray(this.#at), chunk]);
    this.#at = 0;
    while (this.#at < this.#bytes.length) {
      const from = this.#at;
      if (this.#readValue()) continue;
      this.#at = from;
      return;
    }
  }

  /** False while octets of it are missing. */
  #readValue(): boolean {
    const bytes = this.#bytes;
    const from = this.#at + 1;
    let end = from;
    // Lines are a few octets long: looked through here in less time than a call of indexOf takes.
    while (end < bytes.length && bytes[end] !== CR) end++;
    if (end + 2 > bytes.length) return false;
    this.#at = end + 2;
    switch (bytes[from - 1]) {
      case 0x24: // $
        return this.#readBulk(numberIn(bytes, from, end));
      case 0x3a: // :
        return this.#add(numberIn(bytes, from, end));
      case 0x2a: // *
        return this.#openList(numberIn(bytes, from, end));
      case 0x2b: // +
        return this.#add(textAt(bytes, from, end));
      case MINUS:
        return this.#refuse(bytes.toString('utf8', from, end));
      default:
        throw new TypeError('Redis answered with something that is no RESP2');
    }
  }

  #readBulk(length: number): boolean {
    if (length < 0) return this.#add(null);
    const end = this.#at + length;
    if (end + 2 > this.#bytes.length) return false;
    const text = textAt(this.#bytes, this.#at, end);
    this.#at = end + 2;
    return this.#add(text);
  }

  #openList(length: number): boolean {
    if (length < 0) return this.#add(null);
    if (length === 0) return this.#add([]);
    this.#open.push({ values: [], left: length });
    return true;
  }

  #refuse(text: string): boolean {
    if (this.#open.length > 0) throw new TypeError('a list from Redis holds an error');
    this.#onAnswer(new RedisRefusal(text));
    return true;
  }

  /** The last value of a list is the list's end, which may be the last value of another. */
  #add(value: Reply): true {
    let whole = value;
    for (let list = this.#open.at(-1); list !== undefined; list = this.#open.at(-1)) {
      list.values.push(whole);
      list.left -= 1;
      if (list.left > 0) return true;
      whole = list.values;
      this.#open.pop();
    }
    this.#onAnswer(whole);
    return true;
  }
}

function numberIn(bytes: Buffer, from: number, end: number): number {
  if (bytes[from] === MINUS) return -numberIn(bytes, from + 1, end);
  let value = 0;
  for (let digit = from; digit < end; digit++) value = value * 10 + (bytes[digit] ?? 0) - ZERO;
  return value;
}
