import type { Result } from '../lib/result.ts';
import { fault, ok } from '../lib/result.ts';
import { decodePdu } from './codec/codec.ts';
import type { Field, Layout } from './codec/dictionary.ts';
import { layoutOfId } from './codec/dictionary.ts';
import type { Pdu } from './pdu.ts';
import { STATUS } from './pdu.ts';

/**
 * Checks a frame's structure before any codec touches it. All of these faults are recoverable: the frame's length held,
 * so the next PDU starts where it should. A request is answered with generic_nack, a response still settles what
 * waited for it (its header is trustworthy even when its body is not).
 */
export interface PduFault {
  readonly kind: 'unknown-command' | 'missing-field' | 'unterminated' | 'overlong' | 'bad-length' | 'broken-tlv';
  readonly commandId: number;
  readonly status: number;
  readonly sequence: number;
  /** The mandatory field, or the TLV's tag in hex. */
  readonly where: string | undefined;
  /** What generic_nack says of it (SMPP 3.4 4.3). */
  readonly answer: number;
}

/** Octets of a C-string with its NUL in a request, SMPP 3.4 4.x "Size". */
const MAX_CSTRING: Readonly<Record<string, number>> = {
  system_id: 16,
  password: 9,
  system_type: 13,
  address_range: 41,
  service_type: 6,
  source_addr: 65,
  destination_addr: 65,
  esme_addr: 65,
  schedule_delivery_time: 17,
  validity_period: 17,
};

/**
 * The same in a response. There it is a system_id of at most 16 or a message_id of at most 65; peers are seen to send
 * more, which hurts nobody, so the cap only keeps them bounded.
 */
const MAX_IN_RESPONSE = 256;

const HEADER = 16;
const RESPONSE_BIT = 0x80000000;

type Where = Pick<PduFault, 'kind' | 'where'>;

export function checkFrame(frame: Buffer): Result<Layout, PduFault> {
  const commandId = frame.readUInt32BE(4);
  const header = { commandId, status: frame.readUInt32BE(8), sequence: frame.readUInt32BE(12) };
  const layout = layoutOfId(commandId);
  if (layout === undefined)
    return fault({ ...header, kind: 'unknown-command', where: undefined, answer: STATUS.invalidCommandId });
  const wrong = checkBody(frame, layout);
  return wrong === undefined ? ok(layout) : fault({ ...header, ...wrong, answer: STATUS.invalidCommandLength });
}

/** Whether the faulty PDU was a response: those are never answered, not even with a nack. */
export function faultyResponse(wrong: PduFault): boolean {
  return wrong.commandId >= RESPONSE_BIT;
}

/**
 * What a faulty PDU says all the same: its header, and its fields where only what follows them is broken, such as the NULs that
 * fill a fixed field; undefined for a command that nobody knows.
 */
export function soundPartOf(frame: Buffer, { kind, commandId, status, sequence }: PduFault): Pdu | undefined {
  const layout = layoutOfId(commandId);
  if (layout === undefined) return undefined;
  const fields = kind === 'broken-tlv' ? decodePdu(frame, layout).fields : {};
  return { command: layout.name, status, sequence, fields, tlvs: [] };
}

function checkBody(frame: Buffer, layout: Layout): Where | undefined {
  // A response that reports an error may leave its body out (SMPP 3.4 4.4.2), and some peers always do.
  if (layout.id >= RESPONSE_BIT && frame.length === HEADER) return undefined;
  let offset = HEADER;
  for (const field of layout.fields) {
    const most = layout.id >= RESPONSE_BIT ? MAX_IN_RESPONSE : (MAX_CSTRING[field.name] ?? 65);
    const end = endOfField(frame, offset, field, most);
    if (typeof end !== 'number') return end;
    offset = end;
  }
  return checkTlvs(frame, offset);
}

/** `most` is for a C-string. */
function endOfField(frame: Buffer, offset: number, field: Field, most: number): number | Where {
  if (offset >= frame.length) return { kind: 'missing-field', where: field.name };
  if (field.kind === 'octet') return offset + 1;
  if (field.kind === 'octets') {
    const end = offset + 1 + frame.readUInt8(offset);
    return end <= frame.length ? end : { kind: 'bad-length', where: field.name };
  }
  const nul = frame.indexOf(0, offset);
  if (nul < 0) return { kind: 'unterminated', where: field.name };
  return nul - offset < most ? nul + 1 : { kind: 'overlong', where: field.name };
}

function checkTlvs(frame: Buffer, from: number): Where | undefined {
  let offset = from;
  while (offset < frame.length) {
    if (offset + 4 > frame.length) return { kind: 'broken-tlv', where: undefined };
    const end = offset + 4 + frame.readUInt16BE(offset + 2);
    if (end > frame.length) return { kind: 'broken-tlv', where: frame.toString('hex', offset, offset + 2) };
    offset = end;
  }
  return undefined;
}
