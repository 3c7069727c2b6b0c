/**
 * The structure of a message before anything reads values from it: every length, the padding, the depth and the octets a
 * type needs (RFC 6733 4.1, 4.2). A fault names the AVP's path and its shape, never its contents.
 */
import { entryOf, type AvpEntry } from './dictionary/dictionary.ts';
import type { AvpType } from './dictionary/entries.ts';
import { RESULT } from './message.ts';

/** A credit-control answer nests four deep; beyond this somebody plays with our stack. */
export const MAX_DEPTH = 16;

export interface RawAvp {
  readonly name: string;
  readonly entry: AvpEntry | undefined;
  readonly mandatory: boolean;
  readonly bytes: Buffer;
  readonly data: Buffer;
  /** The members of a grouped AVP, else undefined. */
  readonly members: readonly RawAvp[] | undefined;
}

export interface AvpFault {
  readonly resultCode: number;
  readonly path: string;
  readonly shape: string;
  readonly failed: Uint8Array;
}

/** Carries a fault out of the recursion; never leaves this file. */
class Broken extends Error {
  readonly fault: AvpFault;
  constructor(fault: AvpFault) {
    super(fault.shape);
    this.fault = fault;
  }
}

const WIDTH: Readonly<Partial<Record<AvpType, number>>> = {
  Integer32: 4,
  Unsigned32: 4,
  Time: 4,
  Integer64: 8,
  Unsigned64: 8,
};

const VENDOR_BIT = 0x80;
const MANDATORY_BIT = 0x40;

/** Where AVPs stand; its path is spelled out for a fault only. */
interface Place {
  readonly outer: Place | undefined;
  readonly name: string;
  readonly position: number;
  readonly depth: number;
}

function pathOf({ outer, name, position }: Place): string {
  return outer === undefined ? '' : `${pathOf(outer)}${name}[${position}]/`;
}

/**
 * RFC 6733 7.1.5: for a bad length, Failed-AVP holds the offending header with the least data its type takes, as zeros.
 * The length in it is set right, so that our own answer reads well.
 */
function quote(bytes: Buffer): Buffer {
  const header = Buffer.alloc(12);
  bytes.copy(header, 0, 0, 12);
  const hasVendor = bytes.length >= 12 && (header.readUInt8(4) & VENDOR_BIT) !== 0;
  if (!hasVendor) header.writeUInt8(header.readUInt8(4) & ~VENDOR_BIT, 4);
  const size = hasVendor ? 12 : 8;
  const type = entryOf(header.readUInt32BE(0), hasVendor ? header.readUInt32BE(8) : 0)?.type;
  const width = type === undefined ? 0 : (WIDTH[type] ?? 0);
  header.writeUIntBE(size + width, 5, 3);
  return Buffer.concat([header.subarray(0, size), Buffer.alloc(width)]);
}

function broken(bytes: Buffer, path: string, shape: string): Broken {
  return new Broken({ resultCode: RESULT.invalidAvpLength, path, shape, failed: quote(bytes) });
}

interface AvpHeader {
  readonly name: string;
  readonly entry: AvpEntry | undefined;
  readonly size: number;
  readonly length: number;
}

function lengthShape({ size, length }: AvpHeader, left: number): string | undefined {
  if (length < size) return `AVP length ${length} below its header's ${size}`;
  if (length > left) return `AVP length ${length} where ${left} octets are left`;
  const padded = (length + 3) & ~3;
  return padded > left ? `${padded - length} octets of padding due, ${left - length} left` : undefined;
}

function readHeader(rest: Buffer, place: Place, position: number): AvpHeader {
  if (rest.length < 8)
    throw broken(rest, `${pathOf(place)}[${position}]`, `${rest.length} octets where an AVP header needs 8`);
  const code = rest.readUInt32BE(0);
  const size = (rest.readUInt8(4) & VENDOR_BIT) === 0 ? 8 : 12;
  const vendor = size === 12 && rest.length >= 12 ? rest.readUInt32BE(8) : 0;
  const entry = entryOf(code, vendor);
  const header = { name: entry?.name ?? `${code}:${vendor}`, entry, size, length: rest.readUIntBE(5, 3) };
  const shape = lengthShape(header, rest.length);
  if (shape !== undefined) throw broken(rest, `${pathOf(place)}${header.name}[${position}]`, shape);
  return header;
}

function readAvp(rest: Buffer, place: Place, position: number): RawAvp {
  const { name, entry, size, length } = readHeader(rest, place, position);
  const bytes = rest.subarray(0, length);
  const data = rest.subarray(size, length);
  const width = entry === undefined ? undefined : WIDTH[entry.type];
  if (width !== undefined && width !== data.length) {
    throw broken(
      bytes,
      `${pathOf(place)}${name}[${position}]`,
      `${data.length} octets where ${entry?.type ?? ''} needs ${width}`,
    );
  }
  const members =
    entry?.type === 'Grouped' ? walk(data, { outer: place, name, position, depth: place.depth + 1 }) : undefined;
  return { name, entry, mandatory: (rest.readUInt8(4) & MANDATORY_BIT) !== 0, bytes, data, members };
}

function walk(octets: Buffer, place: Place): readonly RawAvp[] {
  if (octets.length > 0 && place.depth > MAX_DEPTH)
    throw broken(octets, pathOf(place), `AVPs nested beyond ${MAX_DEPTH} deep`);
  const avps: RawAvp[] = [];
  for (let at = 0; at < octets.length;) {
    const avp = readAvp(octets.subarray(at), place, avps.length);
    avps.push(avp);
    at += (avp.bytes.length + 3) & ~3;
  }
  return avps;
}

const TOP: Place = { outer: undefined, name: '', position: 0, depth: 1 };

/** The AVPs in `octets`, or what is wrong with them. Ends after at most one visit of each octet per level. */
export function readAvps(octets: Buffer): readonly RawAvp[] | AvpFault {
  try {
    return walk(octets, TOP);
  } catch (error) {
    if (error instanceof Broken) return error.fault;
    throw error;
  }
}
