import { BY_A_PERSON, isTaken, takenBy } from '../domain/charge.ts';
import type { ChargeIdentity } from '../domain/charge.ts';
import { moneyText } from '../domain/money.ts';
import type { Closing, Order, OrderState } from '../domain/order.ts';
import { decisionText } from '../domain/policy.ts';
import { scrubText } from '../log-scrub.ts';
import type { TraceNote } from './board/traces.ts';

/** One step of an order, for people. */
export interface TraceStep {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Where it was heard: the order's own record, or this process's notes. */
  readonly from: 'record' | 'notes';
  readonly event: string;
  readonly says: string;
}

/** From the MO to the receipt: what the record keeps for good, and between it what this process still remembers. */
export function traceView(order: Order, notes: readonly TraceNote[]): readonly TraceStep[] {
  const { state, updatedAt } = order;
  const last: TraceStep = { at: updatedAt, from: 'record', event: state, says: 'its state since then' };
  return [...recorded(order), ...notes.map(fromNote), last].sort((a, b) => within(a, updatedAt) - within(b, updatedAt));
}

const WHOLE_SECONDS: ReadonlySet<string> = new Set('charge reserved charged commit release refund refunded'.split(' '));

/** Event-Timestamp tells the second, not when in it: late in it, but before the state that the order is in since. */
function within({ at, event }: TraceStep, updatedAt: number): number {
  return WHOLE_SECONDS.has(event) ? Math.min(at + 999, Math.max(at, updatedAt)) : at;
}

function recorded(order: Order): readonly TraceStep[] {
  const { frozen, challenge } = order;
  const step = (at: number, event: string, says: string): TraceStep => ({ at, from: 'record', event, says });
  return [
    step(frozen.openedAt, 'asked', `${frozen.keyword} came to ${frozen.shortCode} on link ${frozen.link}`),
    step(frozen.openedAt, 'decided', decisionText(frozen.decision)),
    ...(challenge === undefined
      ? []
      : [step(frozen.openedAt, 'challenged', `by ${challenge.kind}, over ${frozen.channel}`)]),
    ...sends(order),
  ];
}

/** What was sent to the OCS: by what it did with it where that is known, else by what was asked. */
function sends(order: Order): readonly TraceStep[] {
  const { state, charge, closing, refund } = order;
  const sum = sumText(order);
  return [
    ...(charge === undefined ? [] : [sent(charge, chargeWord(order), `${sum} `)]),
    ...(closing === undefined ? [] : [sent(closing.identity, closingWord(order, closing), `${sum} `)]),
    ...(refund === undefined ? [] : [sent(refund, state === 'refunded' ? state : 'refund')]),
  ];
}

function sent({ eventTimestamp, sessionId }: ChargeIdentity, event: string, sum = ''): TraceStep {
  return { at: eventTimestamp * 1000, from: 'record', event, says: `${sum}as ${sessionId}` };
}

/** A reservation holds, its commit debits; a person who found the order debited spoke of money that was taken. */
function chargeWord({ frozen, verdict }: Order): string {
  if (!isTaken(verdict)) return 'charge';
  return frozen.chargeKind === 'reserve' && verdict?.resultCode !== BY_A_PERSON.resultCode ? 'reserved' : 'charged';
}

const COMMITTED: readonly OrderState[] = ['placed', 'refunding', 'closed'];

/** Only what was debited is refunded, or disputed about its refund. */
function closingWord({ state, refund }: Order, { kind }: Closing): string {
  return kind === 'commit' && (refund !== undefined || COMMITTED.includes(state)) ? 'charged' : kind;
}

/** The price, or what was granted in its place: that is given back or released, never committed. */
function sumText({ frozen, verdict }: Order): string {
  if (verdict?.kind !== 'partial') return frozen.priceText;
  return verdict.granted === undefined
    ? 'an amount that the OCS did not name'
    : moneyText(takenBy(verdict, frozen.price));
}

function fromNote({ at, event, fields }: TraceNote): TraceStep {
  const said = Object.entries(fields).map(([name, value]) => `${name} ${name === 'mt' ? textOf(value) : value}`);
  const says = said.join(', ');
  return { at, from: 'notes', event, says: scrubText(says) };
}

/** Which of the order's texts: the id without the order's own. */
function textOf(id: string): string {
  return id.replace(/^\d{2,4}-[0-9a-z]{16,64}-/, '');
}
