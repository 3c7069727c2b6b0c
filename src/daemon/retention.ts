import type { Config } from '../config/config.ts';
import type { Note } from '../lib/note.ts';
import { reasonOf } from '../lib/reason.ts';
import { createSigner } from '../outbox/evidence/signing.ts';
import { finishOverwrites } from '../outbox/overwrite.ts';
import { removeOldCdrs, removeOldEvidence } from '../outbox/retention.ts';
import type { Storage } from './storage.ts';

/** Milliseconds between two looks at what is too old. */
const EVERY = 6 * 3_600_000;

/** Finishes erasures that a crash cut off, and removes files whose time is over, now and again; returns what ends it. */
export function startRetention(config: Config, storage: Storage, note: Note): () => void {
  let cancel = (): void => undefined;
  const again = async (): Promise<void> => {
    try {
      const removed = await retain(config, storage);
      if (removed > 0) note('retention.removed', { files: removed });
    } catch (error) {
      note('retention.failed', { reason: reasonOf(error) });
    }
    cancel = storage.clock.after(EVERY, () => void again());
  };
  void again();
  return () => cancel();
}

async function retain({ evidence, cdr, retention }: Config, { clock, evidenceKey }: Storage): Promise<number> {
  const now = clock.now();
  let removed = 0;
  if (evidence.folder !== undefined) {
    await finishOverwrites(evidence.folder);
    const folders = { chains: evidence.folder, heads: evidence.heads };
    removed += (await removeOldEvidence(folders, createSigner(evidenceKey), { now, keep: retention.evidence })).length;
  }
  if (cdr.folder !== undefined) {
    await finishOverwrites(cdr.folder);
    removed += (await removeOldCdrs(cdr.folder, { now, keep: retention.cdr })).length;
  }
  return removed;
}
