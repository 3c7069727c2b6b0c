/** Indexes over the AVP tables, and the numbers of commands, applications and results that the simulators speak. */
import { BASE, type AvpType, type Row } from './dictionary-base.ts';
import { CREDIT_CONTROL } from './dictionary-credit.ts';
import { TGPP } from './dictionary-3gpp.ts';

export interface AvpDefinition {
  readonly code: number;
  /** 0 for IETF AVPs, else the SMI enterprise number. */
  readonly vendor: number;
  readonly name: string;
  readonly type: AvpType;
  readonly mandatory: boolean;
}

export const VENDOR_3GPP = 10_415;

const define =
  (vendor: number) =>
  (row: Row): AvpDefinition => ({
    code: row[0],
    vendor,
    name: row[1],
    type: row[2],
    mandatory: row[3] === 'must',
  });

const definitions = [...BASE.map(define(0)), ...CREDIT_CONTROL.map(define(0)), ...TGPP.map(define(VENDOR_3GPP))];
const key = (code: number, vendor: number): number => vendor * 0x1_0000_0000 + code;
const byCode = new Map(definitions.map((d) => [key(d.code, d.vendor), d]));
const byName = new Map(definitions.map((d) => [d.name, d]));

export function definitionOf(code: number, vendor: number): AvpDefinition | undefined {
  return byCode.get(key(code, vendor));
}

export function definitionNamed(name: string): AvpDefinition | undefined {
  return byName.get(name);
}

/** RFC 6733 section 3.1 and RFC 8506 section 3. */
export const COMMAND = { CE: 257, RA: 258, CC: 272, AS: 274, DW: 280, DP: 282 } as const;

const COMMAND_NAMES: Readonly<Record<number, string>> = {
  257: 'CE',
  258: 'RA',
  272: 'CC',
  274: 'AS',
  280: 'DW',
  282: 'DP',
};

/** `CCR`, `CEA`, ... or the code's digits with R or A. */
export function commandName(code: number, request: boolean): string {
  return (COMMAND_NAMES[code] ?? String(code)) + (request ? 'R' : 'A');
}

export const APPLICATION = { base: 0, creditControl: 4, relay: 0xffff_ffff } as const;

/** RFC 6733 section 7.1, RFC 8506 section 9. */
export const RESULT = {
  success: 2001,
  limitedSuccess: 2002,
  commandUnsupported: 3001,
  unableToDeliver: 3002,
  realmNotServed: 3003,
  tooBusy: 3004,
  loopDetected: 3005,
  applicationUnsupported: 3007,
  invalidHdrBits: 3008,
  invalidAvpBits: 3009,
  endUserServiceDenied: 4010,
  creditControlNotApplicable: 4011,
  creditLimitReached: 4012,
  avpUnsupported: 5001,
  unknownSessionId: 5002,
  invalidAvpValue: 5004,
  missingAvp: 5005,
  noCommonApplication: 5010,
  unsupportedVersion: 5011,
  unableToComply: 5012,
  invalidAvpLength: 5014,
  invalidMessageLength: 5015,
  userUnknown: 5030,
  ratingFailed: 5031,
} as const;
