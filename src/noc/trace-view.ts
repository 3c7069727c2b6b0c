import type { Order } from '../domain/order.ts';
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

/** Event-Timestamp tells the second, not when in it: late in it, but before the state that the order is in since. */
function within({ at, event }: TraceStep, updatedAt: number): number {
  return event === 'charged' || event === 'refunded' ? Math.min(at + 999, Math.max(at, updatedAt)) : at;
}

function recorded({ frozen, charge, challenge, refund }: Order): readonly TraceStep[] {
  const step = (at: number, event: string, says: string): TraceStep => ({ at, from: 'record', event, says });
  return [
    step(frozen.openedAt, 'asked', `${frozen.keyword} came to ${frozen.shortCode} on link ${frozen.link}`),
    step(frozen.openedAt, 'decided', decisionText(frozen.decision)),
    ...(challenge === undefined
      ? []
      : [step(frozen.openedAt, 'challenged', `by ${challenge.kind}, over ${frozen.channel}`)]),
    ...(charge === undefined
      ? []
      : [step(charge.eventTimestamp * 1000, 'charged', `${frozen.priceText} as ${charge.sessionId}`)]),
    ...(refund === undefined ? [] : [step(refund.eventTimestamp * 1000, 'refunded', `as ${refund.sessionId}`)]),
  ];
}

function fromNote({ at, event, fields }: TraceNote): TraceStep {
  const said = Object.entries(fields).filter(([name, value]) => name !== 'order' && value !== undefined);
  const says = said.map(([name, value]) => `${name} ${name === 'mt' ? textOf(value) : String(value)}`).join(', ');
  return { at, from: 'notes', event, says: scrubText(says) };
}

/** Which of the order's texts: the id without the order's own. */
function textOf(id: unknown): string {
  return String(id).replace(/^\d{2,4}-[0-9a-z]{16,64}-/, '');
}
