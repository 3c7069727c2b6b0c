import { tombstoneLine } from '../../domain/evidence/chain.ts';
import type { Evidence } from '../../domain/evidence/chain.ts';
import { overwrite } from '../overwrite.ts';
import type { Replacement } from '../overwrite.ts';
import type { Located } from './find.ts';
import { recordsOf } from './find.ts';
import type { EvidenceWriter } from './writer.ts';

export interface ErasureOrder {
  readonly msisdn: string;
  /** Names the erasure in every tombstone; 16 letters or digits. */
  readonly id: string;
  /** Orders whose evidence must stay. */
  readonly held: ReadonlySet<string>;
  readonly reason: string;
  readonly who: string;
  /** ISO 8601, UTC. */
  readonly time: string;
}

/** Entries that one erasure record names; a line stays readable. */
const ENTRIES_PER_RECORD = 200;

/**
 * Takes number and texts out of every record of one subscriber. The erasure is written down first: a payload that is gone
 * without one is a fault. Resolves with the number of records.
 */
export async function eraseEvidence(folder: string, writer: EvidenceWriter, order: ErasureOrder): Promise<number> {
  const found: Located[] = [];
  for await (const one of recordsOf(folder, order.msisdn)) if (!order.held.has(one.link.order ?? '')) found.push(one);
  await writer.append(
    erasuresOf(
      order,
      found.map(({ link }) => link.entry),
    ),
  );
  await writer.seal(true);
  await overwrite(
    folder,
    `erasure-${order.id}`,
    found.map((one) => replacement(one, order.id)),
  );
  return found.length;
}

function erasuresOf({ id, reason, who, time }: ErasureOrder, entries: readonly string[]): readonly Evidence[] {
  const count = Math.ceil(entries.length / ENTRIES_PER_RECORD);
  return Array.from({ length: count }, (_, part) => ({
    entry: `erasure:${id}:${part + 1}`,
    time,
    kind: 'erasure',
    order: undefined,
    facts: { id, who, reason, entries: entries.slice(part * ENTRIES_PER_RECORD, (part + 1) * ENTRIES_PER_RECORD) },
    personal: undefined,
  }));
}

function replacement({ file, offset, link }: Located, id: string): Replacement {
  return { file, offset, line: tombstoneLine(link, id, (text) => Buffer.byteLength(text)) };
}
