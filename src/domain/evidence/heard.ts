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

/** Numbers of any script, circled and raised ones too: a word is folded by NFKC before it is compared with a code. */
const NUMBER = /\p{N}/gu;

/** E15: before any store, log or evidence. One star for each figure, so that the text keeps its shape. */
export function maskDigits(text: string): string {
  return text.replace(NUMBER, '*');
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
