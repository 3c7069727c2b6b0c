/** The records of charges on their way: one charge, its sends, and where they wait. */
import type { ChargeAction, ChargeAnswer, CreditAnswer } from '../domain/charge.ts';
import { isErrorAnswer, isTaken, readAnswer } from '../domain/charge.ts';
import type { Cancel } from '../lib/clock.ts';
import { createPending, type Pending } from '../lib/pending.ts';
import { createRecent, type Recent } from '../lib/recent.ts';
import { textOf } from './avp.ts';
import type { CcrRequest } from './ccr-request.ts';
import { COMMAND, RESULT, type Field, type Incoming } from './message.ts';
import type { Peer } from './peer.ts';
import type { Choice } from './routing.ts';
import type { PeerSettings } from './settings.ts';

/** A peer and the sends that wait for its answer, by Hop-by-Hop id. */
export interface Route extends Choice {
  readonly settings: PeerSettings;
  readonly peer: Peer;
  readonly pending: Pending<number, Attempt>;
  /** Sends that were answered, but granted nothing: a grant that follows took money all the same (E5). */
  readonly answered: Recent<number, Attempt>;
}

/** Many refusals at once must not fill the memory: the oldest are forgotten first. */
const ANSWERED = 10_000;

export function createRoute(settings: PeerSettings, peer: Peer): Route {
  const { priority, weight = 1 } = settings;
  return { settings, peer, pending: createPending(), answered: createRecent(ANSWERED), priority, weight, credit: 0 };
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
  /** Of no more use once it is settled. */
  fields: readonly Field[];
  readonly endToEnd: number;
  readonly settle: (answer: ChargeAnswer) => void;
  readonly tried: Set<Route>;
  /** T from the next send on. */
  retransmit: boolean;
  /** Some send of this call may have arrived and was not answered. */
  unanswered: boolean;
  /** Sends whose answer could still come. */
  live: number;
  /** Hop-by-Hop id of its last send: the others went to peers that are suspect. */
  latest: number;
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

/** The send that this answers; ids and, where the answer has one, the Session-Id must agree. */
export function match({ pending, answered }: Route, { header, avps }: Incoming): Attempt | undefined {
  if (header.command !== COMMAND.creditControl) return undefined;
  const attempt = pending.peek(header.hopByHop) ?? answered.get(header.hopByHop);
  if (attempt?.charge.endToEnd !== header.endToEnd) return undefined;
  const { sessionId } = attempt.charge.request.identity;
  return (textOf(avps, 'Session-Id') ?? sessionId) === sessionId ? attempt : undefined;
}

/** False where that send had its answer before. One that granted nothing may be followed by one that does. */
export function takeAnswered({ pending, answered }: Route, attempt: Attempt, answer: CreditAnswer): boolean {
  const wasPending = pending.take(attempt.hopByHop) !== undefined;
  if (moved(attempt.charge.request, answer)) answered.delete(attempt.hopByHop);
  else answered.set(attempt.hopByHop, attempt);
  return wasPending;
}

/** Not processed where it was refused, or said by a node on the way: says nothing of an earlier send (E2). */
export function isProtocolError({ resultCode, errorBit }: CreditAnswer): boolean {
  return errorBit === true || isErrorAnswer(resultCode);
}

/**
 * Whether an answer adds to what is known. Once another one was the outcome only money does that this one took and that one did
 * not: nobody else would ever hear of it (E5).
 */
export function isNews(request: CcrRequest, outcome: ChargeAnswer | undefined, answer: CreditAnswer): boolean {
  if (outcome?.kind !== 'answer') return !isProtocolError(answer);
  return moved(request, answer) && !moved(request, outcome);
}

/** What the order is told of an answer that came after `outcome`. */
export function newsOf(request: CcrRequest, outcome: ChargeAnswer, answer: CreditAnswer): LateAnswer | undefined {
  const { identity, action, orderId } = request;
  if (!isNews(request, outcome, answer) || action === 'update') return undefined;
  const { sessionId, requestNumber } = identity;
  return { sessionId, requestNumber, action, orderId, answer };
}

/** Money, or a hold on it: a 2001 that granted nothing took none, and a refusal may have taken a part (RFC 8506 8.16). */
function moved({ action, price }: CcrRequest, answer: CreditAnswer): boolean {
  if (action === 'debit' || action === 'reserve') return isTaken(readAnswer(answer, price));
  return Math.floor(answer.resultCode / 1000) === 2;
}

/** "Not here, maybe elsewhere" (RFC 6733 7.1.3; RFC 8506 7 calls the first three temporary). */
const ELSEWHERE: readonly number[] = [
  RESULT.unableToDeliver,
  RESULT.tooBusy,
  RESULT.loopDetected,
  RESULT.redirectIndication,
];

/**
 * It has its outcome, or an alternate has it while this send's peer refuses it or is suspect again: two that work on a charge may both
 * take the money. `others` are the sends beside this one whose answer could still come.
 */
export function isWorkedOn({ charge, hopByHop }: Pick<Attempt, 'charge' | 'hopByHop'>, others: number): boolean {
  const { outcome, latest } = charge;
  return outcome !== undefined || (others > 0 && hopByHop !== latest);
}

export function mayGoElsewhere({ resultCode, experimental }: CreditAnswer): boolean {
  return !experimental && ELSEWHERE.includes(resultCode);
}
