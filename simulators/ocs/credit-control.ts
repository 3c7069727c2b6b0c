/** The way of one CCR: fault rules, duplicate detection, decision, ledger, answer. */
import { RESULT } from '../diameter/dictionary.ts';
import type { Message } from '../diameter/message.ts';
import { creditAnswer, type Identity } from './answer.ts';
import { chargeEvent, type Books } from './charge-event.ts';
import type { Sessions } from './charge-session.ts';
import type { Clock } from './clock.ts';
import { deliver } from './deliver.ts';
import type { Duplicates, Settlement } from './duplicates.ts';
import { books as booksUnder, type Fault } from './faults.ts';
import type { Ledger } from './ledger.ts';
import type { Metrics } from './metrics.ts';
import { refused, type Outcome } from './outcome.ts';
import type { Peer } from './peer.ts';
import { serviceOf } from './rating.ts';
import type { CreditRequest, Units } from './request.ts';

export interface CreditControl {
  readonly books: Books;
  readonly sessions: Sessions;
  readonly duplicates: Duplicates;
  readonly ledger: Ledger;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly identity: Identity;
}

/** One CCR on its way: who asked, what, and what is to go wrong. */
export interface Arrival {
  readonly peer: Peer;
  readonly message: Message;
  readonly credit: CreditRequest;
  readonly fault: Fault | undefined;
}

export function receiveCcr(control: CreditControl, arrival: Arrival): void {
  const { fault } = arrival;
  if (fault?.action === 'hold') {
    control.clock.after(fault.delayMs ?? 0, () => claim(control, { ...arrival, fault: undefined }));
  } else if (fault === undefined || booksUnder(fault)) {
    claim(control, arrival);
  } else if (fault.action === 'result') {
    resultWithoutBooking(control, arrival, fault);
  } else {
    send(control, arrival, notBooked(arrival, RESULT.unableToComply, 'lost'));
  }
}

/** Duplicate detection: the first is decided, a repeat hears what the first was answered. */
function claim(control: CreditControl, arrival: Arrival, decide = decideNow): void {
  const { credit, fault } = arrival;
  const claimed = control.duplicates.claim(credit);
  if (claimed.kind === 'repeat') {
    claimed.whenSettled((settlement) => repeat(control, arrival, settlement));
    return;
  }
  const settle = (): void => {
    const outcome = decide(control, arrival);
    const row = book(control, arrival, outcome);
    claimed.settle({ outcome, row });
    control.metrics.count('ocs_credit_results_total', String(outcome.result));
    send(control, arrival, outcome);
  };
  if (fault?.action === 'delay') control.clock.after(fault.delayMs ?? 0, settle);
  else settle();
}

function repeat(control: CreditControl, arrival: Arrival, settlement: Settlement): void {
  control.metrics.count('ocs_duplicates_total', String(arrival.credit.retransmit));
  book(control, arrival, { ...settlement.outcome, debited: 0n }, settlement.row);
  // A rule that forces a result decides what is new, not what was decided before.
  const fault = arrival.fault?.action === 'result' ? undefined : arrival.fault;
  send(control, { ...arrival, fault }, settlement.outcome);
}

function decideNow(control: CreditControl, { credit, fault }: Arrival): Outcome {
  const { books, sessions } = control;
  const request = fault?.action !== 'grant' ? credit : askingFor(credit, BigInt(fault.units ?? 0), books);
  return request.action === undefined ? sessions.charge(request) : chargeEvent(books, request, request.action);
}

/** The request as if it had asked for other units: what a `grant` rule decides, debits and answers. */
function askingFor(credit: CreditRequest, units: bigint, { rating }: Books): CreditRequest {
  const { numeric, decimals } = rating.currency;
  const items = credit.items.map(({ requested, ...item }) => {
    if (requested === undefined) return { ...item, requested };
    const other: Units =
      requested.kind === 'money'
        ? { kind: 'money', digits: units, exponent: -decimals, currency: numeric }
        : {
            kind: 'counted',
            avp: requested.kind === 'counted' ? requested.avp : 'CC-Service-Specific-Units',
            count: units,
          };
    return { ...item, requested: other };
  });
  return { ...credit, items };
}

/** A protocol error (3xxx) comes from below credit control, so it is not remembered; any other forced result is. */
function resultWithoutBooking(control: CreditControl, arrival: Arrival, fault: Fault): void {
  const forced = notBooked(arrival, fault.resultCode ?? 0, 'by a fault rule');
  if (forced.result >= 3000 && forced.result < 4000) send(control, arrival, forced);
  else claim(control, arrival, () => forced);
}

function notBooked({ credit }: Arrival, result: number, reason: string): Outcome {
  const action =
    credit.action ??
    (credit.requestType === 'INITIAL' ? 'RESERVE' : credit.requestType === 'UPDATE' ? 'UPDATE' : 'RELEASE');
  return refused({ action, service: serviceOf(credit, credit.items[0]), amount: 0n }, result, reason, credit.items);
}

function book(control: CreditControl, { credit }: Arrival, outcome: Outcome, duplicateOf?: number): number {
  return control.ledger.append({
    at: new Date(control.clock.now()).toISOString(),
    sessionId: credit.sessionId,
    requestNumber: credit.requestNumber,
    requestType: credit.requestType,
    action: outcome.action,
    msisdn: credit.msisdn,
    service: outcome.service,
    amount: Number(outcome.amount),
    debited: Number(outcome.debited),
    currency: control.books.rating.currency.code,
    balanceAfter: outcome.balanceAfter === undefined ? null : Number(outcome.balanceAfter),
    endToEnd: credit.endToEnd,
    originHost: credit.originHost,
    retransmit: credit.retransmit,
    result: outcome.result,
    ...(duplicateOf === undefined ? {} : { duplicateOf }),
  }).row;
}

/** What the wire says where a rule forces a result; the books keep what was decided. */
function forcedOnWire(outcome: Outcome, fault: Fault | undefined): Outcome {
  if (fault?.action !== 'result') return outcome;
  const { resultCode, experimental } = fault;
  const code = { result: resultCode ?? 0, ...(experimental === undefined ? {} : { experimental }) };
  return {
    ...outcome,
    ...code,
    reason: 'by a fault rule',
    items: outcome.items.map((one) => ({ ...one, result: code.result, granted: undefined })),
  };
}

function send(control: CreditControl, arrival: Arrival, outcome: Outcome): void {
  const { peer, message, fault } = arrival;
  const answer = creditAnswer(message, control.identity, forcedOnWire(outcome, fault), control.books.rating.currency);
  deliver({ peer, answer, clock: control.clock, identity: control.identity }, fault);
}
