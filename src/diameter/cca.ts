/** Credit-Control-Answer: what it says, at the command's level or inside MSCC (RFC 8506 sections 3.2 and 8). */
import { present } from '../lib/present.ts';
import type { CreditAnswer, SessionTerms } from '../domain/charge.ts';
import { hex } from '../domain/ids.ts';
import type { Money } from '../domain/money.ts';
import { readCost, readGranted, type Granted } from './amount.ts';
import { all, find, groupOf, membersOf, numberOf, octetsOf, textOf } from './avp.ts';
import type { CcrRequest } from './ccr-request.ts';
import type { DiameterEvent } from './events.ts';
import { RESULT, type Avp, type Incoming } from './message.ts';

/** What a CCA says, and what about it somebody should hear of. */
export interface Cca {
  readonly answer: CreditAnswer;
  readonly concern: DiameterEvent | undefined;
}

type Levels = readonly (readonly Avp[])[];

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

function isOpen(avps: readonly Avp[]): boolean {
  const outcome = outcomeOf(avps);
  return outcome !== undefined && succeeded(outcome);
}

/** The granted units: the command's own, else those of each service that did not fail. */
function unitsOf(avps: readonly Avp[], services: Levels): Levels {
  const own = groupOf(avps, 'Granted-Service-Unit');
  if (own !== undefined) return [own];
  const granting = services.filter((service) => outcomeOf(service) === undefined || isOpen(service));
  return granting.map((service) => groupOf(service, 'Granted-Service-Unit')).filter((unit) => unit !== undefined);
}

/** DIAMETER_CREDIT_CONTROL_NOT_APPLICABLE, RFC 8506 9.1: the service is free. */
const NOT_APPLICABLE = 4011;

const is = (code: number) => (outcome: Outcome) => !outcome.experimental && outcome.code === code;
const isFree = is(NOT_APPLICABLE);
const isLimited = is(RESULT.limitedSuccess);

/**
 * The services' own results inside MSCC decide where the command as a whole succeeded (RFC 8506 8.16). A refusal hides behind
 * nothing that is free, and what is free hides no money that another service took.
 */
function verdict(avps: readonly Avp[], services: Levels): Outcome | undefined {
  const outcome = outcomeOf(avps);
  if (outcome === undefined || !succeeded(outcome)) return outcome;
  const own = services.map(outcomeOf).filter((result) => result !== undefined);
  const refused = own.find((result) => !succeeded(result) && !isFree(result));
  const granted = services.some(isOpen) || unitsOf(avps, services).length > 0;
  return refused ?? (granted ? undefined : own.find(isFree)) ?? own.find(isLimited) ?? outcome;
}

/** Final units without any are none: the account is empty, and the client is to act as if they were used (RFC 8506 8.34). */
function grantOf(units: Levels, { session }: Partial<Extras>, price: Money): Granted | undefined {
  return units.length === 0 && session?.finalUnit === true ? { minor: 0 } : readGranted(units, price);
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

/** RFC 8506 8.14. */
const CCFH = ['terminate', 'continue', 'retry-and-terminate'] as const;
/** RFC 8506 8.15. */
const DDFH = ['terminate-or-buffer', 'continue'] as const;
/** RFC 8506 8.4: FAILOVER_SUPPORTED. */
const FAILOVER_SUPPORTED = 1;
/** RFC 8506 8.6: ENOUGH_CREDIT. */
const ENOUGH_CREDIT = 0;

function firstNumber(levels: Levels, name: string): number | undefined {
  return levels.map((level) => numberOf(level, name)).find((value) => value !== undefined);
}

function isFinal(levels: Levels): boolean {
  const names = ['Final-Unit-Indication', 'QoS-Final-Unit-Indication'];
  return levels.some((level) => names.some((name) => find(level, name) !== undefined));
}

/** What the answer says of failure, and of a reservation's session also who holds it and for how long. */
function termsOf(levels: Levels, isReservation: boolean): SessionTerms {
  const [command = []] = levels;
  const failover = numberOf(command, 'CC-Session-Failover');
  const terms = present<SessionTerms>({
    ccfh: CCFH[numberOf(command, 'Credit-Control-Failure-Handling') ?? -1],
    ddfh: DDFH[numberOf(command, 'Direct-Debiting-Failure-Handling') ?? -1],
    sessionFailover: failover === undefined ? undefined : failover === FAILOVER_SUPPORTED,
  });
  if (!isReservation) return terms;
  const host = textOf(command, 'Origin-Host');
  const validity = firstNumber(levels, 'Validity-Time');
  return { ...terms, ...present<SessionTerms>({ host, validity, finalUnit: isFinal(levels) ? true : undefined }) };
}

interface Extras {
  readonly session: SessionTerms;
  readonly refundInformation: string;
  readonly enough: boolean;
  readonly cost: Money;
}

function extrasOf(levels: Levels, { action }: CcrRequest): Partial<Extras> {
  const [command = []] = levels;
  const terms = termsOf(levels, action === 'reserve' || action === 'update');
  const information = levels
    .map((level) => octetsOf(level, 'Refund-Information'))
    .find((octets) => octets !== undefined);
  const enough = numberOf(command, 'Check-Balance-Result');
  return present<Extras>({
    session: Object.keys(terms).length === 0 ? undefined : terms,
    refundInformation: action === 'debit' && information !== undefined ? hex(information) : undefined,
    enough: enough === undefined ? undefined : enough === ENOUGH_CREDIT,
    cost: readCost(groupOf(command, 'Cost-Information') ?? []),
  });
}

/** Undefined when the message carries no result: then nothing is known, and silence is what it amounts to. */
export function readCca({ header, avps }: Incoming, request: CcrRequest): Cca | undefined {
  const services = all(avps, 'Multiple-Services-Credit-Control').map((service) => membersOf(service) ?? []);
  const outcome = verdict(avps, services);
  if (outcome === undefined) return undefined;
  const levels = [avps, ...services];
  const extras = extrasOf(levels, request);
  const granted = grantOf(unitsOf(avps, services), extras, request.price);
  return {
    answer: {
      kind: 'answer',
      resultCode: outcome.code,
      experimental: outcome.experimental,
      granted: typeof granted === 'object' ? granted.minor : undefined,
      failedAvp: failedAvpOf(avps, request.msisdn),
      ...(header.error && !succeeded(outcome) ? { errorBit: true } : {}),
      ...(succeeded(outcome) || !isOpen(avps) ? {} : { opened: true }),
      ...extras,
    },
    concern: typeof granted === 'string' ? 'charge.amount-unreadable' : undefined,
  };
}
