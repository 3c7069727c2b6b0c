// Bytes of one PDU to fields and back: SMPP 3.4 sections 3.2 and 4.
import { commandId, commandOf, isResponse } from './commands.ts';
import type { Command } from './commands.ts';
import { HEADER_OCTETS } from './frame.ts';
import type { FieldSpec } from './layouts.ts';
import { LAYOUTS } from './layouts.ts';
import type { FieldValue, Pdu } from './pdu.ts';
import { hex, STATUS } from './status.ts';
import type { Tlv } from './tlv.ts';
import { tlvName, tlvValue } from './tlv.ts';

/** One field and the octets it came from: what a dissector shows. */
export interface Span {
  readonly name: string;
  readonly offset: number;
  readonly length: number;
  readonly value: FieldValue;
  readonly tag?: number;
}

export interface PduFault {
  readonly kind: 'fault';
  readonly commandId: number;
  readonly sequence: number;
  /** What to answer: ESME_RINVCMDID, ESME_RINVCMDLEN or ESME_RINVOPTPARSTREAM. */
  readonly status: number;
  readonly reason: string;
}

export interface Decoded {
  readonly kind: 'pdu';
  readonly pdu: Pdu;
}

interface Cursor {
  readonly bytes: Buffer;
  offset: number;
  readonly fields: Record<string, FieldValue>;
  /** Only a dissector asks for spans. */
  readonly spans: Span[] | undefined;
}

/** Undefined when read well, else why not. */
type Reason = string | undefined;

function take(at: Cursor, name: string, length: number, value: FieldValue): void {
  at.spans?.push({ name, offset: at.offset, length, value });
  at.fields[name] = value;
  at.offset += length;
}

function readCString(at: Cursor, name: string, max: number): Reason {
  const end = at.bytes.indexOf(0, at.offset);
  if (end < 0) return `${name} has no terminating NUL`;
  if (end - at.offset >= max) return `${name} is longer than ${max - 1} octets`;
  take(at, name, end - at.offset + 1, at.bytes.toString('latin1', at.offset, end));
  return undefined;
}

function readOctets(at: Cursor, name: string, length: number): Reason {
  if (at.offset + length > at.bytes.length) return `${name} should have ${length} octets but the PDU ends before`;
  take(at, name, length, Uint8Array.from(at.bytes.subarray(at.offset, at.offset + length)));
  return undefined;
}

function readRecords(at: Cursor, spec: FieldSpec & { type: 'records' }): Reason {
  let end = at.offset;
  for (let left = Number(at.fields[spec.count] ?? 0); left > 0; left -= 1) {
    const next = spec.end(at.bytes, end);
    if (next === undefined) return `${spec.name} is cut short, or one of it is of an unknown kind`;
    end = next;
  }
  return readOctets(at, spec.name, end - at.offset);
}

function readField(at: Cursor, spec: FieldSpec): Reason {
  if (spec.type === 'records') return readRecords(at, spec);
  if (spec.type === 'cstring') return readCString(at, spec.name, spec.max);
  if (spec.type === 'octets') return readOctets(at, spec.name, Number(at.fields[spec.length] ?? 0));
  if (at.offset >= at.bytes.length) return `${spec.name} is missing`;
  take(at, spec.name, 1, at.bytes.readUInt8(at.offset));
  return undefined;
}

function readTlvs(at: Cursor, tlvs: Tlv[]): Reason {
  while (at.offset < at.bytes.length) {
    if (at.bytes.length - at.offset < 4) return 'octets left over that are no optional parameter';
    const tag = at.bytes.readUInt16BE(at.offset);
    const length = at.bytes.readUInt16BE(at.offset + 2);
    const start = at.offset + 4;
    if (start + length > at.bytes.length) return `optional parameter ${tlvName(tag)} runs past the end of the PDU`;
    const tlv = { tag, value: Uint8Array.from(at.bytes.subarray(start, start + length)) };
    tlvs.push(tlv);
    at.spans?.push({ name: tlvName(tag), offset: at.offset, length: 4 + length, value: tlvValue(tlv), tag });
    at.offset = start + length;
  }
  return undefined;
}

