import { join } from 'node:path';
import { readLine } from '../../domain/evidence/chain.ts';
import type { Placed } from '../../domain/evidence/story.ts';
import { linesOf } from '../lines.ts';
import { chainFiles } from './names.ts';

/** A record and where its line begins. */
export interface Located extends Placed {
  readonly offset: number;
}

/** What is kept of one subscriber. Another one's text may hold the number too: that is theirs, to keep and to be given. */
export async function* recordsOf(folder: string, msisdn: string): AsyncGenerator<Located> {
  for await (const one of recordsWith(folder, msisdn)) if (one.link.personal?.['msisdn'] === msisdn) yield one;
}

/** The records whose lines hold `text`; what cannot be read is left to `verify`. */
async function* recordsWith(folder: string, text: string): AsyncGenerator<Located> {
  for (const { name } of await chainFiles(folder)) yield* recordsIn(folder, name, text);
}

async function* recordsIn(folder: string, file: string, wanted: string): AsyncGenerator<Located> {
  for await (const { text = '', offset, whole } of linesOf(join(folder, file))) {
    const read = whole && text.includes(wanted) ? readLine(text) : undefined;
    if (read?.ok === true) yield { file, link: read.value, offset };
  }
}

/** Everything about one order or one subscriber; of an order its subscriber's messages that name no order too. */
export async function complaint(folder: string, subject: string): Promise<readonly Placed[]> {
  const own: Placed[] = [];
  for await (const { file, link } of recordsWith(folder, subject)) {
    if (link.kind !== 'erasure' && isAbout(link, subject)) own.push({ file, link });
  }
  return own;
}

function isAbout(link: Placed['link'], subject: string): boolean {
  return link.order === subject || link.personal?.['msisdn'] === subject;
}
