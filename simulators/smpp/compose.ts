// One text to the bodies of as many messages as it needs, by any carrier.
import type { Charset } from './data-coding.ts';
import { charsetOf } from './data-coding.ts';
import { encodeChars, splitChars } from './text.ts';
import type { Tlv } from './tlv.ts';
import { TAG, uintTlv } from './tlv.ts';
import { concatElement, writeUdh } from './udh.ts';
import type { Concat } from './udh.ts';

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
}

export interface Body {
  /** 0x40 when a user data header opens the text, else 0. */
  readonly esmClass: number;
  readonly dataCoding: number;
  readonly shortMessage: Uint8Array;
  readonly tlvs: readonly Tlv[];
}

const UDHI = 0x40;
const HEADER_OCTETS: Readonly<Record<Carrier, number>> = { udh8: 6, udh16: 7, sar: 6, payload: 0 };

function part(octets: Uint8Array, concat: Concat, carrier: Carrier): Omit<Body, 'dataCoding'> {
  if (carrier === 'sar') {
    const tlvs = [
      uintTlv(TAG.sar_msg_ref_num, concat.ref, 2),
      uintTlv(TAG.sar_total_segments, concat.total, 1),
      uintTlv(TAG.sar_segment_seqnum, concat.part, 1),
    ];
    return { esmClass: 0, shortMessage: octets, tlvs };
  }
  const udh = writeUdh([concatElement(concat, carrier === 'udh16')]);
  return { esmClass: UDHI, shortMessage: Buffer.concat([udh, octets]), tlvs: [] };
}

const defaultCoding = (text: string): number => (encodeChars(text, 'gsm7') === undefined ? 8 : 0);

/** The bodies in order, or why the text cannot be sent so. `charset0` is what data_coding 0 means at this SMSC. */
export function compose(message: TextToSend, charset0: Charset = 'gsm7'): Body[] | string {
  const dataCoding = message.dataCoding ?? defaultCoding(message.text);
  const charset = charsetOf(dataCoding, charset0);
  const chars = encodeChars(message.text, charset);
  if (chars === undefined) return `the text has a character that data_coding ${dataCoding} (${charset}) cannot carry`;
  if (message.carrier === 'payload') {
    const tlvs = [{ tag: TAG.message_payload, value: Uint8Array.from(chars.flat()) }];
    return [{ esmClass: 0, dataCoding, shortMessage: new Uint8Array(0), tlvs }];
  }
  const parts = splitChars(chars, { charset, headerOctets: HEADER_OCTETS[message.carrier], fixedOctets: 0 });
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return [{ esmClass: 0, dataCoding, shortMessage: only, tlvs: [] }];
  if (parts.length > 255) return `the text needs ${parts.length} parts; 255 is the most`;
  return parts.map((octets, index) => ({
    dataCoding,
    ...part(octets, { ref: message.ref, total: parts.length, part: index + 1 }, message.carrier),
  }));
}
