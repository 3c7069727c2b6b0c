/** AVP values by name: builders for what the simulators send, readers for what they have already checked (check.ts). */
import { isIPv4, isIPv6 } from 'node:net';
import type { AvpType } from './dictionary-base.ts';
import { definitionNamed, definitionOf, type AvpDefinition } from './dictionary.ts';
import { decodeAvps, encodeAvps, M_BIT, V_BIT, type Avp } from './avp.ts';

/** Time is in milliseconds since 1970; Address is a textual IP address; Grouped is a list of AVPs. */
export type AvpValue = number | bigint | string | Buffer | readonly Avp[];

/** Seconds from 1900 (NTP era 0) to 1970 (RFC 6733 section 4.3.1). */
const NTP_OFFSET = 2_208_988_800;

const integer =
  (size: 4 | 8, write: (target: Buffer, value: number | bigint) => void) =>
  (value: AvpValue): Buffer => {
    const bytes = Buffer.alloc(size);
    write(bytes, value as number | bigint);
    return bytes;
  };

function ipv6Octets(text: string): Buffer {
  const [head = '', tail] = text.split('::');
  const words = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((word) => Number.parseInt(word, 16));
  const left = words(head);
  const right = tail === undefined ? [] : words(tail);
  const all = [...left, ...new Array<number>(8 - left.length - right.length).fill(0), ...right];
  return Buffer.from(all.flatMap((word) => [word >> 8, word & 0xff]));
}

/** Address (RFC 6733 section 4.3.1): family 1 IPv4, 2 IPv6, then the octets. */
function address(value: AvpValue): Buffer {
  const text = (value as string).replace(/^::ffff:(?=\d+\.)/, '').replace(/%.*$/, '');
  if (isIPv4(text)) return Buffer.from([0, 1, ...text.split('.').map(Number)]);
  if (isIPv6(text)) return Buffer.concat([Buffer.from([0, 2]), ipv6Octets(text)]);
  throw new TypeError(`not an IP address: ${text}`);
}

const octets = (value: AvpValue): Buffer => (Buffer.isBuffer(value) ? value : Buffer.from(value as string, 'utf8'));

const ENCODERS: Readonly<Record<AvpType, (value: AvpValue) => Buffer>> = {
  Address: address,
  Enumerated: integer(4, (b, v) => b.writeInt32BE(Number(v))),
  Grouped: (value) => encodeAvps(value as readonly Avp[]),
  Identity: octets,
  Integer32: integer(4, (b, v) => b.writeInt32BE(Number(v))),
  Integer64: integer(8, (b, v) => b.writeBigInt64BE(BigInt(v))),
  OctetString: octets,
  Time: integer(4, (b, v) => b.writeUInt32BE((Math.floor(Number(v) / 1000) + NTP_OFFSET) % 0x1_0000_0000)),
  Unsigned32: integer(4, (b, v) => b.writeUInt32BE(Number(v))),
  Unsigned64: integer(8, (b, v) => b.writeBigUInt64BE(BigInt(v))),
  UTF8String: octets,
};

function defined(name: string): AvpDefinition {
  const definition = definitionNamed(name);
  if (definition === undefined) throw new TypeError(`no AVP is called ${name}`);
  return definition;
}

/** Builds an AVP by its dictionary name. Throws on a name or value that its type cannot hold: the caller is our own code. */
export function avp(name: string, value: AvpValue): Avp {
  const { code, vendor, type, mandatory } = defined(name);
  const flags = (vendor === 0 ? 0 : V_BIT) | (mandatory ? M_BIT : 0);
  return { code, vendor, flags, data: ENCODERS[type](value) };
}

/** All AVPs of that name, in order. */
export function allNamed(avps: readonly Avp[], name: string): readonly Avp[] {
  const { code, vendor } = defined(name);
  return avps.filter((a) => a.code === code && a.vendor === vendor);
}

export function first(avps: readonly Avp[], name: string): Avp | undefined {
  const { code, vendor } = defined(name);
  return avps.find((a) => a.code === code && a.vendor === vendor);
}

/** AVPs inside a Grouped one; none where its inside is broken (check.ts has said so before). */
export function children(group: Avp | undefined): readonly Avp[] {
  if (group === undefined) return [];
  const inside = decodeAvps(group.data);
  return 'kind' in inside ? [] : inside;
}

export function textOf(avps: readonly Avp[], name: string): string | undefined {
  return first(avps, name)?.data.toString('utf8');
}

/** Unsigned32, Integer32 and Enumerated. */
export function numberOf(avps: readonly Avp[], name: string): number | undefined {
  const found = first(avps, name);
  if (found === undefined) return undefined;
  return defined(name).type === 'Unsigned32' ? found.data.readUInt32BE(0) : found.data.readInt32BE(0);
}

/** Unsigned64 and Integer64. */
export function bigintOf(avps: readonly Avp[], name: string): bigint | undefined {
  const found = first(avps, name);
  if (found === undefined) return undefined;
  return defined(name).type === 'Unsigned64' ? found.data.readBigUInt64BE(0) : found.data.readBigInt64BE(0);
}

function addressText(data: Buffer): string {
  const family = data.readUInt16BE(0);
  if (family === 1 && data.length === 6) return [...data.subarray(2)].join('.');
  if (family === 2 && data.length === 18) return (data.toString('hex', 2).match(/.{4}/g) ?? []).join(':');
  return data.toString('hex');
}

const timeText = (data: Buffer): string => {
  const seconds = data.readUInt32BE(0);
  // RFC 5905 section 6: with the top bit clear the era is 1, from 2036 on.
  const era = seconds < 0x8000_0000 ? 0x1_0000_0000 : 0;
  return new Date((seconds + era - NTP_OFFSET) * 1000).toISOString();
};

const READERS: Readonly<Record<Exclude<AvpType, 'Grouped'>, (data: Buffer) => string | number>> = {
  Address: addressText,
  Enumerated: (data) => data.readInt32BE(0),
  Identity: (data) => data.toString('utf8'),
  Integer32: (data) => data.readInt32BE(0),
  Integer64: (data) => data.readBigInt64BE(0).toString(),
  OctetString: (data) => `0x${data.toString('hex')}`,
  Time: timeText,
  Unsigned32: (data) => data.readUInt32BE(0),
  Unsigned64: (data) => data.readBigUInt64BE(0).toString(),
  UTF8String: (data) => data.toString('utf8'),
};

/** A value for a person to read; hex where the dictionary does not know it or the length does not fit. */
export function shownValue(a: Avp): string | number {
  const definition = definitionOf(a.code, a.vendor);
  if (definition === undefined || definition.type === 'Grouped') return `0x${a.data.toString('hex')}`;
  try {
    return READERS[definition.type](a.data);
  } catch {
    return `0x${a.data.toString('hex')}`;
  }
}
