import { join } from 'node:path';
import type { ChainEnd } from '../../domain/evidence/chain.ts';
import { genesis, isWhole, readLine } from '../../domain/evidence/chain.ts';
import type { SignedHead } from '../../domain/evidence/head.ts';
import { unlessGone } from '../folder.ts';
import { lastLine, linesOf } from '../lines.ts';
import { sha256 } from './signing.ts';

export interface FileEnd extends ChainEnd {
  /** Octets of whole lines. */
  readonly size: number;
}

/** Where a file's chain ends; undefined when its last line is no record of one, or it is gone. */
export async function endOfFile(folder: string, file: string): Promise<FileEnd | undefined> {
  const last = await lastLine(join(folder, file)).catch((error: unknown) => {
    unlessGone(error);
    return 'gone' as const;
  });
  if (last === 'gone') return undefined;
  if (last === undefined) return { ...genesis(file, sha256), size: 0 };
  const read = readLine(last.line);
  if (!read.ok || !isWhole(read.value, sha256)) return undefined;
  return { count: read.value.n, hash: read.value.hash, size: last.size };
}

/** Whether the file still has what its head vouches for. A file without a head has nothing to stand by. */
export async function standsBy(
  folder: string,
  file: string,
  end: ChainEnd,
  head: SignedHead | undefined,
): Promise<boolean> {
  if (head === undefined) return true;
  if (head.count >= end.count) return head.count === end.count && head.hash === end.hash;
  return (await hashAt(folder, file, head.count)) === head.hash;
}

/** Only after a crash: the head is older than the file's end. */
async function hashAt(folder: string, file: string, n: number): Promise<string | undefined> {
  for await (const { text } of linesOf(join(folder, file))) {
    const read = text === undefined ? undefined : readLine(text);
    if (read?.ok === true && read.value.n === n) return read.value.hash;
  }
  return undefined;
}
