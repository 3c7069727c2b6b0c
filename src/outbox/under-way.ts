import { createTable } from '../lib/table.ts';
import type { OutboxEntry } from '../flow/ports/outbox.ts';
import { nameOf } from './entry-name.ts';

/**
 * What one consumer knows of entries that it was given and has not acknowledged. Without it each of them would be looked for in all
 * that was ever written whenever a reply of Redis was lost.
 */
export interface UnderWay {
  /** Taken over from another process, which may have done part of them. */
  takenOver(entries: readonly OutboxEntry[]): void;
  isTakenOver(entries: readonly OutboxEntry[]): boolean;
  handled(entries: readonly OutboxEntry[]): void;
  /** Those that are still to be handled. */
  open(entries: readonly OutboxEntry[]): readonly OutboxEntry[];
  acknowledged(entries: readonly OutboxEntry[]): void;
}

export function createUnderWay(): UnderWay {
  const others = createTable<string, true>();
  const handled = createTable<string, true>();
  return {
    takenOver: (entries) => entries.forEach((entry) => others.set(nameOf(entry), true)),
    isTakenOver: (entries) => others.size > 0 && entries.some((entry) => others.get(nameOf(entry))),
    handled: (entries) => entries.forEach((entry) => handled.set(nameOf(entry), true)),
    open: (entries) => (handled.size === 0 ? entries : entries.filter((entry) => !handled.get(nameOf(entry)))),
    acknowledged(entries) {
      for (const entry of entries) {
        others.delete(nameOf(entry));
        handled.delete(nameOf(entry));
      }
    },
  };
}
