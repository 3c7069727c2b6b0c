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

/** One CCR of the event kind (RFC 8506 section 6). */
export interface ChargeRequest {
  readonly identity: ChargeIdentity;
  readonly action: 'debit' | 'refund';
  readonly msisdn: string;
  readonly serviceIdentifier: number;
  readonly price: Money;
  readonly orderId: string;
  /** T flag: some earlier send may have arrived (E2). */
  readonly retransmit: boolean;
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
  /** Minor units granted, when the answer said so. */
  readonly granted: number | undefined;
  /** Failed-AVP, hex, for 5xxx answers that name one. */
  readonly failedAvp: string | undefined;
}

export type DenialReason = 'balance' | 'not-allowed' | 'unknown-user' | 'rating' | 'failed';

export type ChargeVerdict =
  | { readonly kind: 'granted'; readonly free: boolean; readonly resultCode: number }
  | { readonly kind: 'denied'; readonly reason: DenialReason; readonly resultCode: number }
  /** An error answer: not processed there, may be asked again (3xxx). */
  | { readonly kind: 'not-processed'; readonly resultCode: number }
  /** Money moved, but less than asked: must be given back. */
  | { readonly kind: 'partial'; readonly resultCode: number };

const DENIALS: Readonly<Record<number, DenialReason>> = {
  4010: 'not-allowed',
  4012: 'balance',
  5030: 'unknown-user',
  5031: 'rating',
};

/** RFC 8506 9.1 and RFC 6733 7.1: the class decides where the code itself is not known; an unknown class is permanent. */
export function readAnswer(answer: CreditAnswer, price: Money): ChargeVerdict {
  const { resultCode, granted } = answer;
  if (!answer.experimental && resultCode === 4011) return { kind: 'granted', free: true, resultCode };
  switch (Math.floor(resultCode / 1000)) {
    case 2:
      return granted !== undefined && granted < price.minor
        ? { kind: 'partial', resultCode }
        : { kind: 'granted', free: false, resultCode };
    case 3:
      return { kind: 'not-processed', resultCode };
    default:
      return {
        kind: 'denied',
        reason: (answer.experimental ? undefined : DENIALS[resultCode]) ?? 'failed',
        resultCode,
      };
  }
}
