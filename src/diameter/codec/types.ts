/**
 * The package's AVP types, mended where they lose or invent something: OctetString is decoded to octets (the package makes
 * UTF-8 of it), 64-bit numbers are bigint (the package writes beyond 32 bits only from its own Long), octets are taken as
 * they are for every type, and an Address of a family other than IP stays octets (SMSC-Address may be E.164).
 */
import types from 'diameter/lib/diameter-types.js';
import type { AvpType } from '../dictionary/entries.ts';

const encodePackaged = types.encode;
const decodePackaged = types.decode;

function encode(type: string, value: unknown): Buffer {
  if (value instanceof Uint8Array) return Buffer.from(value);
  if (typeof value !== 'bigint') return encodePackaged(type, value);
  const data = Buffer.alloc(8);
  if (type === 'Unsigned64') data.writeBigUInt64BE(value);
  else data.writeBigInt64BE(value);
  return data;
}

types.encode = encode;

/** RFC 6733 4.3.1: two octets of address family, 1 is IPv4 and 2 is IPv6. */
function isIp(data: Buffer): boolean {
  const family = data.length < 2 ? 0 : data.readUInt16BE(0);
  return (family === 1 && data.length === 6) || (family === 2 && data.length === 18);
}

/** The value of `data`, whose length the guard has checked. */
export function decodeValue(type: Exclude<AvpType, 'Grouped'>, data: Buffer): number | bigint | string | Uint8Array {
  switch (type) {
    case 'OctetString':
      return data;
    case 'Integer64':
      return data.readBigInt64BE();
    case 'Unsigned64':
      return data.readBigUInt64BE();
    case 'IPAddress':
      return isIp(data) ? (decodePackaged(type, data) as string) : data;
    default:
      return decodePackaged(type, data) as number;
  }
}
