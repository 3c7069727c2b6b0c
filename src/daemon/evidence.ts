import type { Config } from '../config/config.ts';
import type { Note } from '../lib/note.ts';
import { createSigner } from '../outbox/evidence/signing.ts';
import type { EvidenceWriter } from '../outbox/evidence/writer.ts';
import { createEvidenceWriter } from '../outbox/evidence/writer.ts';
import type { Storage } from './storage.ts';

/** Writes this process's chains, named after its Origin-Host; undefined where config keeps none. */
export function buildEvidence(config: Config, storage: Storage, note: Note): EvidenceWriter | undefined {
  const { folder, heads } = config.evidence;
  if (folder === undefined) return undefined;
  const signer = createSigner(storage.evidenceKey);
  const now = (): number => storage.clock.now();
  return createEvidenceWriter({ folder, heads, instance: config.node.originHost, signer, now, note });
}
