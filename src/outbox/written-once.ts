import { createTable } from '../lib/table.ts';
import type { OutboxEntry } from '../flow/ports/outbox.ts';
import { nameOf } from './entry-name.ts';

/** Files with a line for each entry, of every process that ever wrote. */
export interface EntryFiles<Line> {
  /** Those of these names that have their line. */
  among(names: readonly string[]): Promise<ReadonlySet<string>>;
  /** One that rejects may have written some of the lines. */
  append(lines: readonly Line[]): Promise<void>;
}

/**
 * Writes the lines of entries that may come again. To look for them in the files is dear, so it is done for those only that another
 * process may have written (`again`), or of whose append here the end is not known.
 */
export function writtenOnce<Line>(
  files: EntryFiles<Line>,
  linesOf: (fresh: readonly OutboxEntry[]) => Promise<readonly Line[]>,
): (entries: readonly OutboxEntry[], again: boolean) => Promise<void> {
  const doubtful = createTable<string, true>();
  return async (entries, again) => {
    const names = entries.map(nameOf);
    const written = again || names.some((one) => doubtful.get(one)) ? await files.among(names) : new Set<string>();
    const lines = await linesOf(entries.filter((entry) => !written.has(nameOf(entry))));
    names.forEach((one) => doubtful.set(one, true));
    await files.append(lines);
    names.forEach((one) => doubtful.delete(one));
  };
}
