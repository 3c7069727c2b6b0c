import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cdr } from './cdr-record.ts';
import { linesOf } from './lines.ts';
import { overwrite } from './overwrite.ts';
import type { Replacement } from './overwrite.ts';

/**
 * Puts stars in the place of one number in the CDR files that are still here; mediation answers for what it has taken.
 * Resolves with the number of lines.
 */
export async function eraseCdrs(
  folder: string,
  { msisdn, id, held }: { readonly msisdn: string; readonly id: string; readonly held: ReadonlySet<string> },
): Promise<number> {
  const lines: Replacement[] = [];
  for await (const { file, offset, text } of cdrLines(folder, msisdn)) {
    if (held.has((JSON.parse(text) as Cdr).orderId)) continue;
    lines.push({ file, offset, line: text.replaceAll(`"${msisdn}"`, `"${'*'.repeat(msisdn.length)}"`) });
  }
  await overwrite(folder, `erasure-${id}`, lines);
  return lines.length;
}

/** Every CDR of one number. */
export async function cdrsOf(folder: string, msisdn: string): Promise<readonly Cdr[]> {
  const found: Cdr[] = [];
  for await (const { text } of cdrLines(folder, msisdn)) found.push(JSON.parse(text) as Cdr);
  return found;
}

interface CdrLine {
  readonly file: string;
  readonly offset: number;
  readonly text: string;
}

async function* cdrLines(folder: string, msisdn: string): AsyncGenerator<CdrLine> {
  const names = await readdir(folder).catch(() => []);
  for (const file of names.filter((name) => /^cdr-.+\.jsonl$/.test(name)))
    yield* linesWith(folder, file, `"${msisdn}"`);
}

async function* linesWith(folder: string, file: string, wanted: string): AsyncGenerator<CdrLine> {
  for await (const { text, offset, whole } of linesOf(join(folder, file)))
    if (whole && text?.includes(wanted) === true) yield { file, offset, text };
}
