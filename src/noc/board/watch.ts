import { channel, subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { NoteFields } from '../../lib/note.ts';

export type Listener = (event: string, level: string, fields: NoteFields) => void;

/**
 * Kept for the life of the process: Node knows a channel weakly, and once one is collected its clean-up takes a new one of the same
 * name off the list, subscribers and all (seen with Node 20.20).
 */
const kept = channel('orderd');

/** Hands every note that the log publishes to all of them; returns what ends it. */
export function watchNotes(listeners: readonly Listener[]): () => void {
  const listener = (message: unknown): void => {
    const { event, level, fields } = message as { event: string; level: string; fields: NoteFields };
    for (const each of listeners) each(event, level, fields);
  };
  subscribe(kept.name, listener);
  return () => void unsubscribe(kept.name, listener);
}
