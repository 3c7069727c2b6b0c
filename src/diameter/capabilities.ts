/** What a peer says of itself in its CEA, and whether that fits (RFC 6733 5.3). */
import { all, membersOf, numberOf, textOf } from './avp.ts';
import type { DiameterEvent } from './events.ts';
import { APPLICATION, RESULT, type Avp } from './message.ts';

export interface Cea {
  readonly resultCode: number | undefined;
  readonly originHost: string | undefined;
  readonly originStateId: number | undefined;
  /** Credit control is common: advertised as such, inside Vendor-Specific-Application-Id, or by a relay (RFC 6733 2.4). */
  readonly common: boolean;
}

function has(avps: readonly Avp[], name: string, application: number): boolean {
  return all(avps, name).some(({ value }) => value === application);
}

function advertises(avps: readonly Avp[]): boolean {
  return [APPLICATION.creditControl, APPLICATION.relay].some((id) => has(avps, 'Auth-Application-Id', id));
}

export function readCea(avps: readonly Avp[]): Cea {
  const vendorSpecific = all(avps, 'Vendor-Specific-Application-Id').map((avp) => membersOf(avp) ?? []);
  return {
    resultCode: numberOf(avps, 'Result-Code'),
    originHost: textOf(avps, 'Origin-Host'),
    originStateId: numberOf(avps, 'Origin-State-Id'),
    common: [avps, ...vendorSpecific].some(advertises) || has(avps, 'Acct-Application-Id', APPLICATION.relay),
  };
}

export interface Misfit {
  readonly event: DiameterEvent;
  readonly reason: string;
}

/** What the CEA is held against. */
export interface Expected {
  /** Configured Origin-Host, or undefined for any. */
  readonly identity: string | undefined;
  /** Why the TLS certificate does not name this host, or undefined (RFC 6733 13.1). */
  readonly certificateFault: (originHost: string) => string | undefined;
}

function resultMisfit({ resultCode, common }: Cea): Misfit | undefined {
  if (resultCode === RESULT.noCommonApplication) return { event: 'peer.no-common-application', reason: 'CEA 5010' };
  if (resultCode === undefined || Math.floor(resultCode / 1000) !== 2) {
    return { event: 'peer.refused', reason: `CEA ${resultCode ?? 'without Result-Code'}` };
  }
  return common ? undefined : { event: 'peer.no-common-application', reason: 'credit control is not in the CEA' };
}

/** DiameterIdentity is an FQDN: compared without regard to case. */
function identityMisfit({ originHost }: Cea, expected: Expected): Misfit | undefined {
  const event = 'peer.identity-mismatch';
  if (originHost === undefined) return { event, reason: 'CEA without Origin-Host' };
  const { identity } = expected;
  if (identity !== undefined && identity.toLowerCase() !== originHost.toLowerCase()) {
    return { event, reason: `CEA names another host than ${identity}` };
  }
  const reason = expected.certificateFault(originHost);
  return reason === undefined ? undefined : { event, reason };
}

/** Why the connection is not for us, or undefined. */
export function misfitOf(cea: Cea, expected: Expected): Misfit | undefined {
  return resultMisfit(cea) ?? identityMisfit(cea, expected);
}
