/**
 * The package's dictionary, indexed once. The package scans 1977 entries for every AVP; it is given Maps instead, and
 * with them our corrections, no enumerations (an unknown value must not throw away an answer; numbers are enough), no P
 * bit (RFC 6733 4.1 leaves it unused) and a made-up OctetString entry for a name of the form `code:vendor`.
 */
import { createRequire } from 'node:module';
import library from 'diameter/lib/diameter-dictionary.js';
import { CORRECTIONS, FILLERS, TYPES, type AvpType } from './entries.ts';

/** The package's own shape, so that its encoder can use it. */
export interface AvpEntry {
  readonly code: number;
  /** 0 for IETF AVPs, else the SMI enterprise number. */
  readonly vendorId: number;
  readonly name: string;
  readonly type: AvpType;
  readonly flags: { readonly vendorBit: boolean; readonly mandatory: boolean; readonly protected: false };
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

const key = (code: number, vendorId: number): number => vendorId * 0x1_0000_0000 + code;

function entry(row: Omit<AvpEntry, 'flags'>, mandatory: boolean): AvpEntry {
  return { ...row, flags: { vendorBit: row.vendorId > 0, mandatory, protected: false } };
}

function isType(type: string | undefined): type is AvpType {
  return TYPES.includes(type as AvpType);
}

/** The first to claim a code or a name keeps it. */
function index(candidate: AvpEntry): void {
  const at = key(candidate.code, candidate.vendorId);
  if (byCode.has(at)) return;
  byCode.set(at, candidate);
  if (!byName.has(candidate.name)) byName.set(candidate.name, candidate);
}

/** Names stand several times in the package: the IETF's come first, then 3GPP's, then other vendors'. */
function rank({ vendorId }: PackagedAvp): number {
  if (vendorId === 0) return 0;
  return vendorId === 10_415 ? 1 : 2;
}

function load(): void {
  for (const [code, vendorId, name, type, mandatory] of CORRECTIONS) {
    index(entry({ code, vendorId, name, type }, mandatory));
  }
  const packaged = createRequire(import.meta.url)('diameter/dictionary.json') as { avps: readonly PackagedAvp[] };
  for (const avp of packaged.avps.toSorted((a, b) => rank(a) - rank(b))) {
    const { code, vendorId, name, type, flags } = avp;
    if (isType(type) && !FILLERS.has(name)) index(entry({ code, vendorId, name, type }, flags.mandatory));
  }
}

const SYNTHETIC = /^(\d+):(\d+)$/;

export function entryOf(code: number, vendorId: number): AvpEntry | undefined {
  return byCode.get(key(code, vendorId));
}

/** By dictionary name; `code:vendor` names any AVP as plain octets. */
export function entryNamed(name: string): AvpEntry | undefined {
  const known = byName.get(name);
  if (known !== undefined) return known;
  const [, code, vendorId] = SYNTHETIC.exec(name) ?? [];
  if (code === undefined || vendorId === undefined) return undefined;
  return entry({ code: Number(code), vendorId: Number(vendorId), name, type: 'OctetString' }, false);
}

load();
library.getAvpByName = entryNamed;
