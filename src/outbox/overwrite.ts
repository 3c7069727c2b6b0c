import { open, readdir, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

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
  await unlink(aside);
}

/** Finishes what a crash left; harmless when there is nothing. */
export async function finishOverwrites(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((one) => one.endsWith(SUFFIX))) {
    await put(folder, JSON.parse(await readFile(join(folder, name), 'utf8')) as readonly Replacement[]);
    await unlink(join(folder, name));
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
  if (handle === undefined) return;
  try {
    for (const { line, offset } of lines) await handle.write(line, offset);
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

/** A file that was removed meanwhile, by retention or by hand, holds nothing any more that had to be written over. */
function unlessGone(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
