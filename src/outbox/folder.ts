import { readdir } from 'node:fs/promises';

/** None where the folder is not there; rejects where it cannot be read, for what is not seen must not pass for what is not there. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  return (await readdir(folder).catch(unlessGone)) ?? [];
}

/** To catch with: a file that is not there, or was removed meanwhile by retention or by hand, is undefined; any other error goes on. */
export function unlessGone(error: unknown): undefined {
  const isGone = error instanceof Error && 'code' in error && error.code === 'ENOENT';
  if (!isGone) throw error;
}
