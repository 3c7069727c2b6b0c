/** Capabilities exchange, watchdog and disconnection (RFC 6733 sections 5.3 to 5.5) as messages, without a socket. */
import type { Avp } from '../diameter/avp.ts';
import { APPLICATION, RESULT, VENDOR_3GPP } from '../diameter/dictionary.ts';
import { answerTo, type Message } from '../diameter/message.ts';
import { allNamed, avp, children, first, numberOf, textOf } from '../diameter/values.ts';
import type { Identity } from './answer.ts';
import type { PeerIdentity } from './peer.ts';

const CEA_FIRMWARE = 1;

export interface BaseResult {
  readonly result: number;
  readonly reason?: string;
  readonly failed?: Avp;
}

const SUCCESS: BaseResult = { result: RESULT.success };

const from = (identity: Identity): readonly Avp[] => [
  avp('Origin-Host', identity.originHost),
  avp('Origin-Realm', identity.originRealm),
];

const why = (outcome: BaseResult): readonly Avp[] => [
  ...(outcome.reason === undefined ? [] : [avp('Error-Message', outcome.reason)]),
  ...(outcome.failed === undefined ? [] : [avp('Failed-AVP', [outcome.failed])]),
];

/** Credit control, or a relay that takes any application; also inside Vendor-Specific-Application-Id. */
function sharesApplication(avps: readonly Avp[]): boolean {
  const groups = [avps, ...allNamed(avps, 'Vendor-Specific-Application-Id').map(children)];
  const ids = groups.flatMap((group) => [
    numberOf(group, 'Auth-Application-Id'),
    numberOf(group, 'Acct-Application-Id'),
  ]);
  return (
    ids.includes(APPLICATION.relay) ||
    groups.some((group) => authApplications(group).includes(APPLICATION.creditControl))
  );
}

const authApplications = (group: readonly Avp[]): readonly number[] =>
  allNamed(group, 'Auth-Application-Id').map((one) => one.data.readUInt32BE(0));

const CER_REQUIRED = [
  ['Origin-Host', '0'],
  ['Origin-Realm', '0'],
  ['Host-IP-Address', '0.0.0.0'],
  ['Vendor-Id', 0],
  ['Product-Name', '0'],
] as const;

/** What a CER earns (section 5.3): 5005 for a missing AVP, 5010 without a common application. */
export function judgeCer(cer: Message): BaseResult {
  const absent = CER_REQUIRED.find(([name]) => first(cer.avps, name) === undefined);
  if (absent !== undefined) {
    return { result: RESULT.missingAvp, reason: `${absent[0]} is missing`, failed: avp(absent[0], absent[1]) };
  }
  if (!sharesApplication(cer.avps))
    return { result: RESULT.noCommonApplication, reason: 'only credit control (4) is spoken here' };
  return SUCCESS;
}

export function identityIn(cer: Message): PeerIdentity {
  return {
    originHost: textOf(cer.avps, 'Origin-Host') ?? '',
    originRealm: textOf(cer.avps, 'Origin-Realm') ?? '',
    productName: textOf(cer.avps, 'Product-Name'),
    originStateId: numberOf(cer.avps, 'Origin-State-Id'),
  };
}

/** `address` is the local IP address of the connection. */
export function cea(cer: Message, identity: Identity, address: string, outcome: BaseResult): Message {
  return answerTo(cer, outcome.result, [
    avp('Result-Code', outcome.result),
    ...from(identity),
    avp('Host-IP-Address', address),
    avp('Vendor-Id', 0),
    avp('Product-Name', 'orderd OCS simulator'),
    avp('Origin-State-Id', identity.originStateId),
    avp('Supported-Vendor-Id', VENDOR_3GPP),
    avp('Auth-Application-Id', APPLICATION.creditControl),
    avp('Firmware-Revision', CEA_FIRMWARE),
    ...why(outcome),
  ]);
}

export function dwa(dwr: Message, identity: Identity, outcome: BaseResult = SUCCESS): Message {
  const state = avp('Origin-State-Id', identity.originStateId);
  return answerTo(dwr, outcome.result, [avp('Result-Code', outcome.result), ...from(identity), state, ...why(outcome)]);
}

export function dpa(dpr: Message, identity: Identity, outcome: BaseResult = SUCCESS): Message {
  return answerTo(dpr, outcome.result, [avp('Result-Code', outcome.result), ...from(identity), ...why(outcome)]);
}

export function dwrAvps(identity: Identity): readonly Avp[] {
  return [...from(identity), avp('Origin-State-Id', identity.originStateId)];
}

/** Disconnect-Cause (section 5.4.3): 0 REBOOTING, 1 BUSY, 2 DO_NOT_WANT_TO_TALK_TO_YOU. */
export function dprAvps(identity: Identity, cause: number): readonly Avp[] {
  return [...from(identity), avp('Disconnect-Cause', cause)];
}
