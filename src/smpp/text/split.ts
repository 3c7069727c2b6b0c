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

/** TP-UD of one message, octets (TS 23.040 9.2.3.24). */
const ROOM = 140;

/** Information elements of the concatenation: 9.2.3.24.1 (8-bit reference) and 9.2.3.24.8 (16-bit), id and length included. */
const CONCAT_OCTETS = { udh8: 5, udh16: 6, sar: 6 } as const;

/** 9.2.3.24.1: sequence numbers are one octet. */
const MOST_PARTS = 255;

/**
 * The parts of a text, at most 255: what exceeds them is left out (over 30,000 characters: no notice is that long).
 * `reference` is asked for where there are several: the concatenation reference, cut to the carrier's width. A text that needs a header of its own
 * (national tables) travels with a user data header whatever the carrier.
 */
export function splitText(
  text: EncodedText,
  carrier: Carrier,
  reference: (octets: Uint8Array) => number,
): readonly TextPart[] {
  const total = text.units.reduce((sum, unit) => sum + unit.cost, 0);
  if (total <= roomFor(text, 0)) return [whole(text)];
  const way = text.elements.length > 0 && carrier !== 'udh16' ? 'udh8' : carrier;
  if (way === 'payload') return [payload(octetsOf(text.units))];
  // With SAR TLVs the SMSC builds the header itself, with the 16-bit reference.
  const chunks = pack(text.units, roomFor(text, CONCAT_OCTETS[way])).slice(0, MOST_PARTS);
  const number = reference(octetsOf(text.units));
  return chunks.map((chunk, index) => {
    const place = [number, chunks.length, index + 1] as const;
    return way === 'sar'
      ? segment(octetsOf(chunk), place)
      : framed(octetsOf(chunk), [...concat(way, place), ...text.elements]);
  });
}

/** Septets in the default alphabet (padded to a septet boundary after the header), octets in UCS2, whose units are even. */
function roomFor(text: EncodedText, concatOctets: number): number {
  const elements = concatOctets + text.elements.length;
  const octets = ROOM - (elements === 0 ? 0 : elements + 1);
  return text.alphabet === 'ucs2' ? octets : Math.floor((octets * 8) / 7);
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
  const octets = Buffer.allocUnsafe(units.reduce((sum, unit) => sum + unit.octets.length, 0));
  let at = 0;
  for (const unit of units) for (const octet of unit.octets) octets[at++] = octet;
  return octets;
}

function whole(text: EncodedText): TextPart {
  const data = octetsOf(text.units);
  return text.elements.length > 0 ? framed(data, text.elements) : { esmClass: 0, shortMessage: data, tlvs: [] };
}

/** SMPP 3.4 5.3.2.32: sm_length is 0 then. */
function payload(data: Buffer): TextPart {
  const value = data.subarray(0, 0xffff);
  return { esmClass: 0, shortMessage: Buffer.alloc(0), tlvs: [{ tag: TAG.messagePayload, value }] };
}

type Place = readonly [reference: number, total: number, sequence: number];

function concat(carrier: 'udh8' | 'udh16', [reference, total, sequence]: Place): readonly number[] {
  return carrier === 'udh8'
    ? [0x00, 3, reference & 0xff, total, sequence]
    : [0x08, 4, (reference >> 8) & 0xff, reference & 0xff, total, sequence];
}

/** A user data header of these elements, then the text. */
function framed(data: Buffer, elements: readonly number[]): TextPart {
  const shortMessage = Buffer.concat([Buffer.from([elements.length, ...elements]), data]);
  return { esmClass: ESM.udh, shortMessage, tlvs: [] };
}

function segment(data: Buffer, place: Place): TextPart {
  return { esmClass: 0, shortMessage: data, tlvs: sarTlvs(place) };
}

/** SMPP 3.4 5.3.2.22 to 5.3.2.24. */
function sarTlvs([reference, total, sequence]: Place): readonly Tlv[] {
  return [
    { tag: TAG.sarMsgRefNum, value: Buffer.from([(reference >> 8) & 0xff, reference & 0xff]) },
    { tag: TAG.sarTotalSegments, value: Buffer.from([total]) },
    { tag: TAG.sarSegmentSeqnum, value: Buffer.from([sequence]) },
  ];
}
