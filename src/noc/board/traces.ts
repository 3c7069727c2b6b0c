import type { NoteFields } from '../../lib/note.ts';
import { createRecent } from '../../lib/recent.ts';

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

const ORDERS = 2500;
const PER_ORDER = 100;

/** An order's id, or the order that a text's id begins with: `<partition>-<id>-<what it says>`. */
function orderIn({ order, mt }: NoteFields): string | undefined {
  if (typeof order === 'string') return order;
  if (typeof mt !== 'string') return undefined;
  const end = mt.indexOf('-', mt.indexOf('-') + 1);
  return end < 0 ? mt : mt.slice(0, end);
}

/** The notes of the newest orders, already scrubbed by the log. `now` is epoch milliseconds. */
export function createTraces(now: () => number): Traces {
  const byOrder = createRecent<string, TraceNote[]>(ORDERS);
  return {
    observe(event, fields) {
      const order = orderIn(fields);
      if (order === undefined) return;
      const notes = byOrder.get(order);
      const note = { at: now(), event, fields };
      if (notes === undefined) byOrder.set(order, [note]);
      else if (notes.length < PER_ORDER) notes.push(note);
    },
    of: (orderId) => byOrder.get(orderId) ?? [],
  };
}
