import type { Evidence } from '../../domain/evidence/chain.ts';
import type { EvidenceSource } from '../../flow/evidence.ts';
import type { OutboxEntry } from '../../flow/outbox.ts';
import type { Consumer } from '../consumer.ts';
import type { Subject } from './records.ts';
import { evidenceOf, nameOf } from './records.ts';
import type { EvidenceWriter } from './writer.ts';

/**
 * Writes down every step of every order with the words that came and went. An entry that comes again is looked for in the
 * files first. `by` names this process.
 */
export function createEvidenceConsumer(writer: EvidenceWriter, source: EvidenceSource, by: string): Consumer {
  return {
    group: 'evidence',
    async handle(entries, again) {
      const written = again ? await writer.among(entries.map(nameOf)) : new Set<string>();
      const fresh = entries.filter((entry) => !written.has(nameOf(entry)));
      await writer.append(await recordsOf(fresh, source, by));
    },
    caughtUp: () => writer.seal(),
  };
}

/** Each order and text is read once for all its entries of the batch. */
async function recordsOf(
  entries: readonly OutboxEntry[],
  source: EvidenceSource,
  by: string,
): Promise<readonly Evidence[]> {
  const read = new Map<string, Promise<Subject>>();
  const subjectOf = (entry: OutboxEntry): Promise<Subject> => {
    const known = read.get(entry.subject) ?? readSubject(entry, source);
    read.set(entry.subject, known);
    return known;
  };
  return Promise.all(entries.map(async (entry) => evidenceOf(entry, await subjectOf(entry), by)));
}

async function readSubject({ type, subject }: OutboxEntry, source: EvidenceSource): Promise<Subject> {
  return type === 'mt' || type === 'mo'
    ? { kind: 'text', proof: await source.text(subject) }
    : { kind: 'order', proof: await source.order(subject) };
}
