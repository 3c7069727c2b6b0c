// How gateways name a USSD dialogue in SMPP. The standard says its_session_info; most vendors say something else.
import type { Pdu } from '../smpp/pdu.ts';
import { intTlv, tlvOf } from '../smpp/pdu.ts';
import type { Tlv } from '../smpp/tlv.ts';
import { TAG, uintTlv } from '../smpp/tlv.ts';

/** ussd_service_op: SMPP 3.4 section 5.3.2.44, in decimal as the section writes it. 129 is a vendors' user abort. */
export const OP = {
  pssrIndication: 1,
  ussrRequest: 2,
  ussnRequest: 3,
  pssrResponse: 17,
  ussrConfirm: 18,
  ussnConfirm: 19,
  abort: 129,
} as const;

export interface Mark {
  readonly number: number;
  /** Whether this PDU ends the dialogue. */
  readonly end: boolean;
}

interface Dialect {
  /** Dialogue numbers run from 1 to this. */
  readonly lastNumber: number;
  /** `sequence` counts the PDUs of the dialogue. */
  readonly write: (mark: Mark, sequence: number) => readonly Tlv[];
  /** Undefined when the PDU names no dialogue. */
  readonly read: (pdu: Pdu) => Mark | undefined;
}

const end = (mark: Mark): number => (mark.end ? 1 : 0);

/** By the book: octet 1 the session number, octet 2 the sequence in bits 7-1 and the end in bit 0 (section 5.3.2.43). */
const its: Dialect = {
  lastNumber: 0xff,
  write: (mark, sequence) => [
    { tag: TAG.its_session_info, value: Uint8Array.of(mark.number, ((sequence & 0x7f) << 1) | end(mark)) },
  ],
  read: (pdu) => {
    const [number, rest] = tlvOf(pdu, TAG.its_session_info)?.value ?? [];
    return number === undefined || rest === undefined ? undefined : { number, end: (rest & 1) === 1 };
  },
};

/** The same parameter as one number of 15 bits and the end in bit 0. */
const sixDee: Dialect = {
  lastNumber: 0x7fff,
  write: (mark) => [uintTlv(TAG.its_session_info, mark.number * 2 + end(mark), 2)],
  read: (pdu) => {
    const [high, low] = tlvOf(pdu, TAG.its_session_info)?.value ?? [];
    if (high === undefined || low === undefined) return undefined;
    const both = high * 256 + low;
    return { number: both >> 1, end: (both & 1) === 1 };
  },
};

/** A number in a parameter of its own; only the operation says that the dialogue ends. */
const numberIn = (tag: number, width: 2 | 4): Dialect => ({
  lastNumber: 0x7fff,
  write: (mark) => [uintTlv(tag, mark.number, width)],
  read: (pdu) => {
    const number = intTlv(pdu, tag) ?? numberOf(tlvOf(pdu, tag));
    return number === undefined ? undefined : { number, end: false };
  },
});

const numberOf = (tlv: Tlv | undefined): number | undefined => tlv?.value.reduce((sum, octet) => sum * 256 + octet, 0);

/** Vendor parameter of 4 octets that stands for a gateway's own ussd_session_id. */
export const VENDOR_SESSION_ID = 0x1401;

/** Nothing at all: the handset's number is the key. */
const none: Dialect = { lastNumber: 0x7fff, write: () => [], read: () => undefined };

export const USSD_DIALECTS = {
  its,
  'six-dee': sixDee,
  mica: numberIn(TAG.user_message_reference, 2),
  comverse: numberIn(VENDOR_SESSION_ID, 4),
  none,
} as const satisfies Record<string, Dialect>;

export type DialectName = keyof typeof USSD_DIALECTS;
export const DIALECT_NAMES = Object.keys(USSD_DIALECTS) as [DialectName, ...DialectName[]];
export const dialectOf = (name: DialectName): Dialect => USSD_DIALECTS[name];
