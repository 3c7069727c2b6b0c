import type { Note } from '../lib/note.ts';
import { reasonOf } from '../lib/reason.ts';

/**
 * A pass that fails is one that comes again: the entries are still there. In a row of them the 1st, 2nd, 4th, 8th, ... is
 * noted: an outage of minutes must not fill the log.
 */
export function safely<Args extends readonly unknown[]>(
  pass: (...args: Args) => Promise<number>,
  { group, note }: { readonly group: string; readonly note: Note },
): (...args: Args) => Promise<number> {
  let failed = 0;
  return async (...args) => {
    try {
      const handled = await pass(...args);
      failed = 0;
      return handled;
    } catch (error) {
      failed++;
      if (Number.isInteger(Math.log2(failed))) note('outbox.failed', { group, reason: reasonOf(error), failed });
      return 0;
    }
  };
}
