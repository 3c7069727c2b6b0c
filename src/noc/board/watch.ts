import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { NoteFields } from '../../lib/note.ts';

export type Listener = (event: string, level: string, fields: NoteFields) => void;

/** Hands every note that the log publishes to all of them; returns what ends it. */
export function watchNotes(listeners: readonly Listener[]): () => void {
  const listener = (message: unknown): void => {
    const { event, level, fields } = message as { event: string; level: string; fields: NoteFields };
    for (const each of listeners) each(event, level, fields);
  };
  subscribe('orderd', listener);
  return () => void unsubscribe('orderd', listener);
}
