/**
 * The package's dictionary, indexed once. The package scans its 1977 entries for every AVP; here they stand in Maps, with
 * our corrections, without enumerations (an unknown value must not throw away an answer; numbers are enough) and without
 * the P bit (RFC 6733 4.1 leaves it unused). A name of the form `code:vendor` stands for any AVP as plain octets.
 */
import { createRequire } from 'node:module';
import { CORRECTIONS, FILLERS, TYPES, type AvpType } from './entries.ts';

export interface AvpEntry {
  readonly code: number;
  /** 0 for IETF AVPs, else the SMI enterprise number. */
  readonly vendor: number;
  readonly name: string;
  readonly type: AvpType;
  /** The M bit of those we send. */
  readonly mandatory: boolean;
}

interface PackagedAvp {
  readonly code: number;
  readonly vendorId: number;
  readonly name: string;
  readonly type?: string;
  readonly flags: { readonly mandatory: boolean };
}

const byCode = new Map<number, AvpEntry>();
const byName = new Map<string, AvpEntry>();

const key = (code: number, vendor: number): number => vendor * 0x1_0000_0000 + code;

function isType(type: string | undefined): type is AvpType {
  return TYPES.includes(type as AvpType);
}

/**
 * The first to claim a code or a name keeps it. A later AVP of the same name is called `code:vendor`, or a vendor's AVP
 * could pass for the IETF's when somebody reads by name.
 */
function index(candidate: AvpEntry): void {
  const { code, vendor, name } = candidate;
  const at = key(code, vendor);
  if (byCode.has(at)) return;
  const own = byName.has(name) ? { ...candidate, name: `${code}:${vendor}` } : candidate;
  byCode.set(at, own);
  byName.set(own.name, own);
}

/** Names stand several times in the package: the IETF's come first, then 3GPP's, then other vendors'. */
function rank({ vendorId }: PackagedAvp): number {
  if (vendorId === 0) return 0;
  return vendorId === 10_415 ? 1 : 2;
}

function load(): void {
  for (const [code, vendor, name, type, mandatory] of CORRECTIONS) index({ code, vendor, name, type, mandatory });
  const packaged = createRequire(import.meta.url)('diameter/dictionary.json') as { avps: readonly PackagedAvp[] };
  for (const avp of packaged.avps.toSorted((a, b) => rank(a) - rank(b))) {
    const { code, vendorId, name, type, flags } = avp;
    if (!isType(type) || FILLERS.has(name)) continue;
    index({ code, vendor: vendorId, name, type, mandatory: flags.mandatory });
  }
}

export function entryOf(code: number, vendor: number): AvpEntry | undefined {
  return byCode.get(key(code, vendor));
}

const CODE_AND_VENDOR = /^(\d+):(\d+)$/;

/** By dictionary name; `code:vendor` names any AVP, as plain octets where the dictionary does not know it. */
export function entryNamed(name: string): AvpEntry | undefined {
  const known = byName.get(name);
  if (known !== undefined) return known;
  const [, code, vendor] = CODE_AND_VENDOR.exec(name) ?? [];
  if (code === undefined || vendor === undefined) return undefined;
  const unknown: AvpEntry = { code: Number(code), vendor: Number(vendor), name, type: 'OctetString', mandatory: false };
  return entryOf(unknown.code, unknown.vendor) ?? unknown;
}

function same(one: AvpEntry, other: AvpEntry): boolean {
  const keys = ['code', 'vendor', 'name', 'type', 'mandatory'] as const;
  return keys.every((key) => one[key] === other[key]);
}

/**
 * Adds AVPs of the operator's own, for the whole process. A code or a name that is taken by something else is a fault,
 * told as `name: what is wrong`; the rest is added. Adding the same again changes nothing.
 */
export function defineAvps(entries: readonly AvpEntry[]): readonly string[] {
  return entries.flatMap((own) => {
    const before = entryOf(own.code, own.vendor) ?? byName.get(own.name);
    if (before === undefined) index(own);
    if (before === undefined || same(before, own)) return [];
    return [`${own.name}: ${own.code} of vendor ${own.vendor} or its name is taken by ${before.name}`];
  });
}

load();
