/**
 * Values of AVPs. The package's types are used where they neither lose nor invent anything: not for OctetString (it makes
 * UTF-8 of it), not for 64-bit numbers (it wants its own Long beyond 32 bits), not for an Address of a family other than IP
 * (SMSC-Address may be E.164).
 */
import types from 'diameter/lib/diameter-types.js';
import type { AvpType } from '../dictionary/entries.ts';

/** RFC 6733 4.3.1: two octets of address family, 1 is IPv4 and 2 is IPv6. */
function isIp(data: Buffer): boolean {
  const family = data.length < 2 ? 0 : data.readUInt16BE(0);
  return (family === 1 && data.length === 6) || (family === 2 && data.length === 18);
}

/** The octets of an IP address in text form. */
export function encodeAddress(text: string): Buffer {
  return types.encode('IPAddress', text);
}

/** The value of `data`, whose length the guard has checked: a number of 64 bits may have come in 4 octets. */
export function decodeValue(type: Exclude<AvpType, 'Grouped'>, data: Buffer): number | bigint | string | Uint8Array {
  switch (type) {
    case 'OctetString':
      return data;
    case 'Integer64':
      return data.length === 4 ? BigInt(data.readInt32BE()) : data.readBigInt64BE();
    case 'Unsigned64':
      return data.length === 4 ? BigInt(data.readUInt32BE()) : data.readBigUInt64BE();
    case 'IPAddress':
      return isIp(data) ? (types.decode(type, data) as string) : data;
    default:
      return types.decode(type, data) as number;
  }
}
