import { open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { namesIn, unlessGone } from './folder.ts';

/** A line that takes the place of another one of the same length in octets. */
export interface Replacement {
  readonly file: string;
  readonly offset: number;
  readonly line: string;
}

const SUFFIX = '.erasing';

/**
 * Writes lines over others in place, so that whoever appends to the same file meanwhile is not disturbed. The lines are put
 * aside first: `finishOverwrites` does at the next start what a crash cut off.
 */
export async function overwrite(folder: string, name: string, lines: readonly Replacement[]): Promise<void> {
  if (lines.length === 0) return;
  const aside = join(folder, `${name}${SUFFIX}`);
  await writeFile(`${aside}.new`, JSON.stringify(lines), { mode: 0o600, flush: true });
  await rename(`${aside}.new`, aside);
  await put(folder, lines);
  await rm(aside, { force: true });
}

/** Finishes what a crash left; harmless when there is nothing, and beside an erasure that is under way: both write the same. */
export async function finishOverwrites(folder: string): Promise<void> {
  const names = await namesIn(folder);
  for (const name of names.filter((one) => one.endsWith(SUFFIX))) {
    const aside = join(folder, name);
    const lines = await readFile(aside, 'utf8').catch(unlessGone);
    if (lines !== undefined) await put(folder, JSON.parse(lines) as readonly Replacement[]);
    await rm(aside, { force: true });
  }
}

async function put(folder: string, lines: readonly Replacement[]): Promise<void> {
  for (const file of new Set(lines.map((one) => one.file))) {
    const own = lines.filter((line) => line.file === file);
    await putInto(join(folder, file), own);
  }
}

async function putInto(path: string, lines: readonly Replacement[]): Promise<void> {
  const handle = await open(path, 'r+').catch(unlessGone);
  // Removed, it holds nothing any more that has to be written over.
  if (handle === undefined) return;
  try {
    for (const { line, offset } of lines) await handle.write(line, offset);
    await handle.datasync();
  } finally {
    await handle.close();
  }
}
