import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { SignedHead } from '../../domain/evidence/head.ts';
import { namesIn, unlessGone } from '../folder.ts';

const SUFFIX = '.head.json';

/** Heads, each in a file of its own; the folder belongs on another disk or machine than the chains. */
export interface HeadFolder {
  /** Whole on disk when it resolves: written aside and renamed. */
  write(head: SignedHead): Promise<void>;
  /** undefined where there is none; rejects when it cannot be read. */
  read(file: string): Promise<SignedHead | 'spoilt' | undefined>;
  /** The chain files that have a head. */
  files(): Promise<readonly string[]>;
}

export function headFolder(folder: string): HeadFolder {
  const pathOf = (file: string): string => join(folder, `${file}${SUFFIX}`);
  return {
    async write(head) {
      await mkdir(folder, { recursive: true, mode: 0o750 });
      const aside = `${pathOf(head.file)}.new`;
      const file = await open(aside, 'w', 0o640);
      try {
        await file.writeFile(`${JSON.stringify(head, null, 2)}\n`);
        await file.datasync();
      } finally {
        await file.close();
      }
      await rename(aside, pathOf(head.file));
    },
    async read(file) {
      const text = await readFile(pathOf(file), 'utf8').catch(unlessGone);
      return text === undefined ? undefined : readHead(file, text);
    },
    async files() {
      const names = await namesIn(folder);
      return names.filter((name) => name.endsWith(SUFFIX)).map((name) => name.slice(0, -SUFFIX.length));
    },
  };
}

function readHead(file: string, text: string): SignedHead | 'spoilt' {
  const head = parsed(text);
  return isHead(head) && head.file === file ? head : 'spoilt';
}

/** JSON leaves undefined out; the record has every key. */
function parsed(text: string): object {
  try {
    return { before: undefined, removed: undefined, ...(JSON.parse(text) as object) };
  } catch {
    return {};
  }
}

function isHead(head: Partial<SignedHead>): head is SignedHead {
  const { hash, signature, count, before } = head;
  return (
    typeof hash === 'string' &&
    typeof signature === 'string' &&
    Number.isSafeInteger(count) &&
    (before as unknown) !== null
  );
}
