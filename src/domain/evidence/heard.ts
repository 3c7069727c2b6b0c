import type { Mo } from '../message.ts';

/** What evidence keeps of an MO: its exact text and what the network named it by. */
export interface Heard {
  /** As it came; digits are `*` where it could hold a code (E15). */
  readonly text: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly link: string;
  readonly smsc: string;
  /** Where it was sent to: the short code. */
  readonly to: string;
  /** The SMSC's own id, hex, where the link's config names its TLV. */
  readonly id?: string;
}

/** Numbers of any script, circled and raised ones too; and what else is not ASCII, for it may hold one. */
const SUSPECT = /\p{N}|[^\0-\x7f]/gu;

/** A word is folded by NFKC before it is compared with a code, which opens U+33E0 to "1\u65e5": first day of a month. */
const holdsNumber = (character: string): boolean => /\p{N}/u.test(character.normalize('NFKC'));

/** E15: before any store, log or evidence. One star for each character, so that the text keeps its shape. */
export function maskDigits(text: string): string {
  return text.replace(SUSPECT, (character) => (holdsNumber(character) ? '*' : character));
}

/** `mayHoldCode`: a challenge of its sender is open or lately was, or the text itself reads as a code. */
export function heardFrom(mo: Mo, mayHoldCode: boolean): Heard {
  const { text, receivedAt: at, link, smsc, smscId, destination } = mo;
  return {
    text: mayHoldCode ? maskDigits(text) : text,
    at,
    link,
    smsc,
    to: destination.digits,
    ...(smscId === undefined ? {} : { id: smscId }),
  };
}
