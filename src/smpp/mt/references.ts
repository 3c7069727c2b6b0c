import { createHash } from 'node:crypto';
import { createRecent } from '../../lib/recent.ts';

/** Destinations remembered at once. */
const MOST = 10_000;

/** Texts remembered of each: fewer than an 8-bit reference can tell apart. */
const TEXTS = 16;

/** Of a text, and what it took. */
interface Taken {
  readonly text: number;
  readonly reference: number;
}

/**
 * Concatenation references. A text that is said again has the same one, from whichever process: a handset that holds parts of
 * it goes on with them (TS 23.040 9.2.3.24.1). Other octets under the same id, such as a new code, are another text. Texts to
 * one handset that come close together never share one here, in 8 bits either.
 */
export class References {
  readonly #lately = createRecent<string, readonly Taken[]>(MOST);

  /** 0 to 65535; `octets`: the text as it is written. */
  of({ id, to }: { readonly id: string; readonly to: string }, octets: Uint8Array): number {
    const text = createHash('sha256').update(`${id}|`).update(octets).digest().readUInt32BE();
    const lately = this.#lately.get(to) ?? [];
    const reference = lately.find((one) => one.text === text)?.reference ?? firstFree(text % 65_536, lately);
    this.#lately.set(to, [...lately.filter((one) => one.text !== text), { text, reference }].slice(-TEXTS));
    return reference;
  }
}

function firstFree(wanted: number, lately: readonly Taken[]): number {
  const used = new Set(lately.map(({ reference }) => reference % 256));
  let reference = wanted;
  while (used.has(reference % 256)) reference = (reference + 1) % 65_536;
  return reference;
}
