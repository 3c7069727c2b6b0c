/** The records of charges on their way: one charge, its sends, and where they wait. */
import type { ChargeAction, ChargeAnswer, CreditAnswer } from '../domain/charge.ts';
import type { Cancel } from '../lib/clock.ts';
import type { Pending } from '../lib/pending.ts';
import type { CcrRequest } from './ccr-request.ts';
import { RESULT, type Field } from './message.ts';
import type { Peer } from './peer.ts';
import type { Choice } from './routing.ts';
import type { PeerSettings } from './settings.ts';

/** A peer and the sends that wait for its answer, by Hop-by-Hop id. */
export interface Route extends Choice {
  readonly settings: PeerSettings;
  readonly peer: Peer;
  readonly pending: Pending<number, Attempt>;
}

/** One send of a charge over one connection. */
export interface Attempt {
  readonly charge: Charge;
  readonly hopByHop: number;
  readonly deadline: number;
  /** Its bytes went to the socket and may have arrived. */
  handed: boolean;
}

/** One call of `send`. */
export interface Charge {
  readonly request: CcrRequest;
  readonly fields: readonly Field[];
  readonly endToEnd: number;
  readonly settle: (answer: ChargeAnswer) => void;
  readonly tried: Set<Route>;
  /** T from the next send on. */
  retransmit: boolean;
  /** Some send of this call may have arrived and was not answered. */
  unanswered: boolean;
  /** Sends whose answer could still come. */
  live: number;
  /** What `send` resolved with. */
  outcome: ChargeAnswer | undefined;
  cancelTx: Cancel;
}

/** A definite answer to a send that had gone silent, or one that took money after another that did not. */
export interface LateAnswer {
  readonly sessionId: string;
  readonly requestNumber: number;
  readonly action: ChargeAction;
  readonly orderId: string;
  readonly answer: CreditAnswer;
}

/** Not processed where it was refused: says nothing of an earlier send (E2). */
export function isProtocolError({ resultCode }: CreditAnswer): boolean {
  return Math.floor(resultCode / 1000) === 3;
}

/**
 * What the order is told of an answer that came after `outcome`. After an answer it is told only of money that this one took and
 * that one did not: nobody else would ever hear of it (E5).
 */
export function newsOf(
  { identity, action, orderId }: CcrRequest,
  outcome: ChargeAnswer,
  answer: CreditAnswer,
): LateAnswer | undefined {
  const news = outcome.kind === 'answer' ? isSuccess(answer) && !isSuccess(outcome) : !isProtocolError(answer);
  if (!news || action === 'update') return undefined;
  const { sessionId, requestNumber } = identity;
  return { sessionId, requestNumber, action, orderId, answer };
}

function isSuccess({ resultCode }: CreditAnswer): boolean {
  return Math.floor(resultCode / 1000) === 2;
}

/** "Not here, maybe elsewhere": UNABLE_TO_DELIVER and TOO_BUSY (RFC 6733 7.1.3). */
export function mayGoElsewhere({ resultCode, experimental }: CreditAnswer): boolean {
  return !experimental && (resultCode === RESULT.unableToDeliver || resultCode === RESULT.tooBusy);
}
