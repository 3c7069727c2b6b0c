import { randomBytes } from 'node:crypto';
import type { Config } from '../config/config.ts';
import type { Archive, ErasurePorts } from '../flow/erase-subscriber.ts';
import { cdrsOf, eraseCdrs } from '../outbox/cdr-erase.ts';
import { eraseEvidence } from '../outbox/evidence/erase.ts';
import { recordsOf } from '../outbox/evidence/find.ts';
import type { EvidenceWriter } from '../outbox/evidence/writer.ts';
import type { Storage } from './storage.ts';

/** What an erasure and an export reach from this process: Redis, and the files of its own folders. */
export function buildErasure(config: Config, storage: Storage, evidence: EvidenceWriter | undefined): ErasurePorts {
  const archives = [evidenceArchive(config, evidence), cdrArchive(config)].filter((one) => one !== undefined);
  return {
    eraser: storage.stores.eraser,
    archives,
    keep: () => config.retention.keep,
    now: () => storage.clock.now(),
    newId: () => randomBytes(8).toString('hex'),
  };
}

function evidenceArchive({ evidence: { folder } }: Config, writer: EvidenceWriter | undefined): Archive | undefined {
  if (folder === undefined || writer === undefined) return undefined;
  return {
    name: 'evidence',
    erase: ({ at, ...order }) => eraseEvidence(folder, writer, { ...order, time: new Date(at).toISOString() }),
    async export(msisdn) {
      const found: object[] = [];
      for await (const { file, link } of recordsOf(folder, msisdn)) found.push({ file, ...link });
      return found;
    },
  };
}

function cdrArchive({ cdr: { folder } }: Config): Archive | undefined {
  if (folder === undefined) return undefined;
  return { name: 'cdr', erase: (order) => eraseCdrs(folder, order), export: (msisdn) => cdrsOf(folder, msisdn) };
}
