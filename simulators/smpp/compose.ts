// One text to the bodies of as many messages as it needs, by any carrier.
import type { Charset } from './data-coding.ts';
import { charsetOf } from './data-coding.ts';
import { alphabetOf, shiftElements } from './national.ts';
import type { Shift } from './national.ts';
import { encodeChars, splitChars } from './text.ts';
import type { Tlv } from './tlv.ts';
import { TAG, uintTlv } from './tlv.ts';
import { concatElement, writeUdh } from './udh.ts';
import type { Concat, Element } from './udh.ts';

/** How a long text travels: a user data header with an 8 or 16 bit reference, SAR parameters, or message_payload. */
export const CARRIERS = ['udh8', 'udh16', 'sar', 'payload'] as const;
export type Carrier = (typeof CARRIERS)[number];

export interface TextToSend {
  readonly text: string;
  /** Omitted: 0 when the default alphabet has every character, else 8 (UCS2). */
  readonly dataCoding?: number | undefined;
  readonly carrier: Carrier;
  /** Concatenation reference, 0 to 65535; its low octet for udh8. */
  readonly ref: number;
  /** National tables for GSM7; only an SMSC that passes them on makes sense of them. */
  readonly shift?: Shift | undefined;
}

export interface Body {
  /** 0x40 when a user data header opens the text, else 0. */
  readonly esmClass: number;
  readonly dataCoding: number;
  readonly shortMessage: Uint8Array;
  readonly tlvs: readonly Tlv[];
}

const UDHI = 0x40;
/** Octets of the concatenation element that each carrier puts into the header. SAR leaves room for the SMSC's own. */
const CONCAT_OCTETS: Readonly<Record<Carrier, number>> = { udh8: 5, udh16: 6, sar: 5, payload: 0 };

/** A user data header opens the octets when there is anything to say in it. */
function headed(elements: readonly Element[], octets: Uint8Array): Pick<Body, 'esmClass' | 'shortMessage'> {
  if (elements.length === 0) return { esmClass: 0, shortMessage: octets };
  return { esmClass: UDHI, shortMessage: Buffer.concat([writeUdh(elements), octets]) };
}

const sarTlvs = (concat: Concat): Tlv[] => [
  uintTlv(TAG.sar_msg_ref_num, concat.ref, 2),
  uintTlv(TAG.sar_total_segments, concat.total, 1),
  uintTlv(TAG.sar_segment_seqnum, concat.part, 1),
];

function payload(chars: readonly (readonly number[])[], shifts: readonly Element[], dataCoding: number): Body {
  const { esmClass, shortMessage: value } = headed(shifts, Uint8Array.from(chars.flat()));
  return { esmClass, dataCoding, shortMessage: new Uint8Array(0), tlvs: [{ tag: TAG.message_payload, value }] };
}

type Encoded =
  { readonly chars: number[][]; readonly charset: Charset; readonly dataCoding: number } | { readonly error: string };

function encode(message: TextToSend, charset0: Charset): Encoded {
  const alphabet = alphabetOf(message.shift ?? {});
  const fits = encodeChars(message.text, charset0, alphabet) !== undefined;
  const dataCoding = message.dataCoding ?? (fits ? 0 : 8);
  const charset = charsetOf(dataCoding, charset0);
  const chars = encodeChars(message.text, charset, alphabet);
  if (chars !== undefined) return { chars, charset, dataCoding };
  return { error: `the text has a character that data_coding ${dataCoding} (${charset}) cannot carry` };
}

/** The bodies in order, or why the text cannot be sent so. `charset0` is what data_coding 0 means at this SMSC. */
export function compose(message: TextToSend, charset0: Charset = 'gsm7'): Body[] | string {
  const encoded = encode(message, charset0);
  if ('error' in encoded) return encoded.error;
  const { chars, charset, dataCoding } = encoded;
  const shifts = charset === 'gsm7' ? shiftElements(message.shift ?? {}) : [];
  if (message.carrier === 'payload') return [payload(chars, shifts, dataCoding)];
  const fixed = shifts.length * 3;
  const headerOctets = 1 + CONCAT_OCTETS[message.carrier] + fixed;
  const parts = splitChars(chars, { charset, headerOctets, fixedOctets: fixed === 0 ? 0 : 1 + fixed });
  const total = parts.length;
  if (total > 255) return `the text needs ${total} parts; 255 is the most`;
  return parts.map((octets, index) => {
    const concat = { ref: message.ref, total, part: index + 1 };
    const inHeader = total > 1 && message.carrier !== 'sar';
    const elements = inHeader ? [concatElement(concat, message.carrier === 'udh16'), ...shifts] : shifts;
    const tlvs = total > 1 && message.carrier === 'sar' ? sarTlvs(concat) : [];
    return { ...headed(elements, octets), dataCoding, tlvs };
  });
}
