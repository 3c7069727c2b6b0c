import { join } from 'node:path';
import { writtenFrom } from '../entry-name.ts';
import { linesOf } from '../lines.ts';
import { chainFiles } from './names.ts';

/** As every line begins; reading no more of it keeps the search through a busy day short. */
const ENTRY = /^\{"n":\d+,"entry":"([^"]+)"/;

/** Those of `entries` that a file of the folder has. */
export async function entriesIn(folder: string, entries: readonly string[]): Promise<ReadonlySet<string>> {
  const wanted = new Set(entries);
  const found = new Set<string>();
  if (wanted.size === 0) return found;
  const day = writtenFrom(entries);
  for (const { name } of (await chainFiles(folder)).filter((file) => file.day >= day)) {
    await look(join(folder, name), wanted, found);
  }
  return found;
}

async function look(path: string, wanted: ReadonlySet<string>, found: Set<string>): Promise<void> {
  for await (const { text, whole } of linesOf(path)) {
    const entry = whole && text !== undefined ? ENTRY.exec(text)?.[1] : undefined;
    if (entry !== undefined && wanted.has(entry)) found.add(entry);
  }
}
