/** Credit-Control-Request: one for each thing that a charge may ask (RFC 8506 sections 3.1, 5 and 6). */
import { moneyField } from './amount.ts';
import { boundTo, type CcrAction, type CcrRequest } from './ccr-request.ts';
import { defineAvps } from './dictionary/dictionary.ts';
import { compileLayout, type Layout } from './layout.ts';
import { LAYOUTS } from './layouts.ts';
import { APPLICATION, COMMAND, type Field, type Header } from './message.ts';
import type { NodeSettings } from './settings.ts';

/** CC-Request-Type and, of events, Requested-Action (RFC 8506 8.3, 8.41). */
const KINDS: Readonly<Record<CcrAction, readonly [type: number, action?: number]>> = {
  debit: [4, 0],
  refund: [4, 1],
  balance: [4, 2],
  price: [4, 3],
  reserve: [1],
  update: [2],
  commit: [3],
  release: [3],
};

/** RFC 6733 8.15: DIAMETER_LOGOUT, the session ended as it should. */
const LOGOUT = 1;
/** RFC 8506 8.47. */
const END_USER_E164 = 0;
/** RFC 8506 8.40. */
const MULTIPLE_SERVICES_SUPPORTED = 1;
/** RFC 6733 4.3.1: Time counts seconds since 1900, modulo 2^32. */
const NTP_OFFSET = 2_208_988_800;

export function ntpTime(unixSeconds: number): number {
  return (unixSeconds + NTP_OFFSET) % 2 ** 32;
}

/** What is asked for, or of a final interrogation what was used: all of it, or nothing (RFC 8506 8.18, 8.19). */
function serviceUnit({ action, price }: CcrRequest): Field {
  switch (action) {
    case 'price':
      return ['Requested-Service-Unit', [['CC-Service-Specific-Units', 1n]]];
    case 'commit':
      return ['Used-Service-Unit', [moneyField(price)]];
    case 'release':
      return ['Used-Service-Unit', [moneyField({ ...price, minor: 0 })]];
    default:
      return ['Requested-Service-Unit', [moneyField(price)]];
  }
}

/** RFC 8506 8.8 and 8.16: the units at the command's level, or inside Multiple-Services-Credit-Control. */
function units(request: CcrRequest, place: NodeSettings['units']): readonly Field[] {
  const service: Field = ['Service-Identifier', request.serviceIdentifier];
  const unit = serviceUnit(request);
  const information = refundInformation(request);
  if (place === 'top-level') return [service, unit, ...information];
  return [
    ['Multiple-Services-Indicator', MULTIPLE_SERVICES_SUPPORTED],
    ['Multiple-Services-Credit-Control', [unit, service, ...information]],
  ];
}

/** As the answer to the debit gave it (3GPP TS 32.299). */
function refundInformation({ refundInformation: given }: CcrRequest): readonly Field[] {
  return given === undefined ? [] : [['Refund-Information', Buffer.from(given, 'hex')]];
}

const E164_ONLY = [{ type: END_USER_E164, data: '{msisdn}' }];

/** A node's own AVPs of a CCR, compiled. */
export interface CcrLayout {
  readonly subscriptionIds: (charge: CcrRequest) => readonly Field[];
  readonly rest: (charge: CcrRequest) => readonly Field[];
  /** `path: what is wrong`; a node whose layout has faults cannot charge. */
  readonly faults: readonly string[];
}

/** Adds the node's AVPs to the dictionary and holds its layout against it. */
export function compileCcr({ avps = [], subscriptionIds = E164_ONLY, layout = 'none' }: NodeSettings): CcrLayout {
  const undefinable = defineAvps(avps);
  const ids = subscriptionIds.map(({ type, data }): Layout[number] => [
    'Subscription-Id',
    [
      ['Subscription-Id-Type', type],
      ['Subscription-Id-Data', data],
    ],
  ]);
  const subscribers = compileLayout(ids);
  const rest = compileLayout(typeof layout === 'string' ? LAYOUTS[layout] : layout);
  const faults = [...undefinable, ...subscribers.faults, ...rest.faults];
  return { subscriptionIds: subscribers.fields, rest: rest.fields, faults };
}

/** A charge's AVPs are the same in every send of it (E2); only our Origin-Host says which process sends. */
export function ccrFields(request: CcrRequest, node: NodeSettings, layout: CcrLayout): readonly Field[] {
  const { identity, action } = request;
  const [type, requestedAction] = KINDS[action];
  const destinationHost = boundTo(request) ?? node.destinationHost;
  return [
    ['Session-Id', identity.sessionId],
    ['Origin-Host', node.originHost],
    ['Origin-Realm', node.originRealm],
    ['Destination-Realm', node.destinationRealm],
    ...optional('Destination-Host', destinationHost),
    ['Auth-Application-Id', APPLICATION.creditControl],
    ['Service-Context-Id', node.serviceContextId],
    ['CC-Request-Type', type],
    ['CC-Request-Number', identity.requestNumber],
    ['Event-Timestamp', ntpTime(identity.eventTimestamp)],
    ...layout.subscriptionIds(request),
    ...optional('Requested-Action', requestedAction),
    ...optional('Termination-Cause', type === KINDS.commit[0] ? LOGOUT : undefined),
    ...units(request, node.units),
    ...layout.rest(request),
  ];
}

function optional(name: string, value: string | number | undefined): readonly Field[] {
  return value === undefined ? [] : [[name, value]];
}

export function ccrHeader(hopByHop: number, endToEnd: number, retransmit: boolean): Header {
  const { creditControl } = COMMAND;
  const kind = { request: true, proxiable: true, error: false, command: creditControl };
  return { application: APPLICATION.creditControl, retransmit, hopByHop, endToEnd, ...kind };
}
