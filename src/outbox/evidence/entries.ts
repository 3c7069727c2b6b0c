import { join } from 'node:path';
import { linesOf } from '../lines.ts';
import { chainFiles } from './names.ts';

/** As every line begins; reading no more of it keeps the search through a busy day short. */
const ENTRY = /^\{"n":\d+,"entry":"([^"]+)"/;

/**
 * Those of `entries` that a file of the folder has. A record is never older than its outbox entry, so files of earlier days
 * are not read.
 */
export async function entriesIn(folder: string, entries: readonly string[]): Promise<ReadonlySet<string>> {
  const wanted = new Set(entries);
  const found = new Set<string>();
  if (wanted.size === 0) return found;
  const first = Math.min(...entries.map(writtenAt));
  const day = new Date(first).toISOString().slice(0, 10);
  for (const { name } of (await chainFiles(folder)).filter((file) => file.day >= day)) {
    await look(join(folder, name), wanted, found);
  }
  return found;
}

/** `<partition>:<epoch ms>-<number>`. A clock that was set back is no reason to miss a file of the day before. */
function writtenAt(entry: string): number {
  const ms = Number(/:(\d+)-/.exec(entry)?.[1] ?? '0');
  return Math.max(0, ms - 86_400_000);
}

async function look(path: string, wanted: ReadonlySet<string>, found: Set<string>): Promise<void> {
  for await (const { text, whole } of linesOf(path)) {
    const entry = whole && text !== undefined ? ENTRY.exec(text)?.[1] : undefined;
    if (entry !== undefined && wanted.has(entry)) found.add(entry);
  }
}
