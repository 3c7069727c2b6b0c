/** AVP header and padding (RFC 6733 section 4.1). Nothing here knows what an AVP means. */

export interface Avp {
  readonly code: number;
  /** 0 without the V bit. */
  readonly vendor: number;
  /** V 0x80, M 0x40, P 0x20; the rest is reserved. */
  readonly flags: number;
  readonly data: Buffer;
}

export const V_BIT = 0x80;
export const M_BIT = 0x40;

/** Why a run of AVPs cannot be read. `offending` has the header that was read and no payload. */
export interface AvpLengthFault {
  readonly kind: 'avp-length';
  readonly at: number;
  readonly offending: Avp;
}

const padded = (length: number): number => (length + 3) & ~3;
const headerLength = (flags: number): number => ((flags & V_BIT) === 0 ? 8 : 12);

/** The vendor of an AVP whose header is whole; 0 where the V bit is clear or the header is cut short. */
const vendorAt = (bytes: Buffer, at: number, flags: number): number =>
  (flags & V_BIT) !== 0 && at + 12 <= bytes.length ? bytes.readUInt32BE(at + 8) : 0;

const fault = (at: number, code: number, vendor: number, flags: number): AvpLengthFault => ({
  kind: 'avp-length',
  at,
  offending: { code, vendor, flags, data: Buffer.alloc(0) },
});

/** Reads AVPs until the end. The data are views on `bytes`, not copies. */
export function decodeAvps(bytes: Buffer): readonly Avp[] | AvpLengthFault {
  const avps: Avp[] = [];
  for (let at = 0; at < bytes.length;) {
    if (at + 8 > bytes.length) return fault(at, 0, 0, 0); // too short for a header: there is no code to report
    const code = bytes.readUInt32BE(at);
    const flags = bytes.readUInt8(at + 4);
    const length = bytes.readUIntBE(at + 5, 3);
    const vendor = vendorAt(bytes, at, flags);
    const start = headerLength(flags);
    const end = at + padded(length);
    if (length < start || end > bytes.length) return fault(at, code, vendor, flags);
    avps.push({ code, vendor, flags, data: bytes.subarray(at + start, at + length) });
    at = end;
  }
  return avps;
}

function writeAvp(target: Buffer, at: number, avp: Avp): number {
  const start = headerLength(avp.flags);
  const length = start + avp.data.length;
  target.writeUInt32BE(avp.code, at);
  target.writeUInt8(avp.flags, at + 4);
  target.writeUIntBE(length, at + 5, 3);
  if (start === 12) target.writeUInt32BE(avp.vendor, at + 8);
  avp.data.copy(target, at + start);
  return at + padded(length);
}

export function encodeAvps(avps: readonly Avp[]): Buffer {
  const size = avps.reduce((sum, avp) => sum + padded(headerLength(avp.flags) + avp.data.length), 0);
  const bytes = Buffer.alloc(size);
  let at = 0;
  for (const avp of avps) at = writeAvp(bytes, at, avp);
  return bytes;
}
