import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cdr } from './cdr-record.ts';
import { namesIn } from './folder.ts';
import { linesOf } from './lines.ts';
import { overwrite } from './overwrite.ts';
import type { Replacement } from './overwrite.ts';

/** Half a line is no JSON. */
const ORDER = /"orderId":"([^"]+)"/;

/**
 * Puts stars in the place of one number in the CDR files that are still here; mediation answers for what it has taken.
 * Resolves with the number of lines.
 */
export async function eraseCdrs(
  folder: string,
  { msisdn, id, held }: { readonly msisdn: string; readonly id: string; readonly held: ReadonlySet<string> },
): Promise<number> {
  const lines: Replacement[] = [];
  const halves: CdrLine[] = [];
  for await (const one of cdrLines(folder, msisdn)) {
    if (held.has(ORDER.exec(one.text)?.[1] ?? '')) continue;
    if (one.whole) lines.push({ file: one.file, offset: one.offset, line: withStars(one.text, msisdn) });
    else halves.push(one);
  }
  await overwrite(folder, `erasure-${id}`, lines);
  for (const half of halves) await starHalf(folder, half, msisdn);
  return lines.length + halves.length;
}

function withStars(text: string, msisdn: string): string {
  return text.replaceAll(`"${msisdn}"`, `"${'*'.repeat(msisdn.length)}"`);
}

/** Whoever goes on with the file cuts half a line off: another record may stand there by then, so it is looked at, and never put aside. */
async function starHalf(folder: string, { file, offset, text }: CdrLine, msisdn: string): Promise<void> {
  const handle = await open(join(folder, file), 'r+');
  try {
    const there = Buffer.alloc(Buffer.byteLength(text));
    await handle.read(there, 0, there.length, offset);
    if (there.toString() === text) await handle.write(withStars(text, msisdn), offset);
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

/** Every CDR of one number. */
export async function cdrsOf(folder: string, msisdn: string): Promise<readonly Cdr[]> {
  const found: Cdr[] = [];
  for await (const { text, whole } of cdrLines(folder, msisdn)) if (whole) found.push(JSON.parse(text) as Cdr);
  return found;
}

interface CdrLine {
  readonly file: string;
  readonly offset: number;
  readonly text: string;
  /** False for what a crash left: nobody may ever come to cut it off. */
  readonly whole: boolean;
}

async function* cdrLines(folder: string, msisdn: string): AsyncGenerator<CdrLine> {
  const names = await namesIn(folder);
  for (const file of names.filter((name) => /^cdr-.+\.jsonl$/.test(name)))
    yield* linesWith(folder, file, `"${msisdn}"`);
}

async function* linesWith(folder: string, file: string, wanted: string): AsyncGenerator<CdrLine> {
  for await (const { text, offset, whole } of linesOf(join(folder, file)))
    if (text?.includes(wanted) === true) yield { file, offset, text, whole };
}
