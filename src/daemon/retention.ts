import type { Config } from '../config/config.ts';
import type { Note } from '../lib/note.ts';
import { reasonOf } from '../lib/reason.ts';
import { createSigner } from '../outbox/evidence/signing.ts';
import { finishOverwrites } from '../outbox/overwrite.ts';
import type { RetentionRun } from '../outbox/retention.ts';
import { removeOldCdrs, removeOldEvidence } from '../outbox/retention.ts';
import type { Storage } from './storage.ts';

/** Milliseconds between two looks at what is too old. */
const EVERY = 6 * 3_600_000;

/** Finishes erasures that a crash cut off, and removes files whose time is over, now and again; returns what ends it. */
export function startRetention(config: Config, storage: Storage, note: Note): () => void {
  let cancel = (): void => undefined;
  const again = async (): Promise<void> => {
    const failed = (error: unknown): readonly string[] => {
      note('retention.failed', { reason: reasonOf(error) });
      return [];
    };
    // What one of them meets must not keep the others from their work, now and at every later look.
    for (const work of worksOf(config, storage)) {
      const removed = await work().catch(failed);
      if (removed.length > 0) note('retention.removed', { files: removed.length });
    }
    cancel = storage.clock.after(EVERY, () => void again());
  };
  void again();
  return () => cancel();
}

/** Resolves with the files that it removed. */
type Work = () => Promise<readonly string[]>;

/** In their order. */
function worksOf({ evidence, cdr, retention }: Config, { clock, evidenceKey }: Storage): readonly Work[] {
  const runFor = (keep: number): RetentionRun => ({ now: clock.now(), keep });
  const signer = createSigner(evidenceKey);
  const { heads } = evidence;
  return [
    ...worksIn(evidence.folder, (chains) => removeOldEvidence({ chains, heads }, signer, runFor(retention.evidence))),
    ...worksIn(cdr.folder, (folder) => removeOldCdrs(folder, runFor(retention.cdr))),
  ];
}

function worksIn(folder: string | undefined, remove: (folder: string) => ReturnType<Work>): readonly Work[] {
  if (folder === undefined) return [];
  const finish: Work = async () => {
    await finishOverwrites(folder);
    return [];
  };
  return [finish, () => remove(folder)];
}
