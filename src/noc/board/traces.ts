import type { NoteFields } from '../../lib/note.ts';
import { slicesOf } from '../../lib/slices.ts';
import { createTextRing } from './text-ring.ts';

/** One thing that this process did about an order, as the log tells it. */
export interface TraceNote {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly event: string;
  readonly fields: Readonly<Record<string, string>>;
}

export interface Traces {
  observe(event: string, fields: NoteFields): void;
  /** Oldest first; empty for an order of another process or of long ago. */
  of(orderId: string): readonly TraceNote[];
}

/** Some four thousand orders. */
const OCTETS = 8 * 2 ** 20;
const PER_ORDER = 100;
/** Between the parts of a line. Texts that the log has scrubbed hold none, and one that did would only be cut in two. */
const UNIT = '\u001f';

/** An order's id, or the order that a text's id begins with: `<partition>-<id>-<what it says>`. */
function orderIn({ order, mt }: NoteFields): string | undefined {
  if (typeof order === 'string') return order;
  if (typeof mt !== 'string') return undefined;
  const end = mt.indexOf('-', mt.indexOf('-') + 1);
  return end < 0 ? mt : mt.slice(0, end);
}

/** The notes of the newest orders, already scrubbed by the log. `now` is epoch milliseconds. */
export function createTraces(now: () => number, octets = OCTETS): Traces {
  const ring = createTextRing(octets);
  return {
    observe(event, fields) {
      const order = orderIn(fields);
      if (order !== undefined) ring.add(lineOf(order, now(), event, fields));
    },
    of: (orderId) =>
      ring
        .holding(orderId + UNIT)
        .map((line) => line.split(UNIT))
        .filter(([order]) => order === orderId)
        .slice(0, PER_ORDER)
        .map(noteFrom),
  };
}

function lineOf(order: string, at: number, event: string, fields: NoteFields): string {
  let line = order + UNIT + String(at) + UNIT + event;
  for (const name in fields) {
    const value = fields[name];
    if (value !== undefined && name !== 'order') line += UNIT + name + UNIT + String(value);
  }
  return line;
}

function noteFrom([, at, event = '', ...said]: readonly string[]): TraceNote {
  const fields = slicesOf(said, 2).map(([name = '', value = '']) => [name, value] as const);
  return { at: Number(at), event, fields: Object.fromEntries(fields) };
}
