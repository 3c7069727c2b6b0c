import { namesIn } from '../folder.ts';

/** A chain's file: one per UTC day and process, and a further part where a part before it was found broken. */
export interface ChainFile {
  readonly name: string;
  readonly day: string;
  readonly instance: string;
  readonly part: number;
}

const NAME = /^evidence-(\d{4}-\d{2}-\d{2})-(.+)-(\d+)\.jsonl$/;

export function chainFile(day: string, instance: string, part: number): ChainFile {
  const safe = instance.replace(/[^A-Za-z0-9.-]/g, '_');
  return { name: `evidence-${day}-${safe}-${part}.jsonl`, day, instance: safe, part };
}

export function readName(name: string): ChainFile | undefined {
  const [, day, instance, part] = NAME.exec(name) ?? [];
  if (day === undefined || instance === undefined) return undefined;
  return { name, day, instance, part: Number(part) };
}

/** In the order in which they were written; none where the folder is not there. */
export async function chainFiles(folder: string): Promise<readonly ChainFile[]> {
  return inOrder(await namesIn(folder));
}

/** What of these names are chain files, in the order in which they were written. */
export function inOrder(names: readonly string[]): readonly ChainFile[] {
  return names
    .map(readName)
    .filter((file) => file !== undefined)
    .sort((a, b) => (a.day === b.day ? a.part - b.part : a.day < b.day ? -1 : 1));
}
