import type { Tlv } from '../pdu.ts';
import { ESM, TAG } from '../pdu.ts';
import type { LinkSettings } from '../settings.ts';
import type { EncodedText, EncodedUnit } from './encode.ts';

/** What one submit_sm carries of a text. */
export interface TextPart {
  readonly esmClass: number;
  readonly shortMessage: Buffer;
  readonly tlvs: readonly Tlv[];
}

export type Carrier = LinkSettings['split'];

/**
 * Room in one message by TS 23.040 9.2.3.24: 140 octets are 160 septets; the header of an 8-bit reference takes 6
 * octets, that of a 16-bit one 7. With SAR TLVs the SMSC builds the header itself, with the 16-bit reference.
 */
const ROOM = {
  default: { whole: 160, udh8: 153, udh16: 152, sar: 152 },
  ucs2: { whole: 140, udh8: 134, udh16: 132, sar: 132 },
} as const;

/** 9.2.3.24.1: sequence numbers are one octet. */
const MOST_PARTS = 255;

/**
 * The parts of a text, at most 255: what exceeds them is left out (over 30,000 characters: no notice is that long).
 * `reference` is the concatenation reference, cut to the carrier's width.
 */
export function splitText(text: EncodedText, carrier: Carrier, reference: number): readonly TextPart[] {
  const room = ROOM[text.alphabet];
  const total = text.units.reduce((sum, unit) => sum + unit.cost, 0);
  if (total <= room.whole) return [plain(octetsOf(text.units))];
  if (carrier === 'payload') return [payload(octetsOf(text.units))];
  const chunks = pack(text.units, room[carrier]).slice(0, MOST_PARTS);
  return chunks.map((chunk, index) => framed(octetsOf(chunk), carrier, [reference, chunks.length, index + 1]));
}

function pack(units: readonly EncodedUnit[], room: number): readonly EncodedUnit[][] {
  const chunks: EncodedUnit[][] = [];
  let used = room;
  for (const unit of units) {
    if (used + unit.cost > room) {
      chunks.push([]);
      used = 0;
    }
    chunks.at(-1)?.push(unit);
    used += unit.cost;
  }
  return chunks;
}

function octetsOf(units: readonly EncodedUnit[]): Buffer {
  return Buffer.from(units.flatMap((unit) => unit.octets));
}

function plain(data: Buffer): TextPart {
  return { esmClass: 0, shortMessage: data, tlvs: [] };
}

/** SMPP 3.4 5.3.2.32: sm_length is 0 then. */
function payload(data: Buffer): TextPart {
  const value = data.subarray(0, 0xffff);
  return { esmClass: 0, shortMessage: Buffer.alloc(0), tlvs: [{ tag: TAG.messagePayload, value }] };
}

type Place = readonly [reference: number, total: number, sequence: number];

function framed(data: Buffer, carrier: 'udh8' | 'udh16' | 'sar', place: Place): TextPart {
  const [reference, total, sequence] = place;
  if (carrier === 'sar') return { esmClass: 0, shortMessage: data, tlvs: sarTlvs(place) };
  const header =
    carrier === 'udh8'
      ? [0x05, 0x00, 0x03, reference & 0xff, total, sequence]
      : [0x06, 0x08, 0x04, (reference >> 8) & 0xff, reference & 0xff, total, sequence];
  return { esmClass: ESM.udh, shortMessage: Buffer.concat([Buffer.from(header), data]), tlvs: [] };
}

/** SMPP 3.4 5.3.2.22 to 5.3.2.24. */
function sarTlvs([reference, total, sequence]: Place): readonly Tlv[] {
  return [
    { tag: TAG.sarMsgRefNum, value: Buffer.from([(reference >> 8) & 0xff, reference & 0xff]) },
    { tag: TAG.sarTotalSegments, value: Buffer.from([total]) },
    { tag: TAG.sarSegmentSeqnum, value: Buffer.from([sequence]) },
  ];
}
