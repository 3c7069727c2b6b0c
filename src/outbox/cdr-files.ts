import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cdr } from './cdr-record.ts';
import { writtenFrom } from './entry-name.ts';
import { namesIn } from './folder.ts';
import { appendLines, linesOf } from './lines.ts';

export interface CdrFiles {
  /** On disk when it resolves; nothing of it when it rejects. */
  append(records: readonly Cdr[]): Promise<void>;
  /** Those of `entries` that some file has already. */
  among(entries: readonly string[]): Promise<ReadonlySet<string>>;
}

const NAME = /^cdr-(\d{4}-\d{2}-\d{2})-.+\.jsonl$/;

/** `2026-11-30` (UTC) of a file's name; undefined where it is no CDR file. */
export function dayOf(name: string): string | undefined {
  return NAME.exec(name)?.[1];
}

/**
 * JSON lines in `<dir>/cdr-<UTC day>-<instance>.jsonl`, append only. One process writes one file, so no two write into each
 * other; a line that a crash left half-written is cut off before the next is written.
 */
export function createCdrFiles(dir: string, instance: string): CdrFiles {
  const fileOf = (day: string): string => join(dir, `cdr-${day}-${instance.replace(/[^A-Za-z0-9.-]/g, '_')}.jsonl`);
  /** The file that was written last, as it was left. */
  let last: { readonly path: string; readonly size: number } | undefined;

  async function appendTo(path: string, lines: string): Promise<void> {
    const left = last?.path === path ? last.size : undefined;
    last = undefined;
    if (left === undefined) await mkdir(dir, { recursive: true, mode: 0o750 });
    last = { path, size: await appendLines(path, lines, left) };
  }

  return {
    async append(records) {
      for (const [day, lines] of byDay(records)) await appendTo(fileOf(day), lines);
    },
    async among(entries) {
      const wanted = new Set(entries);
      const found = new Set<string>();
      if (wanted.size === 0) return found;
      const first = writtenFrom(entries);
      const names = (await namesIn(dir)).filter((name) => (dayOf(name) ?? '') >= first);
      for (const name of names) await look(join(dir, name), wanted, found);
      return found;
    },
  };
}

function byDay(records: readonly Cdr[]): ReadonlyMap<string, string> {
  const days = new Map<string, string>();
  for (const record of records) {
    const day = record.time.slice(0, 10);
    days.set(day, `${days.get(day) ?? ''}${JSON.stringify(record)}\n`);
  }
  return days;
}

async function look(path: string, wanted: ReadonlySet<string>, found: Set<string>): Promise<void> {
  for await (const { text = '', whole } of linesOf(path)) {
    const entry = whole ? /^\{"entry":"([^"]+)"/.exec(text)?.[1] : undefined;
    if (entry !== undefined && wanted.has(entry)) found.add(entry);
  }
}
