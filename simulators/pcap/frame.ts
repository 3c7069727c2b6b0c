/**
 * One Ethernet II / IPv4 / TCP frame as bytes, checksums included (RFC 791 section 3.1, RFC 9293 section 3.1).
 * The frame never travelled: a simulator writes down the bytes that its socket carried, so nobody needs capture rights.
 */

/** Largest TCP payload that fits a 1500 octet Ethernet frame: 1500 - 20 (IPv4) - 20 (TCP). */
export const MSS = 1460;

export interface Endpoint {
  readonly mac: Uint8Array;
  readonly ip: Uint8Array;
  readonly port: number;
}

export interface Segment {
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly seq: number;
  readonly ack: number;
  readonly flags: number;
  readonly ipId: number;
  readonly payload: Uint8Array;
}

export const FIN = 0x01;
export const SYN = 0x02;
export const PSH = 0x08;
export const ACK = 0x10;

const ETHERNET = 14;
const IPV4 = 20;
/** SYN carries the MSS option, so its header is one word longer. */
const MSS_OPTION = Uint8Array.of(2, 4, MSS >> 8, MSS & 0xff);
const WINDOW = 0xffff;

/** One's complement sum of 16-bit words (RFC 1071), from an earlier sum. */
function sumWords(bytes: Uint8Array, start: number): number {
  let sum = start;
  for (let i = 0; i < bytes.length; i += 2) sum += ((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0);
  return sum;
}

function checksum(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 0x10000);
  return ~folded & 0xffff;
}

function ipv4Header(segment: Segment, tcpLength: number): Uint8Array {
  const header = new Uint8Array(IPV4);
  const view = new DataView(header.buffer);
  view.setUint8(0, 0x45);
  view.setUint16(2, IPV4 + tcpLength);
  view.setUint16(4, segment.ipId & 0xffff);
  view.setUint16(6, 0x4000); // don't fragment
  view.setUint8(8, 64);
  view.setUint8(9, 6); // TCP
  header.set(segment.from.ip, 12);
  header.set(segment.to.ip, 16);
  view.setUint16(10, checksum(sumWords(header, 0)));
  return header;
}

function tcpSegment(segment: Segment): Uint8Array {
  const options = (segment.flags & SYN) === 0 ? new Uint8Array(0) : MSS_OPTION;
  const headerLength = 20 + options.length;
  const tcp = new Uint8Array(headerLength + segment.payload.length);
  const view = new DataView(tcp.buffer);
  view.setUint16(0, segment.from.port);
  view.setUint16(2, segment.to.port);
  view.setUint32(4, segment.seq >>> 0);
  view.setUint32(8, segment.ack >>> 0);
  view.setUint8(12, (headerLength / 4) << 4);
  view.setUint8(13, segment.flags);
  view.setUint16(14, WINDOW);
  tcp.set(options, 20);
  tcp.set(segment.payload, headerLength);
  const pseudo = sumWords(segment.to.ip, sumWords(segment.from.ip, 6 + tcp.length));
  view.setUint16(16, checksum(sumWords(tcp, pseudo)));
  return tcp;
}

/** The whole frame, ready to be put behind a pcap record header. */
export function ethernetFrame(segment: Segment): Uint8Array {
  const tcp = tcpSegment(segment);
  const frame = new Uint8Array(ETHERNET + IPV4 + tcp.length);
  frame.set(segment.to.mac, 0);
  frame.set(segment.from.mac, 6);
  frame.set([0x08, 0x00], 12);
  frame.set(ipv4Header(segment, tcp.length), ETHERNET);
  frame.set(tcp, ETHERNET + IPV4);
  return frame;
}
