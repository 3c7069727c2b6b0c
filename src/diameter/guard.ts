/**
 * The structure of a message before anything reads values from it: every length, the padding, the depth and the octets a
 * type needs (RFC 6733 4.1, 4.2). A fault names the AVP's path and its shape, never its contents.
 */
import { entryOf, type AvpEntry } from './dictionary/dictionary.ts';
import type { AvpType } from './dictionary/entries.ts';
import { RESULT, type Oddity } from './message.ts';

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
  /** Those at the top that read well, up to the fault. */
  readonly before: readonly RawAvp[];
}

/** Carries a fault out of the recursion; never leaves this file. */
class Broken extends Error {
  readonly fault: Omit<AvpFault, 'before'>;
  constructor(fault: Omit<AvpFault, 'before'>) {
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

/**
 * The numbers that are read from answers (capabilities.ts, cca.ts, amount.ts). Any other one of a width that is not its type's
 * is passed over: what a server got wrong beside its grant must not make silence of the grant.
 */
export const NUMBERS_READ: ReadonlySet<string> = new Set([
  'Result-Code',
  'Experimental-Result-Code',
  'Auth-Application-Id',
  'Acct-Application-Id',
  'Origin-State-Id',
  'CC-Session-Failover',
  'Credit-Control-Failure-Handling',
  'Direct-Debiting-Failure-Handling',
  'Validity-Time',
  'Check-Balance-Result',
  'Currency-Code',
  'Value-Digits',
  'Exponent',
  'CC-Time',
  'CC-Total-Octets',
  'CC-Input-Octets',
  'CC-Output-Octets',
  'CC-Service-Specific-Units',
]);

const VENDOR_BIT = 0x80;
const MANDATORY_BIT = 0x40;

/** Where AVPs stand; its path is spelled out for a fault only. */
interface Place {
  /** Of an answer: collects what was passed over. Undefined for a request, which is answered for its faults. */
  readonly odd: Oddity[] | undefined;
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

function widthShape(type: AvpType | undefined, { length }: Buffer, { odd }: Place): string | undefined {
  const width = type === undefined ? undefined : WIDTH[type];
  // Kamailio writes no number of more than 32 bits; in an answer it says the same in 4 octets as in 8.
  const fits = length === width || (odd !== undefined && width === 8 && length === 4);
  return width === undefined || fits ? undefined : `${length} octets where ${type ?? ''} needs ${width}`;
}

function readAvp(rest: Buffer, place: Place, position: number): RawAvp {
  const { name, entry, size, length } = readHeader(rest, place, position);
  const bytes = rest.subarray(0, length);
  const data = rest.subarray(size, length);
  const mandatory = (rest.readUInt8(4) & MANDATORY_BIT) !== 0;
  const shape = widthShape(entry?.type, data, place);
  if (entry !== undefined && shape !== undefined) {
    passOver(bytes, { place, position, name, shape });
    const unknown = `${entry.code}:${entry.vendor}`;
    return { name: unknown, entry: undefined, mandatory, bytes, data, members: undefined };
  }
  const { odd, depth } = place;
  const members =
    entry?.type === 'Grouped' ? walk(data, { odd, outer: place, name, position, depth: depth + 1 }) : undefined;
  return { name, entry, mandatory, bytes, data, members };
}

interface Misfit {
  readonly place: Place;
  readonly position: number;
  readonly name: string;
  readonly shape: string;
}

/** The framing holds, so that what stands behind it can be read. */
function passOver(bytes: Buffer, { place, position, name, shape }: Misfit): void {
  const path = `${pathOf(place)}${name}[${position}]`;
  if (place.odd === undefined || NUMBERS_READ.has(name)) throw broken(bytes, path, shape);
  place.odd.push({ path, shape });
}

function walk(octets: Buffer, place: Place, avps: RawAvp[] = []): readonly RawAvp[] {
  if (octets.length > 0 && place.depth > MAX_DEPTH)
    throw broken(octets, pathOf(place), `AVPs nested beyond ${MAX_DEPTH} deep`);
  for (let at = 0; at < octets.length;) {
    const avp = readAvp(octets.subarray(at), place, avps.length);
    avps.push(avp);
    at += (avp.bytes.length + 3) & ~3;
  }
  return avps;
}

/** What reads well, and in an answer what was passed over. */
export interface Walked {
  readonly avps: readonly RawAvp[];
  readonly odd: readonly Oddity[];
}

/** The AVPs in `octets`, or what is wrong with them. Ends after at most one visit of each octet per level. */
export function readAvps(octets: Buffer, isAnswer = false): Walked | AvpFault {
  const before: RawAvp[] = [];
  const odd: Oddity[] = [];
  const top: Place = { odd: isAnswer ? odd : undefined, outer: undefined, name: '', position: 0, depth: 1 };
  try {
    return { avps: walk(octets, top, before), odd };
  } catch (error) {
    if (error instanceof Broken) return { before, ...error.fault };
    throw error;
  }
}
