/** Credit-Control-Answer (RFC 8506 section 3.2) from an outcome; the units stand where the request put them. */
import type { Avp } from '../diameter/avp.ts';
import { APPLICATION, COMMAND } from '../diameter/dictionary.ts';
import { answerTo, type Message } from '../diameter/message.ts';
import { allNamed, avp, first } from '../diameter/values.ts';
import type { Currency } from './money.ts';
import { granted, type ItemOutcome, type Outcome } from './outcome.ts';
import type { Units } from './request.ts';

export interface Identity {
  readonly originHost: string;
  readonly originRealm: string;
  readonly originStateId: number;
}

function moneyAvps(digits: bigint, exponent: number, currency: number): readonly Avp[] {
  const value = [avp('Value-Digits', digits), ...(exponent === 0 ? [] : [avp('Exponent', exponent)])];
  return [avp('Unit-Value', value), avp('Currency-Code', currency)];
}

/** Minor units as Unit-Value: 12.34 KES is 1234 with exponent -2. */
const minorAvps = (amount: bigint, currency: Currency): readonly Avp[] =>
  moneyAvps(amount, -currency.decimals, currency.numeric);

function unitAvps(units: Units, currency: Currency): readonly Avp[] {
  switch (units.kind) {
    case 'money':
      return [avp('CC-Money', moneyAvps(units.digits, units.exponent, units.currency ?? currency.numeric))];
    case 'counted':
      return [avp(units.avp, units.count)];
    case 'open':
      return [avp('CC-Service-Specific-Units', 1)];
  }
}

function grantAvps(item: ItemOutcome, outcome: Outcome, currency: Currency): readonly Avp[] {
  if (item.granted === undefined) return [];
  const validity = outcome.validityTime === undefined ? [] : [avp('Validity-Time', outcome.validityTime)];
  const final = item.final === true ? [avp('Final-Unit-Indication', [avp('Final-Unit-Action', 0)])] : [];
  return [avp('Granted-Service-Unit', unitAvps(item.granted, currency)), ...validity, ...final];
}

function itemAvps(one: ItemOutcome, outcome: Outcome, currency: Currency): readonly Avp[] {
  const grant = grantAvps(one, outcome, currency);
  if (one.item.place === 'top') return grant;
  const { serviceIdentifier, ratingGroup } = one.item;
  return [
    avp('Multiple-Services-Credit-Control', [
      ...grant.slice(0, 1),
      ...(serviceIdentifier === undefined ? [] : [avp('Service-Identifier', serviceIdentifier)]),
      ...(ratingGroup === undefined ? [] : [avp('Rating-Group', ratingGroup)]),
      ...grant.slice(1),
      avp('Result-Code', one.result),
    ]),
  ];
}

function enquiryAvps(outcome: Outcome, currency: Currency): readonly Avp[] {
  return [
    ...(outcome.cost === undefined ? [] : [avp('Cost-Information', minorAvps(outcome.cost, currency))]),
    ...(outcome.checkBalance === undefined ? [] : [avp('Check-Balance-Result', outcome.checkBalance)]),
  ];
}

function resultAvps(outcome: Outcome): readonly Avp[] {
  if (outcome.experimental === undefined) return [avp('Result-Code', outcome.result)];
  const { vendorId, resultCode } = outcome.experimental;
  return [avp('Experimental-Result', [avp('Vendor-Id', vendorId), avp('Experimental-Result-Code', resultCode)])];
}

const explanation = (outcome: Pick<Outcome, 'reason' | 'failed'>): readonly Avp[] => [
  ...(outcome.reason === undefined ? [] : [avp('Error-Message', outcome.reason)]),
  ...(outcome.failed === undefined ? [] : [avp('Failed-AVP', [outcome.failed])]),
];

/** AVPs that an answer takes over from its request as they are. */
function echoed(request: Message, name: string): readonly Avp[] {
  const found = first(request.avps, name);
  return found === undefined ? [] : [found];
}

/** What a CCA must carry whatever its result (RFC 8506 section 3.2), as far as the request had it and it was not at fault. */
function creditHead(request: Message, result: number, failed: Avp | undefined): readonly Avp[] {
  if (request.command !== COMMAND.CC || isProtocolError(result)) return [];
  const names = ['Auth-Application-Id', 'CC-Request-Type', 'CC-Request-Number'];
  return names.flatMap((name) => echoed(request, name)).filter((one) => one.code !== failed?.code);
}

/** An answer that no application made: protocol errors and requests that could not be read (RFC 6733 section 7.2). */
export function errorAnswer(
  request: Message,
  identity: Identity,
  result: number,
  why: Pick<Outcome, 'reason' | 'failed'>,
): Message {
  return answerTo(request, result, [
    ...echoed(request, 'Session-Id'),
    avp('Result-Code', result),
    avp('Origin-Host', identity.originHost),
    avp('Origin-Realm', identity.originRealm),
    ...creditHead(request, result, why.failed),
    avp('Origin-State-Id', identity.originStateId),
    ...explanation(why),
    ...allNamed(request.avps, 'Proxy-Info'),
  ]);
}

const isProtocolError = (result: number): boolean => result >= 3000 && result < 4000;

export function creditAnswer(request: Message, identity: Identity, outcome: Outcome, currency: Currency): Message {
  if (isProtocolError(outcome.result)) return errorAnswer(request, identity, outcome.result, outcome);
  const items = granted(outcome.result) || outcome.items.some((one) => one.item.place === 'mscc') ? outcome.items : [];
  return answerTo(request, outcome.result, [
    ...echoed(request, 'Session-Id'),
    ...resultAvps(outcome),
    avp('Origin-Host', identity.originHost),
    avp('Origin-Realm', identity.originRealm),
    avp('Auth-Application-Id', APPLICATION.creditControl),
    ...echoed(request, 'CC-Request-Type'),
    ...echoed(request, 'CC-Request-Number'),
    ...echoed(request, 'CC-Sub-Session-Id'),
    avp('Origin-State-Id', identity.originStateId),
    ...items.flatMap((one) => itemAvps(one, outcome, currency)),
    ...enquiryAvps(outcome, currency),
    ...explanation(outcome),
    ...allNamed(request.avps, 'Proxy-Info'),
  ]);
}
