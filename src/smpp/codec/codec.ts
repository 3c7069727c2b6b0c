import type { Pdu, Tlv } from '../pdu.ts';
import type { FieldValue, Layout } from './dictionary.ts';
import { layoutOf } from './dictionary.ts';

const HEADER = 16;

/** Reads a frame whose fields the guard has passed with this layout; of its TLVs those that are whole. */
export function decodePdu(frame: Buffer, layout: Layout): Pdu {
  const fields: Record<string, FieldValue> = {};
  let offset = HEADER;
  for (const field of layout.fields) {
    if (offset >= frame.length) break;
    const value = field.read(frame, offset);
    fields[field.name] = value;
    offset += field.size(value);
  }
  return {
    command: layout.name,
    status: frame.readUInt32BE(8),
    sequence: frame.readUInt32BE(12),
    fields,
    tlvs: readTlvs(frame, offset),
  };
}

/** Some SMSCs leave the NUL of a C-string out of its TLV's length and write it all the same: the next TLV is behind it. */
function readTlvs(frame: Buffer, from: number): readonly Tlv[] {
  const tlvs: Tlv[] = [];
  let offset = from;
  while (offset + 4 <= frame.length) {
    const end = offset + 4 + frame.readUInt16BE(offset + 2);
    const whole = end <= frame.length;
    if (whole) tlvs.push({ tag: frame.readUInt16BE(offset), value: frame.subarray(offset + 4, end) });
    else if (frame[offset] !== 0) break;
    offset = whole ? end : offset + 1;
  }
  return tlvs;
}

/** The PDU's octets; absent fields take the dictionary's empty value. */
export function encodePdu(pdu: Pdu): Buffer {
  const layout = layoutOf(pdu.command);
  const body = layout.fields.map((field) => ({ field, value: pdu.fields[field.name] ?? field.empty }));
  const bodyLength = body.reduce((sum, { field, value }) => sum + field.size(value), 0);
  const tlvLength = pdu.tlvs.reduce((sum, tlv) => sum + 4 + tlv.value.length, 0);
  const frame = Buffer.alloc(HEADER + bodyLength + tlvLength);
  frame.writeUInt32BE(frame.length, 0);
  frame.writeUInt32BE(layout.id, 4);
  frame.writeUInt32BE(pdu.status, 8);
  frame.writeUInt32BE(pdu.sequence, 12);
  let offset = HEADER;
  for (const { field, value } of body) {
    field.write(value, frame, offset);
    offset += field.size(value);
  }
  for (const { tag, value } of pdu.tlvs) {
    frame.writeUInt16BE(tag, offset);
    frame.writeUInt16BE(value.length, offset + 2);
    value.copy(frame, offset + 4);
    offset += 4 + value.length;
  }
  return frame;
}
