import type { NoteFields } from '../../lib/note.ts';

/** What happened in one minute; names are interactions, end states and steps of the funnel. */
export interface Minute {
  /** Epoch milliseconds of its beginning. */
  readonly at: number;
  readonly counts: Readonly<Record<string, number>>;
}

export interface Tally {
  observe(event: string, fields: NoteFields): void;
  /** The last hour, oldest first, minutes without anything included. */
  minutes(): readonly Minute[];
}

const MINUTE = 60_000;
const KEPT = 60;

type Name = (fields: NoteFields) => string | undefined;

/** What the board draws an order's end as. Doubt is one, though a person or a late answer may still settle it. */
export const ENDS: readonly string[] = [
  'placed',
  'declined',
  'refused',
  'expired',
  'cancelled',
  'uncharged',
  'charge-unknown',
  'disputed',
  'refunded',
];
const endOf = (state: unknown): string | undefined =>
  typeof state === 'string' && ENDS.includes(state) ? `end:${state}` : undefined;

const ended: Name = ({ state }) => endOf(state);

/** Event to what is counted. */
const COUNTED: Readonly<Record<string, readonly Name[]>> = {
  'order.opened': [
    ({ interaction }) => `interaction:${String(interaction ?? 'unknown')}`,
    () => 'funnel:ordered',
    ({ state }) => (state === 'challenged' ? 'funnel:challenged' : undefined),
    ended,
  ],
  'challenge.answered': [
    ({ outcome }) => (outcome === 'repeat' ? undefined : 'funnel:answered'),
    ({ outcome }) => (outcome === 'passed' ? 'funnel:proved' : undefined),
    ({ outcome }) => (outcome === 'locked' || outcome === 'over-cap' ? 'end:declined' : undefined),
    ({ outcome }) => (outcome === 'already' ? 'end:cancelled' : undefined),
  ],
  'order.placed': [() => 'end:placed', () => 'funnel:placed'],
  'order.ended': [ended],
  'order.given-unpaid': [ended],
  'order.resolved': [ended],
  'charge.released': [ended],
  // One that is disputed by it is counted as such.
  'refund.recorded': [({ state }) => (state === 'disputed' ? undefined : endOf(state))],
  'charge.recorded': [ended, ({ state }) => (state === 'placed' ? 'funnel:placed' : undefined)],
  'order.charge-unknown': [({ again }) => (again === true ? undefined : 'end:charge-unknown')],
  'order.disputed': [() => 'end:disputed'],
};

/** Counts of this process since it started: for the board, not for books. `now` is epoch milliseconds. */
export function createTally(now: () => number): Tally {
  const minutes = new Map<number, Record<string, number>>();
  const current = (): number => Math.floor(now() / MINUTE) * MINUTE;

  function begin(minute: number): Record<string, number> {
    for (const at of minutes.keys()) if (at <= minute - KEPT * MINUTE) minutes.delete(at);
    const counts = {};
    minutes.set(minute, counts);
    return counts;
  }

  return {
    observe(event, fields) {
      const counted = COUNTED[event];
      if (counted === undefined) return;
      const names = counted.map((name) => name(fields)).filter((name) => name !== undefined);
      if (names.length === 0) return;
      const counts = minutes.get(current()) ?? begin(current());
      for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
    },
    minutes: () =>
      Array.from({ length: KEPT }, (_, index) => current() - (KEPT - 1 - index) * MINUTE).map((at) => ({
        at,
        counts: minutes.get(at) ?? {},
      })),
  };
}
