// Messages that handsets sent, and how they were taken.
import type { Topic } from './topic.ts';
import { topic } from './topic.ts';

export interface SentMo {
  readonly id: string;
  /** ISO 8601. */
  readonly at: string;
  readonly from: string;
  readonly to: string;
  readonly text: string;
  /** Missing while it is on its way; null when no answer ever came. */
  readonly status?: number | null;
  readonly statusName?: string | null;
}

export interface SentBook {
  note(mo: SentMo): void;
  list(from?: string): SentMo[];
  readonly changed: Topic<SentMo>;
}

const KEPT = 10_000;

export function sentBook(): SentBook {
  const book = new Map<string, SentMo>();
  const changed = topic<SentMo>();
  return {
    note(mo) {
      book.set(mo.id, mo);
      if (book.size > KEPT) for (const old of [...book.keys()].slice(0, KEPT / 2)) book.delete(old);
      changed.tell(mo);
    },
    list: (from) => [...book.values()].filter((mo) => from === undefined || mo.from === from),
    changed,
  };
}
