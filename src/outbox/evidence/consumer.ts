import type { Evidence } from '../../domain/evidence/chain.ts';
import type { EvidenceSource } from '../../flow/ports/evidence.ts';
import type { OutboxEntry } from '../../flow/ports/outbox.ts';
import { someAtOnce } from '../at-once.ts';
import type { Consumer } from '../consumer.ts';
import { writtenOnce } from '../written-once.ts';
import type { Subject } from './records.ts';
import { evidenceOf } from './records.ts';
import type { EvidenceWriter } from './writer.ts';

/**
 * Writes down every step of every order with the words that came and went. An entry that comes again is looked for in the
 * files first. `by` names this process.
 */
export function createEvidenceConsumer(writer: EvidenceWriter, source: EvidenceSource, by: string): Consumer {
  return {
    name: 'evidence',
    handle: writtenOnce(writer, (fresh) => recordsOf(fresh, source, by)),
    looked: () => writer.seal(),
  };
}

/** `source` should read each order and text once for all entries of the batch. */
async function recordsOf(
  entries: readonly OutboxEntry[],
  source: EvidenceSource,
  by: string,
): Promise<readonly Evidence[]> {
  return someAtOnce(entries, async (entry) => evidenceOf(entry, await readSubject(entry, source), by));
}

async function readSubject({ type, subject }: OutboxEntry, source: EvidenceSource): Promise<Subject> {
  return type === 'mt' || type === 'mo'
    ? { kind: 'text', proof: await source.text(subject) }
    : { kind: 'order', proof: await source.order(subject) };
}
