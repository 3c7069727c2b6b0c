/** Reads a Credit-Control-Request (RFC 8506 section 3.1) into a plain record, or says what is wrong with it. */
import { avp, allNamed, bigintOf, children, first, numberOf, textOf } from '../diameter/values.ts';
import type { Avp } from '../diameter/avp.ts';
import type { Violation } from '../diameter/check.ts';
import { RESULT } from '../diameter/dictionary.ts';
import { T_BIT, type Message } from '../diameter/message.ts';

export const REQUEST_TYPES = { 1: 'INITIAL', 2: 'UPDATE', 3: 'TERMINATION', 4: 'EVENT' } as const;
export const ACTIONS = { 0: 'DIRECT_DEBITING', 1: 'REFUND_ACCOUNT', 2: 'CHECK_BALANCE', 3: 'PRICE_ENQUIRY' } as const;
export type RequestType = (typeof REQUEST_TYPES)[keyof typeof REQUEST_TYPES];
export type RequestedAction = (typeof ACTIONS)[keyof typeof ACTIONS];

const COUNTED = [
  'CC-Service-Specific-Units',
  'CC-Time',
  'CC-Total-Octets',
  'CC-Input-Octets',
  'CC-Output-Octets',
] as const;

export type Units =
  | {
      readonly kind: 'money';
      readonly digits: bigint;
      readonly exponent: number;
      readonly currency: number | undefined;
    }
  | { readonly kind: 'counted'; readonly avp: (typeof COUNTED)[number]; readonly count: bigint }
  /** Requested-Service-Unit empty or absent: the server decides how much one is. */
  | { readonly kind: 'open' };

/** One rated part: the top level of the request, or one Multiple-Services-Credit-Control. */
export interface Item {
  readonly place: 'top' | 'mscc';
  readonly serviceIdentifier: number | undefined;
  readonly ratingGroup: number | undefined;
  readonly requested: Units | undefined;
  readonly used: readonly Units[];
}

export interface CreditRequest {
  readonly sessionId: string;
  readonly requestNumber: number;
  readonly subSession: bigint | undefined;
  readonly requestType: RequestType;
  /** None in session requests. */
  readonly action: RequestedAction | undefined;
  readonly msisdn: string;
  readonly serviceContext: string;
  readonly originHost: string;
  readonly originRealm: string;
  readonly endToEnd: number;
  /** The T bit. */
  readonly retransmit: boolean;
  readonly items: readonly Item[];
}

/** Required by RFC 8506 section 3.1, with an example value for Failed-AVP. */
const REQUIRED: readonly (readonly [string, () => Avp])[] = [
  ['Session-Id', () => avp('Session-Id', '0')],
  ['Origin-Host', () => avp('Origin-Host', '0')],
  ['Origin-Realm', () => avp('Origin-Realm', '0')],
  ['Destination-Realm', () => avp('Destination-Realm', '0')],
  ['Auth-Application-Id', () => avp('Auth-Application-Id', 0)],
  ['Service-Context-Id', () => avp('Service-Context-Id', '0')],
  ['CC-Request-Type', () => avp('CC-Request-Type', 0)],
  ['CC-Request-Number', () => avp('CC-Request-Number', 0)],
  ['Subscription-Id', () => avp('Subscription-Id', [avp('Subscription-Id-Type', 4), avp('Subscription-Id-Data', '0')])],
];

function missing(name: string, example: Avp): Violation {
  return { result: RESULT.missingAvp, message: `${name} is missing`, offending: example };
}

function invalid(avps: readonly Avp[], name: string): Violation {
  const offending = first(avps, name) ?? avp(name, 0);
  return { result: RESULT.invalidAvpValue, message: `${name} has a value that is not allowed here`, offending };
}

function missingFrom(avps: readonly Avp[]): Violation | undefined {
  for (const [name, example] of REQUIRED) {
    if (first(avps, name) === undefined) return missing(name, example());
  }
  return undefined;
}

