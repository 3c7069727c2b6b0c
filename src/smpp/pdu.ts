import type { Address } from '../domain/address.ts';
import type { CommandName, FieldValue } from './codec/dictionary.ts';

/** One TLV (SMPP 3.4 5.3.1), value as it came. */
export interface Tlv {
  readonly tag: number;
  readonly value: Buffer;
}

/** One PDU behind our own record; `fields` are the mandatory parameters by their SMPP names. */
export interface Pdu {
  readonly command: CommandName;
  readonly status: number;
  readonly sequence: number;
  readonly fields: Readonly<Record<string, FieldValue>>;
  readonly tlvs: readonly Tlv[];
}

/** A response whose body may have been unreadable: the header settles what waited for it. */
export type Response = Pick<Pdu, 'status' | 'sequence' | 'fields' | 'tlvs'>;

/** Tags of SMPP 3.4 5.3.2 (congestion_state: 5.0 4.8.4.18). */
export const TAG = {
  receiptedMessageId: 0x001e,
  userMessageReference: 0x0204,
  destinationPort: 0x020b,
  sarMsgRefNum: 0x020c,
  sarTotalSegments: 0x020e,
  sarSegmentSeqnum: 0x020f,
  scInterfaceVersion: 0x0210,
  networkErrorCode: 0x0423,
  messagePayload: 0x0424,
  messageState: 0x0427,
  congestionState: 0x0428,
  ussdServiceOp: 0x0501,
  itsSessionInfo: 0x1383,
} as const;

/** command_status values that we send or test for by name (SMPP 3.4 5.1.3). */
export const STATUS = {
  ok: 0x00,
  invalidMessageLength: 0x01,
  invalidCommandLength: 0x02,
  invalidCommandId: 0x03,
  wrongBindState: 0x04,
  invalidSource: 0x0a,
  invalidDestination: 0x0b,
  bindFailed: 0x0d,
  invalidServiceType: 0x15,
  throttled: 0x58,
  temporaryAppError: 0x64,
  permanentAppError: 0x65,
  invalidOptionalPart: 0xc0,
  unknownError: 0xff,
} as const;

/** esm_class bits (SMPP 3.4 5.2.12). */
export const ESM = { typeMask: 0x3c, receipt: 0x04, intermediate: 0x20, udh: 0x40 } as const;

export function octet(pdu: Pdu, name: string): number {
  const value = pdu.fields[name];
  return typeof value === 'number' ? value : 0;
}

export function cstring(pdu: Pdu, name: string): string {
  const value = pdu.fields[name];
  return typeof value === 'string' ? value : '';
}

export function octets(pdu: Pdu, name: string): Buffer {
  const value = pdu.fields[name];
  return Buffer.isBuffer(value) ? value : Buffer.alloc(0);
}

/** The first TLV of that tag. */
export function tlv(pdu: Pick<Pdu, 'tlvs'>, tag: number): Buffer | undefined {
  return pdu.tlvs.find((each) => each.tag === tag)?.value;
}

/** A TLV read as an unsigned integer of whatever length up to 4; undefined when absent or empty. */
export function tlvNumber(pdu: Pick<Pdu, 'tlvs'>, tag: number): number | undefined {
  const value = tlv(pdu, tag);
  if (value === undefined || value.length === 0 || value.length > 4) return undefined;
  return value.readUIntBE(0, value.length);
}

/** A TLV holding a C-string; some SMSCs leave the NUL out. */
export function tlvText(pdu: Pick<Pdu, 'tlvs'>, tag: number): string | undefined {
  const value = tlv(pdu, tag);
  if (value === undefined) return undefined;
  const end = value.indexOf(0);
  return value.toString('latin1', 0, end < 0 ? value.length : end);
}

export function sourceOf(pdu: Pdu): Address {
  return {
    ton: octet(pdu, 'source_addr_ton'),
    npi: octet(pdu, 'source_addr_npi'),
    digits: cstring(pdu, 'source_addr'),
  };
}

export function destinationOf(pdu: Pdu): Address {
  return {
    ton: octet(pdu, 'dest_addr_ton'),
    npi: octet(pdu, 'dest_addr_npi'),
    digits: cstring(pdu, 'destination_addr'),
  };
}

/** The user data: message_payload when present (then sm_length is 0), else short_message. */
export function userDataOf(pdu: Pdu): Buffer {
  const payload = tlv(pdu, TAG.messagePayload);
  const short = octets(pdu, 'short_message');
  return short.length === 0 && payload !== undefined ? payload : short;
}

export function isResponse(command: CommandName): boolean {
  return command === 'generic_nack' || command.endsWith('_resp');
}

const RESPONSES: Readonly<Partial<Record<CommandName, CommandName>>> = {
  deliver_sm: 'deliver_sm_resp',
  data_sm: 'data_sm_resp',
  enquire_link: 'enquire_link_resp',
  unbind: 'unbind_resp',
};

/** The response to a request of the SMSC; requests that an ESME has no response for get a generic_nack. */
export function responseTo(request: Pick<Pdu, 'command' | 'sequence'>, status: number): Pdu {
  const command = RESPONSES[request.command];
  if (command === undefined)
    return genericNack(request.sequence, status === STATUS.ok ? STATUS.invalidCommandId : status);
  return { command, status, sequence: request.sequence, fields: {}, tlvs: [] };
}

export function genericNack(sequence: number, status: number): Pdu {
  return { command: 'generic_nack', status, sequence, fields: {}, tlvs: [] };
}

export function bare(command: 'enquire_link' | 'unbind', sequence: number): Pdu {
  return { command, status: STATUS.ok, sequence, fields: {}, tlvs: [] };
}
