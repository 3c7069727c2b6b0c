import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { startRetention } from '../../src/daemon/retention.ts';
import type { Storage } from '../../src/daemon/storage.ts';
import { LAB_CONFIG } from '../../src/launcher/lab.ts';
import type { NoteFields } from '../../src/lib/note.ts';
import { record, useDesk } from '../outbox/evidence/support.ts';

const desk = useDesk();

it('removes what is too old although an erasure that was cut off cannot be finished', async () => {
  const loaded = await loadConfig(LAB_CONFIG, {});
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.fault));
  const writer = desk.writer();
  await writer.append([record(1)]);
  await writer.seal(true);
  await writeFile(join(desk.folder, 'erasure-x.erasing'), 'no JSON');
  await writeFile(join(desk.folder, 'cdr-2026-05-17-a.jsonl'), '');
  const { evidence, cdr, retention } = loaded.value;
  const config = {
    ...loaded.value,
    evidence: { ...evidence, folder: desk.folder, heads: desk.heads },
    cdr: { ...cdr, folder: desk.folder },
    retention: { ...retention, evidence: 0, cdr: 0 },
  };
  const notes: [string, NoteFields | undefined][] = [];
  const looked = new Promise<void>((resolve) => {
    const after = () => {
      resolve();
      return () => undefined;
    };
    const clock = { now: () => desk.now + 2 * 86_400_000, after };
    const storage = { clock, evidenceKey: new Uint8Array(32).fill(7) } as unknown as Storage;
    startRetention(config, storage, (event, fields) => notes.push([event, fields]));
  });
  await looked;
  expect(notes.map(([event]) => event)).toEqual([
    'retention.failed',
    'retention.removed',
    'retention.failed',
    'retention.removed',
  ]);
  expect(notes[1]).toEqual(['retention.removed', { files: 1 }]);
});
