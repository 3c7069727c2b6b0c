/** The Diameter header (RFC 6733 section 3). */
import { decodeAvps, encodeAvps, type Avp, type AvpLengthFault } from './avp.ts';

export interface Header {
  readonly version: number;
  /** R 0x80, P 0x40, E 0x20, T 0x10; the rest is reserved. */
  readonly flags: number;
  readonly command: number;
  readonly application: number;
  readonly hopByHop: number;
  readonly endToEnd: number;
}

export interface Message extends Header {
  readonly avps: readonly Avp[];
}

/** A frame whose header is good and whose AVPs are not. */
export interface BrokenMessage {
  readonly kind: 'broken';
  readonly header: Header;
  readonly fault: AvpLengthFault;
}

export const R_BIT = 0x80;
export const P_BIT = 0x40;
export const E_BIT = 0x20;
export const T_BIT = 0x10;
export const HEADER_LENGTH = 20;

/** `frame` is exactly one message, as the framer cuts it. */
export function decodeMessage(frame: Buffer): Message | BrokenMessage {
  const header: Header = {
    version: frame.readUInt8(0),
    flags: frame.readUInt8(4),
    command: frame.readUIntBE(5, 3),
    application: frame.readUInt32BE(8),
    hopByHop: frame.readUInt32BE(12),
    endToEnd: frame.readUInt32BE(16),
  };
  const avps = decodeAvps(frame.subarray(HEADER_LENGTH));
  return 'kind' in avps ? { kind: 'broken', header, fault: avps } : { ...header, avps };
}

export function encodeMessage(message: Message): Buffer {
  const body = encodeAvps(message.avps);
  const frame = Buffer.allocUnsafe(HEADER_LENGTH + body.length);
  frame.writeUInt8(message.version, 0);
  frame.writeUIntBE(frame.length, 1, 3);
  frame.writeUInt8(message.flags, 4);
  frame.writeUIntBE(message.command, 5, 3);
  frame.writeUInt32BE(message.application, 8);
  frame.writeUInt32BE(message.hopByHop, 12);
  frame.writeUInt32BE(message.endToEnd, 16);
  body.copy(frame, HEADER_LENGTH);
  return frame;
}

/** The answer to `request`: its ids and its P bit, never its T bit (RFC 6733 section 6.2). A 3xxx result sets E. */
export function answerTo(request: Header, result: number, avps: readonly Avp[]): Message {
  const error = result >= 3000 && result < 4000 ? E_BIT : 0;
  return { ...request, version: 1, flags: (request.flags & P_BIT) | error, avps };
}
