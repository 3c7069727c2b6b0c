/** Credit control of the event kind: CCR out, CCA in (RFC 8506 sections 3 and 6). */
import type { ChargeAction, ChargeRequest, CreditAnswer } from '../domain/charge.ts';
import { hex } from '../domain/ids.ts';
import { moneyField, readMoney } from './amount.ts';
import { all, groupOf, membersOf, numberOf, octetsOf } from './avp.ts';
import { defineAvps } from './dictionary/dictionary.ts';
import type { DiameterEvent } from './events.ts';
import { compileLayout, type Layout } from './layout.ts';
import { LAYOUTS } from './layouts.ts';
import { APPLICATION, COMMAND, type Avp, type Field, type Header, type Incoming } from './message.ts';
import type { NodeSettings } from './settings.ts';

/** RFC 8506 8.3. */
const EVENT_REQUEST = 4;
/** RFC 8506 8.41. */
const REQUESTED_ACTION: Readonly<Partial<Record<ChargeAction, number>>> = { debit: 0, refund: 1, balance: 2, price: 3 };
/** RFC 8506 8.47. */
const END_USER_E164 = 0;
/** RFC 8506 8.40. */
const MULTIPLE_SERVICES_SUPPORTED = 1;
/** RFC 6733 4.3.1: Time counts seconds since 1900, modulo 2^32. */
const NTP_OFFSET = 2_208_988_800;

export function ntpTime(unixSeconds: number): number {
  return (unixSeconds + NTP_OFFSET) % 2 ** 32;
}

/** RFC 8506 8.8 and 8.16: the units at the command's level, or inside Multiple-Services-Credit-Control. */
function units(request: ChargeRequest, place: NodeSettings['units']): readonly Field[] {
  const asked: readonly Field[] = [
    ['Service-Identifier', request.serviceIdentifier],
    ['Requested-Service-Unit', [moneyField(request.price)]],
  ];
  if (place === 'top-level') return asked;
  return [
    ['Multiple-Services-Indicator', MULTIPLE_SERVICES_SUPPORTED],
    ['Multiple-Services-Credit-Control', asked.toReversed()],
  ];
}

const E164_ONLY = [{ type: END_USER_E164, data: '{msisdn}' }];

/** A node's own AVPs of a CCR, compiled. */
export interface CcrLayout {
  readonly subscriptionIds: (charge: ChargeRequest) => readonly Field[];
  readonly rest: (charge: ChargeRequest) => readonly Field[];
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
export function ccrFields(request: ChargeRequest, node: NodeSettings, layout: CcrLayout): readonly Field[] {
  const { identity } = request;
  return [
    ['Session-Id', identity.sessionId],
    ['Origin-Host', node.originHost],
    ['Origin-Realm', node.originRealm],
    ['Destination-Realm', node.destinationRealm],
    ...(node.destinationHost === undefined ? [] : [['Destination-Host', node.destinationHost] as const]),
    ['Auth-Application-Id', APPLICATION.creditControl],
    ['Service-Context-Id', node.serviceContextId],
    ['CC-Request-Type', EVENT_REQUEST],
    ['CC-Request-Number', identity.requestNumber],
    ['Event-Timestamp', ntpTime(identity.eventTimestamp)],
    ...layout.subscriptionIds(request),
    ['Requested-Action', REQUESTED_ACTION[request.action] ?? 0],
    ...units(request, node.units),
    ...layout.rest(request),
  ];
}

export function ccrHeader(hopByHop: number, endToEnd: number, retransmit: boolean): Header {
  const { creditControl } = COMMAND;
  const kind = { request: true, proxiable: true, error: false, command: creditControl };
  return { ...kind, application: APPLICATION.creditControl, retransmit, hopByHop, endToEnd };
}

/** What a CCA says, and what about it somebody should hear of. */
export interface Cca {
  readonly answer: CreditAnswer;
  readonly concern: DiameterEvent | undefined;
}

interface Outcome {
  readonly code: number;
  readonly experimental: boolean;
}

/** Result-Code, else the Experimental-Result-Code (RFC 6733 7.6). */
function outcomeOf(avps: readonly Avp[]): Outcome | undefined {
  const code = numberOf(avps, 'Result-Code');
  if (code !== undefined) return { code, experimental: false };
  const experimental = numberOf(groupOf(avps, 'Experimental-Result') ?? [], 'Experimental-Result-Code');
  return experimental === undefined ? undefined : { code: experimental, experimental: true };
}

const succeeded = (outcome: Outcome): boolean => Math.floor(outcome.code / 1000) === 2;

/** The service's own result inside MSCC decides where the command as a whole succeeded (RFC 8506 8.16). */
function verdict(avps: readonly Avp[], services: readonly (readonly Avp[])[]): Outcome | undefined {
  const outcome = outcomeOf(avps);
  if (outcome === undefined || !succeeded(outcome)) return outcome;
  return services.map(outcomeOf).find((own) => own !== undefined && !succeeded(own)) ?? outcome;
}

/** The Failed-AVP as hex, with the subscriber's number in it cut to its last three digits (E19). */
function failedAvpOf(avps: readonly Avp[], msisdn: string): string | undefined {
  const octets = octetsOf(avps, 'Failed-AVP');
  if (octets === undefined) return undefined;
  const masked = Buffer.from(octets)
    .toString('latin1')
    .replaceAll(msisdn, '*'.repeat(msisdn.length - 3) + msisdn.slice(-3));
  return hex(Buffer.from(masked, 'latin1'));
}

/** Undefined when the message carries no result: then nothing is known, and silence is what it amounts to. */
export function readCca(message: Incoming, request: ChargeRequest): Cca | undefined {
  const { avps } = message;
  const services = all(avps, 'Multiple-Services-Credit-Control').map((service) => membersOf(service) ?? []);
  const outcome = verdict(avps, services);
  if (outcome === undefined) return undefined;
  const unit = [avps, ...services]
    .map((level) => groupOf(level, 'Granted-Service-Unit'))
    .find((group) => group !== undefined);
  const granted = unit === undefined ? undefined : readMoney(unit, request.price);
  return {
    answer: {
      kind: 'answer',
      resultCode: outcome.code,
      experimental: outcome.experimental,
      granted: typeof granted === 'object' ? granted.minor : undefined,
      failedAvp: failedAvpOf(avps, request.msisdn),
    },
    concern: typeof granted === 'string' ? 'charge.amount-unreadable' : undefined,
  };
}
