/** What RFC 6733 section 7.1.5 makes a receiver of a request check before it reads any value. */
import { definitionOf, RESULT } from './dictionary.ts';
import type { AvpType } from './dictionary-base.ts';
import { decodeAvps, M_BIT, V_BIT, type Avp } from './avp.ts';

export interface Violation {
  readonly result: number;
  readonly message: string;
  /** For Failed-AVP. */
  readonly offending: Avp;
}

const LENGTHS: Readonly<Partial<Record<AvpType, readonly number[]>>> = {
  Enumerated: [4],
  Integer32: [4],
  Integer64: [8],
  Time: [4],
  Unsigned32: [4],
  Unsigned64: [8],
};

/** V, M and P may be set, nothing else (section 4.1). */
const RESERVED_BITS = 0x1f;
const MAX_DEPTH = 16;

/** The AVP with a zero-filled payload: of its type's size, of one word where any size would do (section 7.1.5, 5014). */
export function zeroFilled(avp: Avp): Avp {
  const type = definitionOf(avp.code, avp.vendor)?.type;
  return { ...avp, data: Buffer.alloc((type === undefined ? undefined : LENGTHS[type]?.[0]) ?? 4) };
}

function checkFormat(avp: Avp, type: AvpType, name: string): Violation | undefined {
  const lengths = LENGTHS[type];
  if (lengths !== undefined && !lengths.includes(avp.data.length)) {
    const message = `${name} holds ${avp.data.length} octets, ${type} has ${lengths.join(' or ')}`;
    return { result: RESULT.invalidAvpLength, message, offending: zeroFilled(avp) };
  }
  return undefined;
}

function checkGroup(avp: Avp, name: string, limits: Limits): Violation | undefined {
  if (limits.depth >= MAX_DEPTH) {
    return {
      result: RESULT.invalidAvpValue,
      message: `${name} is nested deeper than ${MAX_DEPTH}`,
      offending: zeroFilled(avp),
    };
  }
  const inside = decodeAvps(avp.data);
  if ('kind' in inside) {
    return {
      result: RESULT.invalidAvpLength,
      message: `an AVP in ${name} has a wrong length`,
      offending: zeroFilled(inside.offending),
    };
  }
  return checkAvps(inside, { ...limits, depth: limits.depth + 1 });
}

function checkOne(avp: Avp, limits: Limits): Violation | undefined {
  if ((avp.flags & RESERVED_BITS) !== 0) {
    return { result: RESULT.invalidAvpBits, message: `AVP ${avp.code} sets reserved bits`, offending: avp };
  }
  const definition = definitionOf(avp.code, avp.vendor);
  if (definition === undefined) {
    const refused = (avp.flags & M_BIT) !== 0 && limits.unknownMandatory === 'reject';
    const vendor = (avp.flags & V_BIT) === 0 ? '' : ` of vendor ${avp.vendor}`;
    return refused
      ? { result: RESULT.avpUnsupported, message: `AVP ${avp.code}${vendor} is not known here`, offending: avp }
      : undefined;
  }
  if (definition.type === 'Grouped') return checkGroup(avp, definition.name, limits);
  return checkFormat(avp, definition.type, definition.name);
}

interface Limits {
  readonly depth: number;
  readonly unknownMandatory: 'reject' | 'ignore';
}

/** The first fault in reading order, groups included; none when every value may be read. */
export function checkAvps(avps: readonly Avp[], limits: Limits): Violation | undefined {
  for (const avp of avps) {
    const violation = checkOne(avp, limits);
    if (violation !== undefined) return violation;
  }
  return undefined;
}
