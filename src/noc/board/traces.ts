import type { NoteFields } from '../../lib/note.ts';

/** One thing that this process did about an order, as the log tells it. */
export interface TraceNote {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly event: string;
  readonly fields: NoteFields;
}

export interface Traces {
  observe(event: string, fields: NoteFields): void;
  /** Oldest first; empty for an order of another process or of long ago. */
  of(orderId: string): readonly TraceNote[];
}

const ORDERS = 5000;
const PER_ORDER = 100;

/** An order's id, or the order that a text's id begins with. */
function orderIn({ order, mt }: NoteFields): string | undefined {
  if (typeof order === 'string') return order;
  return typeof mt === 'string' ? /^\d{2,4}-[0-9a-z]{16,64}/.exec(mt)?.[0] : undefined;
}

/** The notes of the newest orders, already scrubbed by the log. `now` is epoch milliseconds. */
export function createTraces(now: () => number): Traces {
  const byOrder = new Map<string, TraceNote[]>();
  return {
    observe(event, fields) {
      const order = orderIn(fields);
      if (order === undefined) return;
      const notes = byOrder.get(order) ?? [];
      if (notes.length === 0 && byOrder.size >= ORDERS) byOrder.delete(byOrder.keys().next().value ?? '');
      byOrder.set(order, notes);
      if (notes.length < PER_ORDER) notes.push({ at: now(), event, fields });
    },
    of: (orderId) => byOrder.get(orderId) ?? [],
  };
}