/** A response with an error, and any old SMSC's deliver_sm_resp, may come without its body (section 4.1.2 note). */
const mayLackBody = (command: Command): boolean => isResponse(command);

function readBody(at: Cursor, command: Command): Reason {
  if (at.offset === at.bytes.length && mayLackBody(command)) return undefined;
  for (const spec of LAYOUTS[command]) {
    const reason = readField(at, spec);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function readPdu(at: Cursor): Decoded | PduFault {
  const { bytes } = at;
  const [id, status, sequence] = [bytes.readUInt32BE(4), bytes.readUInt32BE(8), bytes.readUInt32BE(12)];
  const fault = (answer: number, reason: string): PduFault => ({
    kind: 'fault',
    commandId: id,
    sequence,
    status: answer,
    reason,
  });
  const command = commandOf(id);
  if (command === undefined) return fault(STATUS.ESME_RINVCMDID, `command_id ${hex(id, 8)} is not one we know`);
  const bad = readBody(at, command);
  if (bad !== undefined) return fault(STATUS.ESME_RINVCMDLEN, bad);
  const tlvs: Tlv[] = [];
  const badTlv = readTlvs(at, tlvs);
  if (badTlv !== undefined) return fault(STATUS.ESME_RINVOPTPARSTREAM, badTlv);
  return { kind: 'pdu', pdu: { command, status, sequence, fields: at.fields, tlvs } };
}

/** `bytes` is one whole frame, as `frameReader` gives it. */
export const decode = (bytes: Buffer): Decoded | PduFault =>
  readPdu({ bytes, offset: HEADER_OCTETS, fields: {}, spans: undefined });

/** The same with where each field lies; of a PDU that cannot be read, the fields before the fault. */
export function decodeSpans(bytes: Buffer): (Decoded | PduFault) & { readonly spans: readonly Span[] } {
  const spans = ['command_length', 'command_id', 'command_status', 'sequence_number'].map((name, index) => ({
    name,
    offset: index * 4,
    length: 4,
    value: bytes.readUInt32BE(index * 4),
  }));
  return { ...readPdu({ bytes, offset: HEADER_OCTETS, fields: {}, spans }), spans };
}

function encodeField(spec: FieldSpec, fields: Pdu['fields']): Buffer {
  const value = fields[spec.name];
  if (spec.type === 'cstring') return Buffer.from(`${typeof value === 'string' ? value : ''}\0`, 'latin1');
  if (spec.type === 'uint8') {
    const octet = Buffer.alloc(1);
    octet.writeUInt8(typeof value === 'number' ? value : 0);
    return octet;
  }
  return Buffer.from(value instanceof Uint8Array ? value : []);
}

function encodeTlv(tlv: Tlv): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(tlv.tag, 0);
  head.writeUInt16BE(tlv.value.length, 2);
  return Buffer.concat([head, tlv.value]);
}

/** Bodies of failed responses are left out (SMPP 3.4 section 4.4.2), unless optional parameters must follow them. */
function leavesBodyOut(of: Pdu): boolean {
  return isResponse(of.command) && of.status !== 0 && of.tlvs.length === 0;
}

/** Throws RangeError on a number that does not fit its field: a simulator's own mistake, never its peer's. */
export function encode(of: Pdu): Buffer {
  const short = of.fields['short_message'];
  // sm_length is always counted from the octets themselves.
  const fields = { ...of.fields, sm_length: short instanceof Uint8Array ? short.length : 0 };
  const body = leavesBodyOut(of) ? [] : LAYOUTS[of.command].map((spec) => encodeField(spec, fields));
  const head = Buffer.alloc(HEADER_OCTETS);
  const pdu = Buffer.concat([head, ...body, ...of.tlvs.map(encodeTlv)]);
  pdu.writeUInt32BE(pdu.length, 0);
  pdu.writeUInt32BE(commandId(of.command), 4);
  pdu.writeUInt32BE(of.status, 8);
  pdu.writeUInt32BE(of.sequence, 12);
  return pdu;
}
