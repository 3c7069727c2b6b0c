import { present } from '../lib/present.ts';
import type { Money } from './money.ts';

/** What names a charge for ever (E2): stored by the step that permits its send. */
export interface ChargeIdentity {
  /** RFC 6733 8.8. */
  readonly sessionId: string;
  readonly requestNumber: number;
  readonly endToEnd: number;
  /** The Origin-Host under which `endToEnd` was given out. */
  readonly originHost: string;
  /** Event-Timestamp, whole seconds since 1970 UTC. */
  readonly eventTimestamp: number;
}

/**
 * What a CCR asks for. Events (RFC 8506 section 6): debit, refund, balance, price. Session (section 5): reserve is the
 * first interrogation; commit (all of it used) and release (nothing used) are its final one.
 */
export type ChargeAction = 'debit' | 'refund' | 'reserve' | 'commit' | 'release' | 'balance' | 'price';

/** One CCR. */
export interface ChargeRequest {
  readonly identity: ChargeIdentity;
  readonly action: ChargeAction;
  readonly msisdn: string;
  readonly serviceIdentifier: number;
  readonly price: Money;
  readonly orderId: string;
  /** T flag: some earlier send may have arrived (E2). */
  readonly retransmit: boolean;
  /** How often this was sent before without an answer: a resend goes to the backup and back again (RFC 8506 6.5). */
  readonly resends?: number;
  /** Of a commit or release: what the answer to the reservation said of its session. */
  readonly session?: SessionTerms | undefined;
  /** Of a refund: what the answer to its debit gave for it. */
  readonly refundInformation?: string | undefined;
}

/** What an OCS says about failure in its answers; a key is left out where the answer had no such AVP. */
export interface FailureTerms {
  /** Credit-Control-Failure-Handling, RFC 8506 8.14. */
  readonly ccfh?: 'terminate' | 'continue' | 'retry-and-terminate';
  /** Direct-Debiting-Failure-Handling, RFC 8506 8.15. */
  readonly ddfh?: 'terminate-or-buffer' | 'continue';
  /** CC-Session-Failover, RFC 8506 8.4: whether the session may move to another server. */
  readonly sessionFailover?: boolean;
}

/** What an answer to a reservation says of its session. */
export interface SessionTerms extends FailureTerms {
  /** Origin-Host of the answer: the server that holds the session. */
  readonly host?: string;
  /** Validity-Time of the granted units, seconds (RFC 8506 8.33). */
  readonly validity?: number;
  /** Final-Unit-Indication came (RFC 8506 8.34): nothing more will be granted. */
  readonly finalUnit?: boolean;
}

/** What came of a send. The Diameter client never rejects; silence is an outcome of its own. */
export type ChargeAnswer =
  | { readonly kind: 'not-sent'; readonly reason: string }
  | { readonly kind: 'silent'; readonly reason: 'tx' | 'link-lost' }
  | CreditAnswer;

export interface CreditAnswer {
  readonly kind: 'answer';
  /** Result-Code, or the Experimental-Result-Code when that is what came. */
  readonly resultCode: number;
  readonly experimental: boolean;
  /** A failure with the E bit (RFC 6733 3, 7.2). Every node on the way may say that, so it tells nothing of an earlier send. */
  readonly errorBit?: boolean;
  /** Minor units granted, when the answer said so. */
  readonly granted: number | undefined;
  /** The command succeeded although the service's own result did not: the session is open and wants its end (RFC 8506 7). */
  readonly opened?: boolean;
  /** Failed-AVP, hex, for 5xxx answers that name one. */
  readonly failedAvp: string | undefined;
  readonly session?: SessionTerms;
  /** Refund-Information, hex: by it an OCS finds the debit that is to be given back (3GPP TS 32.299). */
  readonly refundInformation?: string;
  /** Check-Balance-Result (RFC 8506 8.6): ENOUGH_CREDIT or not. */
  readonly enough?: boolean;
  /** Cost-Information (RFC 8506 8.7). */
  readonly cost?: Money;
}

export type DenialReason = 'balance' | 'not-allowed' | 'unknown-user' | 'rating' | 'failed';

export type ChargeVerdict =
  /** `opened` here as below, of what is free under such a command. */
  | {
      readonly kind: 'granted';
      readonly free: boolean;
      readonly resultCode: number;
      readonly opened?: boolean;
      readonly session?: SessionTerms;
      readonly refundInformation?: string;
    }
  /** `opened`: under a command that succeeded, so that a reservation's session is open though it holds nothing. */
  | {
      readonly kind: 'denied';
      readonly reason: DenialReason;
      readonly resultCode: number;
      readonly opened?: boolean;
      readonly session?: SessionTerms;
    }
  /** An error answer: not processed there, may be asked again (3xxx). */
  | { readonly kind: 'not-processed'; readonly resultCode: number }
  /** Money moved, but not what was asked: must be given back. `granted`: minor units; undefined when the answer names no amount. */
  | {
      readonly kind: 'partial';
      readonly granted: number | undefined;
      readonly resultCode: number;
      readonly session?: SessionTerms;
      readonly refundInformation?: string;
    };

/** A person found in the OCS's own books that it debited. */
export const BY_A_PERSON: ChargeVerdict = { kind: 'granted', free: false, resultCode: 0 };

/** DIAMETER_LIMITED_SUCCESS, RFC 6733 7.1.2. */
const LIMITED_SUCCESS = 2002;

const DENIALS: Readonly<Record<number, DenialReason>> = {
  4010: 'not-allowed',
  4012: 'balance',
  5030: 'unknown-user',
  5031: 'rating',
};

