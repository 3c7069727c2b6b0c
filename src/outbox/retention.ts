import { unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { dayOf } from './cdr-files.ts';
import { headFolder } from './evidence/heads.ts';
import { chainFiles } from './evidence/names.ts';
import type { HeadSigner } from './evidence/signing.ts';
import { namesIn } from './folder.ts';

const DAY_MS = 86_400_000;

export interface RetentionRun {
  /** Epoch milliseconds. */
  readonly now: number;
  /** Milliseconds. */
  readonly keep: number;
}

function isOver(day: string, { now, keep }: RetentionRun): boolean {
  return Date.parse(`${day}T00:00:00Z`) + DAY_MS + keep < now;
}

/** Removes chain files whose time is over; a signed head stays and says when, so that no gap is left to wonder about. */
export async function removeOldEvidence(
  folders: { readonly chains: string; readonly heads: string },
  signer: HeadSigner,
  run: RetentionRun,
): Promise<readonly string[]> {
  const heads = headFolder(folders.heads);
  const old = (await chainFiles(folders.chains)).filter(({ day }) => isOver(day, run));
  for (const { name } of old) {
    const head = await heads.read(name);
    const removed = new Date(run.now).toISOString();
    // One that is spoilt is left for `verify` to tell: it must not keep what is too old.
    if (typeof head === 'object') await heads.write(signer.sign({ ...head, removed }));
    await unlink(join(folders.chains, name));
  }
  return old.map(({ name }) => name);
}

export async function removeOldCdrs(folder: string, run: RetentionRun): Promise<readonly string[]> {
  const names = await namesIn(folder);
  const old = names.filter((name) => {
    const day = dayOf(name);
    return day !== undefined && isOver(day, run);
  });
  for (const name of old) await unlink(join(folder, name));
  return old;
}
