// A PDU field by field, for people: offset, octets, name, meaning.
import { decodeSpans } from './codec.ts';
import type { Span } from './codec.ts';
import { commandOf } from './commands.ts';
import { charsetOf } from './data-coding.ts';
import { alphabetOf, shiftOf } from './national.ts';
import type { FieldValue } from './pdu.ts';
import { hex, statusName } from './status.ts';
import { decodeText } from './text.ts';
import { readUdh } from './udh.ts';

export interface FieldLine {
  readonly offset: number;
  readonly hex: string;
  readonly name: string;
  readonly meaning: string;
}

type Lookup = (name: string) => FieldValue | undefined;

const MESSAGE_TYPES: Readonly<Record<number, string>> = {
  0x00: 'message',
  0x04: 'delivery receipt',
  0x08: 'SME delivery acknowledgement',
  0x10: 'SME manual acknowledgement',
  0x18: 'conversation abort',
  0x20: 'intermediate notification',
};

function esmClass(value: number): string {
  const udh = (value & 0x40) === 0 ? '' : ', user data header';
  return `${hex(value, 2)} ${MESSAGE_TYPES[value & 0x3c] ?? 'reserved type'}${udh}`;
}

const numberOf = (value: FieldValue | undefined): number => (typeof value === 'number' ? value : 0);

function messageText(octets: Uint8Array, field: Lookup): string {
  const udh = (numberOf(field('esm_class')) & 0x40) === 0 ? undefined : readUdh(octets);
  const { rest, elements } = udh ?? { rest: octets, elements: [] };
  const charset = charsetOf(numberOf(field('data_coding')), 'gsm7');
  const header = udh === undefined ? '' : `UDH of ${octets.length - rest.length} octets, `;
  return `${header}${charset} ${JSON.stringify(decodeText(rest, charset, alphabetOf(shiftOf(elements))))}`;
}

const meanings: Readonly<Record<string, (value: number) => string>> = {
  command_length: (value) => `${value} octets`,
  command_id: (value) => `${hex(value, 8)} ${commandOf(value) ?? 'unknown'}`,
  command_status: (value) => `${hex(value, 8)} ${statusName(value)}`,
  esm_class: esmClass,
  data_coding: (value) => `${hex(value, 2)} ${charsetOf(value, 'gsm7')}`,
};

function meaning(span: Span, field: Lookup): string {
  const { value } = span;
  if (typeof value === 'number') return (meanings[span.name] ?? String)(value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (span.name === 'short_message' || span.name === 'message_payload') return messageText(value, field);
  return `${value.length} octets`;
}

/** Also of a PDU that cannot be read to its end: the last line then says why. */
export function dissect(bytes: Buffer): FieldLine[] {
  const decoded = decodeSpans(bytes);
  const field: Lookup = (name) => decoded.spans.find((span) => span.name === name)?.value;
  const lines = decoded.spans
    .filter((span) => span.length > 0)
    .map((span) => ({
      offset: span.offset,
      hex: bytes.toString('hex', span.offset, span.offset + span.length),
      name: span.tag === undefined ? span.name : `TLV ${span.name}`,
      meaning: meaning(span, field),
    }));
  if (decoded.kind === 'pdu') return lines;
  const read = decoded.spans.reduce((sum, span) => Math.max(sum, span.offset + span.length), 0);
  return [...lines, { offset: read, hex: bytes.toString('hex', read), name: 'malformed', meaning: decoded.reason }];
}