/**
 * RFC 8506 9.1 and RFC 6733 7.1: the class decides where the code itself is not known; an unknown class is permanent.
 * `exact`: what is granted is taken at once (a debit); a reservation may hold more than is committed.
 */
export function readAnswer(answer: CreditAnswer, price: Money, exact = false): ChargeVerdict {
  const { resultCode } = answer;
  if (!answer.experimental && resultCode === 4011)
    return { kind: 'granted', free: true, resultCode, ...leftOpen(answer) };
  switch (classOf(resultCode)) {
    case 2:
      return readGrant(answer, price, exact);
    case 3:
      return { kind: 'not-processed', resultCode };
    default:
      return exact ? refusedInPart(answer) : denied(answer);
  }
}

/** One service of the answer was granted, another one refused: half an order is none, so what was taken goes back. */
function refusedInPart(answer: CreditAnswer): ChargeVerdict {
  const { resultCode, granted = 0, opened, refundInformation } = answer;
  if (opened !== true || granted === 0) return denied(answer);
  return { kind: 'partial', granted, resultCode, ...(refundInformation !== undefined && { refundInformation }) };
}

function denied(answer: CreditAnswer): ChargeVerdict {
  const { resultCode, experimental } = answer;
  const reason = (experimental ? undefined : DENIALS[resultCode]) ?? 'failed';
  return { kind: 'denied', reason, resultCode, ...leftOpen(answer) };
}

function leftOpen({ opened, session }: CreditAnswer): { readonly opened?: boolean; readonly session?: SessionTerms } {
  return opened === true ? { opened, ...(session && { session }) } : {};
}

/** RFC 6733 7.1.3: an error answer, so nobody has processed the request, and its next send has no T (section 3). */
export function isErrorAnswer(resultCode: number): boolean {
  return classOf(resultCode) === 3;
}

function classOf(resultCode: number): number {
  return Math.floor(resultCode / 1000);
}

/** 2001 without an amount granted all of it; 2002 (limited success) without one granted some; nothing granted is a denial. */
function readGrant(answer: CreditAnswer, price: Money, exact: boolean): ChargeVerdict {
  const { resultCode, granted, session, refundInformation } = answer;
  const kept = present<Required<Pick<CreditAnswer, 'session' | 'refundInformation'>>>({ session, refundInformation });
  const taken = granted ?? (resultCode === LIMITED_SUCCESS ? undefined : price.minor);
  if (taken === 0) return { kind: 'denied', reason: whyNothing(session), resultCode, opened: true, ...kept };
  // E9: whoever was told a price pays that one, and gets back what an OCS of other decimals took.
  const all = taken !== undefined && (exact ? taken === price.minor : taken >= price.minor);
  if (all) return { kind: 'granted', free: false, resultCode, ...kept };
  return { kind: 'partial', granted: taken, resultCode, ...kept };
}

/** Final units of nothing are an empty account (RFC 8506 8.34). */
function whyNothing(session: SessionTerms | undefined): DenialReason {
  return session?.finalUnit === true ? 'balance' : 'failed';
}

/** DIAMETER_UNKNOWN_SESSION_ID, RFC 6733 7.1.5. */
const UNKNOWN_SESSION = 5002;

/** What became of a reservation by the answer to its last interrogation. */
export type Closed =
  | { readonly kind: 'done'; readonly resultCode: number }
  /** A commit that the OCS did not take: whether it debited must be looked up, never tried again (PROTOCOL 7). */
  | { readonly kind: 'refused'; readonly resultCode: number }
  | { readonly kind: 'not-processed'; readonly resultCode: number };

/** A session that the OCS no longer knows holds nothing: that releases it, but it commits nothing. `unanswered` as in `settles`. */
export function readClosing(answer: CreditAnswer, closing: 'commit' | 'release', unanswered = false): Closed {
  const { resultCode, experimental } = answer;
  if (!settles(answer, unanswered)) return { kind: 'not-processed', resultCode };
  switch (classOf(resultCode)) {
    case 2:
      return { kind: 'done', resultCode };
    case 4:
    case 5: {
      const gone = closing === 'release' && !experimental && resultCode === UNKNOWN_SESSION;
      return { kind: gone ? 'done' : 'refused', resultCode };
    }
    default:
      return { kind: 'not-processed', resultCode };
  }
}

/** E2: whether an answer settles its charge. Once a send of it went unanswered, only a 2xxx, 4xxx or 5xxx credit answer does. */
export function settles({ resultCode, errorBit }: CreditAnswer, unanswered: boolean): boolean {
  if (isErrorAnswer(resultCode)) return false;
  return !unanswered || (errorBit !== true && [2, 4, 5].includes(classOf(resultCode)));
}

/** Money moved. */
export function isTaken(verdict: ChargeVerdict | undefined): boolean {
  return verdict?.kind === 'granted' ? !verdict.free : verdict?.kind === 'partial';
}

/** Of a refund: all of it was given back. 4011 frees a service (RFC 8506 9.1); as an answer to a refund it moves nothing. */
export function isGivenBack(verdict: ChargeVerdict): boolean {
  return verdict.kind === 'granted' && !verdict.free;
}

/** What a refund gives back: what was taken, which may be less than the price. */
export function takenBy(verdict: ChargeVerdict | undefined, price: Money): Money {
  return verdict?.kind === 'partial' && verdict.granted !== undefined ? { ...price, minor: verdict.granted } : price;
}
