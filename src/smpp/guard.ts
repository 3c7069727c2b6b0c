import type { Result } from '../lib/result.ts';
import { fault, ok } from '../lib/result.ts';
import { decodePdu } from './codec/codec.ts';
import type { Field, Layout } from './codec/dictionary.ts';
import { layoutOfId } from './codec/dictionary.ts';
import type { Pdu } from './pdu.ts';
import { genericNack, responseTo, STATUS, TAG, userDataOf } from './pdu.ts';

/**
 * Checks a frame's structure before any codec touches it. All of these faults are recoverable: the frame's length held,
 * so the next PDU starts where it should. What can be read of a request is followed, for a STOP may be in it; else its own response
 * refuses it. A response still settles what waited for it (its header is trustworthy even when its body is not).
 */
export interface PduFault {
  readonly kind: 'unknown-command' | 'missing-field' | 'unterminated' | 'overlong' | 'bad-length' | 'broken-tlv';
  readonly commandId: number;
  readonly status: number;
  readonly sequence: number;
  /** The mandatory field, or the TLV's tag in hex. */
  readonly where: string | undefined;
  /** command_status of what refuses it (SMPP 3.4 5.1.3). */
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
 * more, which hurts nobody, so the cap only keeps them bounded. A request with more is at fault, but can be read.
 */
const MAX_READABLE = 256;

/** What refuses a field (SMPP 3.4 5.1.3); any other is a body of the wrong length. */
const FIELD_STATUS: Readonly<Record<string, number>> = {
  service_type: STATUS.invalidServiceType,
  source_addr: STATUS.invalidSource,
  destination_addr: STATUS.invalidDestination,
  short_message: STATUS.invalidMessageLength,
};

/** Without these a text is another one: they hold it, or say that it is a part, or a turn of a dialogue. */
const LEADING = [
  TAG.messagePayload,
  TAG.sarMsgRefNum,
  TAG.sarTotalSegments,
  TAG.sarSegmentSeqnum,
  TAG.ussdServiceOp,
].map((tag) => tag.toString(16).padStart(4, '0'));

const HEADER = 16;
const RESPONSE_BIT = 0x80000000;

type Where = Pick<PduFault, 'kind' | 'where'>;

export function checkFrame(frame: Buffer): Result<Layout, PduFault> {
  const commandId = frame.readUInt32BE(4);
  const header = { commandId, status: frame.readUInt32BE(8), sequence: frame.readUInt32BE(12) };
  const layout = layoutOfId(commandId);
  if (layout === undefined)
    return fault({ kind: 'unknown-command', where: undefined, answer: STATUS.invalidCommandId, ...header });
  const wrong = checkBody(frame, layout);
  return wrong === undefined ? ok(layout) : fault({ answer: statusOf(wrong), ...header, ...wrong });
}

function statusOf({ kind, where }: Where): number {
  if (kind === 'broken-tlv') return STATUS.invalidOptionalPart;
  const ofField = kind === 'missing-field' ? undefined : FIELD_STATUS[where ?? ''];
  return ofField ?? STATUS.invalidCommandLength;
}

/** Whether the faulty PDU was a response: those are never answered, not even with a nack. */
export function faultyResponse(wrong: PduFault): boolean {
  return wrong.commandId >= RESPONSE_BIT;
}

/**
 * What a faulty PDU says all the same: its fields where each can be read, and the TLVs that are whole. A response always settles what
 * its header names. Undefined for a command that nobody knows, and for a request whose fault may hide what it says.
 */
export function soundPartOf(frame: Buffer, wrong: PduFault): Pdu | undefined {
  const layout = layoutOfId(wrong.commandId);
  if (layout === undefined) return undefined;
  const rest = checkBody(frame, layout, true);
  if (faultyResponse(wrong))
    return isReadable(rest) || endsWith(frame, rest) ? decodePdu(frame, layout) : bareOf(layout, wrong);
  return isReadable(rest) && !hides(frame, layout, rest?.where) ? decodePdu(frame, layout) : undefined;
}

function isReadable(rest: Where | undefined): rest is undefined | (Where & { readonly kind: 'broken-tlv' }) {
  return rest === undefined || rest.kind === 'broken-tlv';
}

/** Whether the one C-string of a response, system_id or message_id, lacks its NUL only: it ends where the PDU does. */
function endsWith(frame: Buffer, { kind }: Where): boolean {
  return kind === 'unterminated' && frame.length - HEADER < MAX_READABLE;
}

function bareOf({ name }: Layout, { status, sequence }: PduFault): Pdu {
  return { command: name, status, sequence, fields: {}, tlvs: [] };
}

/** How a faulty request is refused: generic_nack is for headers (SMPP 3.4 4.3), and for what has no response. */
export function refusalOf({ commandId, sequence, answer }: PduFault): Pdu {
  const layout = layoutOfId(commandId);
  if (layout === undefined) return genericNack(sequence, answer);
  return responseTo({ command: layout.name, sequence }, answer);
}

/** Whether the message may be in what is broken: it was named there, or nothing is left without it. */
function hides(frame: Buffer, layout: Layout, where: string | undefined): boolean {
  if (where === undefined || layout.fields.length === 0) return false;
  const sound = decodePdu(frame, layout);
  return LEADING.includes(where) || (userDataOf(sound).length === 0 && sound.tlvs.length === 0);
}

/** `lax` asks only what can be read. */
function checkBody(frame: Buffer, layout: Layout, lax = layout.id >= RESPONSE_BIT): Where | undefined {
  // A response that reports an error may leave its body out (SMPP 3.4 4.4.2), and some peers always do.
  if (layout.id >= RESPONSE_BIT && frame.length === HEADER) return undefined;
  let offset = HEADER;
  for (const field of layout.fields) {
    const most = lax ? MAX_READABLE : (MAX_CSTRING[field.name] ?? 65);
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