function moneyOf(group: readonly Avp[]): Units {
  const money = children(first(group, 'CC-Money'));
  const value = children(first(money, 'Unit-Value'));
  return {
    kind: 'money',
    digits: bigintOf(value, 'Value-Digits') ?? 0n,
    exponent: numberOf(value, 'Exponent') ?? 0,
    currency: numberOf(money, 'Currency-Code'),
  };
}

function unitsOf(unit: Avp): Units {
  const group = children(unit);
  if (first(group, 'CC-Money') !== undefined) return moneyOf(group);
  const name = COUNTED.find((counted) => first(group, counted) !== undefined);
  if (name === undefined) return { kind: 'open' };
  const count = name === 'CC-Time' ? BigInt(numberOf(group, name) ?? 0) : (bigintOf(group, name) ?? 0n);
  return { kind: 'counted', avp: name, count };
}

function itemOf(avps: readonly Avp[], place: Item['place']): Item {
  const requested = first(avps, 'Requested-Service-Unit');
  return {
    place,
    serviceIdentifier: numberOf(avps, 'Service-Identifier'),
    ratingGroup: numberOf(avps, 'Rating-Group'),
    requested: requested === undefined ? undefined : unitsOf(requested),
    used: allNamed(avps, 'Used-Service-Unit').map(unitsOf),
  };
}

function itemsOf(avps: readonly Avp[]): readonly Item[] {
  const several = allNamed(avps, 'Multiple-Services-Credit-Control');
  if (several.length === 0) return [itemOf(avps, 'top')];
  return several.map((one) => itemOf(children(one), 'mscc'));
}

/** The E.164 identity if there is one (Subscription-Id-Type 0), else the first; a leading + is dropped. */
function subscriber(avps: readonly Avp[]): string {
  const ids = allNamed(avps, 'Subscription-Id').map(children);
  const chosen = ids.find((id) => numberOf(id, 'Subscription-Id-Type') === 0) ?? ids[0] ?? [];
  return (textOf(chosen, 'Subscription-Id-Data') ?? '').replace(/^\+/, '');
}

interface Kind {
  readonly requestType: RequestType;
  readonly action: RequestedAction | undefined;
}

function kindOf(avps: readonly Avp[]): Kind | Violation {
  const types: Readonly<Record<number, RequestType>> = REQUEST_TYPES;
  const requestType = types[numberOf(avps, 'CC-Request-Type') ?? 0];
  if (requestType === undefined) return invalid(avps, 'CC-Request-Type');
  if (requestType !== 'EVENT') return { requestType, action: undefined };
  const asked = numberOf(avps, 'Requested-Action');
  if (asked === undefined) return missing('Requested-Action', avp('Requested-Action', 0));
  const actions: Readonly<Record<number, RequestedAction>> = ACTIONS;
  const action = actions[asked];
  return action === undefined ? invalid(avps, 'Requested-Action') : { requestType, action };
}

/** The text of an AVP that missingFrom has found there. */
const given = (avps: readonly Avp[], name: string): string => textOf(avps, name) ?? '';

/** `message` has passed check.ts, so every value in it can be read. */
export function readCreditRequest(message: Message): CreditRequest | Violation {
  const { avps } = message;
  const kind = missingFrom(avps) ?? kindOf(avps);
  if ('result' in kind) return kind;
  const msisdn = subscriber(avps);
  if (msisdn === '') return invalid(avps, 'Subscription-Id');
  return {
    ...kind,
    sessionId: given(avps, 'Session-Id'),
    requestNumber: numberOf(avps, 'CC-Request-Number') ?? 0,
    subSession: bigintOf(avps, 'CC-Sub-Session-Id'),
    msisdn,
    serviceContext: given(avps, 'Service-Context-Id'),
    originHost: given(avps, 'Origin-Host'),
    originRealm: given(avps, 'Origin-Realm'),
    endToEnd: message.endToEnd,
    retransmit: (message.flags & T_BIT) !== 0,
    items: itemsOf(avps),
  };
}
