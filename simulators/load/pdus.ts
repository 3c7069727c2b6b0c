/** PDUs encoded once and patched in place: what a busy SMSC sends and receives (SMPP 3.4 section 4). */
import { encode } from '../smpp/codec.ts';
import { pdu } from '../smpp/pdu.ts';
import { receiptText } from '../smpp/receipt.ts';
import type { Tlv } from '../smpp/tlv.ts';
import { TAG, textTlv, uintTlv } from '../smpp/tlv.ts';
import { DIGITS, putDigits } from './numbers.ts';

export const COMMAND = {
  genericNack: 0x80000000,
  submitSm: 0x00000004,
  submitSmResp: 0x80000004,
  deliverSmResp: 0x80000005,
  unbind: 0x00000006,
  unbindResp: 0x80000006,
  bindReceiver: 0x00000001,
  bindTransmitter: 0x00000002,
  bindTransceiver: 0x00000009,
  enquireLink: 0x00000015,
  enquireLinkResp: 0x80000015,
} as const;

export const STATUS = { ok: 0, invalidCommand: 0x03, throttled: 0x58 } as const;

const SEQUENCE_AT = 12;
/** Digits of our message ids. */
const ID_DIGITS = 10;
const BLANK_ID = '0'.repeat(ID_DIGITS);
/** esm_class: a delivery receipt (SMPP 3.4 section 5.2.12). */
const RECEIPT = 0x04;
/** esm_class: the short message begins with a user data header. */
const UDHI = 0x40;
/** message_state DELIVERED (SMPP 3.4 section 5.2.28). */
const DELIVERED = 2;

/** A frame and where it is patched for one subscriber. */
export interface Template {
  readonly frame: Buffer;
  readonly numberAt: number;
  /** Where the octet of its USSD dialogue stands. */
  readonly sessionAt?: number;
}

export interface Addresses {
  readonly prefix: string;
  readonly shortCode: string;
}

interface Said {
  readonly short: Buffer;
  readonly serviceType?: string;
  readonly esmClass?: number;
  readonly tlvs?: readonly Tlv[];
}

export function fromHandset({ prefix, shortCode }: Addresses, said: Said): Template {
  const { short, serviceType = '', esmClass = 0, tlvs = [] } = said;
  const blank = `${prefix}${'0'.repeat(DIGITS)}`;
  const fields = {
    service_type: serviceType,
    source_addr_ton: 1,
    source_addr_npi: 1,
    source_addr: blank,
    destination_addr: shortCode,
    esm_class: esmClass,
    short_message: short,
  };
  const frame = encode(pdu('deliver_sm', 0, { fields, tlvs }));
  return { frame, numberAt: frame.indexOf(blank, 16, 'latin1') + prefix.length };
}

/** A text from a handset, in the SMSC's default alphabet: ASCII letters and digits are the same in GSM 7-bit. */
export function moTemplate(addresses: Addresses, text: string): Template {
  return fromHandset(addresses, { short: Buffer.from(text, 'latin1') });
}

export interface ReceiptTemplate extends Template {
  /** Where the message id stands: in the text, and in receipted_message_id. */
  readonly idsAt: readonly [number, number];
}

export function receiptTemplate(addresses: Addresses, now: Date): ReceiptTemplate {
  const text = receiptText({ messageId: BLANK_ID, state: 'DELIVRD', submitted: now, done: now, error: 0, text: '' });
  const tlvs = [uintTlv(TAG.message_state, DELIVERED, 1), textTlv(TAG.receipted_message_id, BLANK_ID)];
  const template = fromHandset(addresses, { short: Buffer.from(text, 'latin1'), esmClass: RECEIPT, tlvs });
  const first = template.frame.indexOf(`id:${BLANK_ID}`, 0, 'latin1') + 3;
  return { ...template, idsAt: [first, template.frame.indexOf(BLANK_ID, first + ID_DIGITS, 'latin1')] };
}

export function putReceipt(at: number, bytes: Buffer, template: ReceiptTemplate, id: number): void {
  for (const place of template.idsAt) putDigits(bytes, at + place, id, ID_DIGITS);
}

export function putSequence(bytes: Buffer, at: number, sequence: number): void {
  bytes.writeUInt32BE(sequence, at + SEQUENCE_AT);
}

/** A submit_sm_resp with a blank message id; its id stands right behind the header. */
export const SUBMIT_RESP = encode(pdu('submit_sm_resp', 0, { fields: { message_id: BLANK_ID } }));

export function putMessageId(bytes: Buffer, at: number, id: number): void {
  putDigits(bytes, at + 16, id, ID_DIGITS);
}

/** A response without a body. */
export function bareResponse(command: number, status: number, sequence: number): Buffer {
  const frame = Buffer.alloc(16);
  frame.writeUInt32BE(16, 0);
  frame.writeUInt32BE(command, 4);
  frame.writeUInt32BE(status, 8);
  frame.writeUInt32BE(sequence, SEQUENCE_AT);
  return frame;
}

export function bindResponse(command: number, sequence: number): Buffer {
  const parts = { fields: { system_id: 'load' }, tlvs: [uintTlv(TAG.sc_interface_version, 0x34, 1)] };
  const frame = encode(pdu('bind_transceiver_resp', sequence, parts));
  frame.writeUInt32BE((command | 0x80000000) >>> 0, 4);
  return frame;
}

/** What the load reads of a submit_sm: who shall get it, and its text. */
export interface Submission {
  /** Offset of the destination address and its end (its NUL). */
  readonly to: number;
  readonly toEnd: number;
  /** Whether this is the text's last or only part. */
  readonly last: boolean;
  readonly text: number;
  readonly textEnd: number;
  /** Of the frame; its TLVs are between. */
  readonly end: number;
  readonly wantsReceipt: boolean;
}

/** SMPP 3.4 section 4.4.1; `offset` is where the frame begins. */
export function readSubmission(bytes: Buffer, offset: number, end: number): Submission {
  const serviceEnd = bytes.indexOf(0, offset + 16);
  const to = bytes.indexOf(0, serviceEnd + 3) + 3;
  const toEnd = bytes.indexOf(0, to);
  const esmClass = bytes[toEnd + 1] ?? 0;
  const validity = bytes.indexOf(0, toEnd + 4) + 1;
  const rest = bytes.indexOf(0, validity) + 1;
  const text = rest + 5;
  const textEnd = Math.min(text + (bytes[rest + 4] ?? 0), end);
  return {
    to,
    toEnd,
    last: (esmClass & UDHI) === 0 || isLastPart(bytes, text),
    text,
    textEnd,
    end,
    wantsReceipt: ((bytes[rest] ?? 0) & 0x03) === 1,
  };
}

/** 3GPP TS 23.040 section 9.2.3.24.1: concatenation by an 8-bit reference, as the load's peers send it. */
function isLastPart(bytes: Buffer, header: number): boolean {
  if (bytes[header + 1] === 0) return bytes[header + 4] === bytes[header + 5];
  return bytes[header + 1] !== 8 || bytes[header + 5] === bytes[header + 6];
}
