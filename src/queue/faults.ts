import type { Note } from '../lib/note.ts';
import { reasonOf } from '../lib/reason.ts';

/** Tells of a connection's error. */
export type Faults = (queue: string, error: unknown) => void;

/** The same trouble again is told once in this time, milliseconds: a Redis that is away fails each try to reach it. */
const QUIET = 30_000;

export function createFaults(note: Note, now: () => number): Faults {
  const told = new Map<string, number>();
  return (queue, error) => {
    const reason = reasonOf(error);
    const last = told.get(`${queue} ${reason}`);
    if (last !== undefined && now() - last < QUIET) return;
    if (told.size > 100) told.clear();
    told.set(`${queue} ${reason}`, now());
    note('queue.error', { queue, reason });
  };
}
