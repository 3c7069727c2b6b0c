import { createHash } from 'node:crypto';
import { TAG } from '../pdu.ts';

/**
 * How gateways name a dialogue. SMPP 3.4 5.3.2.43 says its_session_info; gateways say it in at least these ways:
 * - its: by the book, octet 1 the session number, octet 2 the sequence in bits 7-1 and the end in bit 0
 * - six-dee: the same TLV as one number of 15 bits, and the end in bit 0
 * - mica: user_message_reference (5.3.2.17), unique only with the MSISDN
 * - tlv: a TLV of the vendor's own, whose tag is config
 * - none: nothing; the MSISDN, the code and a timer are the key
 */
export const USSD_DIALECTS = ['its', 'six-dee', 'mica', 'tlv', 'none'] as const;
export type UssdDialect = (typeof USSD_DIALECTS)[number];

export interface SessionForm {
  /** The TLV's tag where the dialect fixes it. */
  readonly tag: number | undefined;
  /** Octets that the value may have. */
  readonly octets: readonly [least: number, most: number];
  /** What stays the same for the whole dialogue. */
  readonly number: (value: Buffer) => number;
  /** Whether the value says that the dialogue ends. */
  readonly ended: (value: Buffer) => boolean;
  /** The value as it came, with the end said where the dialect can. */
  readonly marked: (value: Buffer, ends: boolean) => Buffer;
  /** Of a dialogue that we open; `number` is 32 random bits. */
  readonly fresh: (number: number) => Buffer;
}

const lastBit = (value: Buffer): boolean => ((value.at(-1) ?? 0) & 1) === 1;

function withLastBit(value: Buffer, ends: boolean): Buffer {
  const copy = Buffer.from(value);
  const last = copy.length - 1;
  copy[last] = ((copy[last] ?? 0) & 0xfe) | Number(ends);
  return copy;
}

const its: SessionForm = {
  tag: TAG.itsSessionInfo,
  octets: [2, 2],
  number: (value) => value[0] ?? 0,
  ended: lastBit,
  marked: withLastBit,
  fresh: (number) => Buffer.from([(number % 0xff) + 1, 0]),
};

const sixDee: SessionForm = {
  ...its,
  number: (value) => value.readUInt16BE(0) >> 1,
  fresh: (number) => octetsOf(((number % 0x7fff) + 1) * 2, 2),
};

/** A number as it came; only the operation says that the dialogue ends. */
function plain(tag: number | undefined, octets: SessionForm['octets'], width: number): SessionForm {
  return {
    tag,
    octets,
    number: (value) => wholeNumber(value.length <= EXACT ? value : digestOf(value)),
    ended: () => false,
    marked: (value) => value,
    fresh: (number) => octetsOf((number % 0x7fff) + 1, width),
  };
}

/** A number of more octets is none that compares exactly. */
const EXACT = 6;

function wholeNumber(octets: Buffer): number {
  return octets.reduce((sum, octet) => sum * 256 + octet, 0);
}

/** Stands for an id that is longer, as digits written out are. */
function digestOf(value: Buffer): Buffer {
  return createHash('sha256').update(value).digest().subarray(0, EXACT);
}

function octetsOf(number: number, width: number): Buffer {
  const value = Buffer.alloc(width);
  value.writeUIntBE(number, 0, width);
  return value;
}

export const SESSION_FORMS: Readonly<Record<Exclude<UssdDialect, 'none'>, SessionForm>> = {
  its,
  'six-dee': sixDee,
  mica: plain(TAG.userMessageReference, [1, 2], 2),
  tlv: plain(undefined, [1, 64], 4),
};
