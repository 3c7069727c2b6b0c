import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cdrsOf, eraseCdrs } from '../../src/outbox/cdr-erase.ts';
import { createCdrFiles } from '../../src/outbox/cdr-files.ts';
import { finishOverwrites } from '../../src/outbox/overwrite.ts';
import { removeOldCdrs } from '../../src/outbox/retention.ts';

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'orderd-folder-'));
  await writeFile(join(dir, 'unreadable'), 'a file');
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const wish = { msisdn: '254700000123', id: 'i', held: new Set<string>() };

const LOOKS: readonly [string, (folder: string) => Promise<unknown>, unknown][] = [
  ['an erasure', (folder) => eraseCdrs(folder, wish), 0],
  ['an export', (folder) => cdrsOf(folder, wish.msisdn), []],
  ['a look for what was written already', (folder) => createCdrFiles(folder, 'a').among(['1:1-0']), new Set()],
  ['a look for erasures that were cut off', finishOverwrites, undefined],
  ['retention', (folder) => removeOldCdrs(folder, { now: Date.now(), keep: 0 }), []],
];

describe.each(LOOKS)('%s', (_, look, nothing) => {
  it('finds nothing in a folder that is not there', async () => {
    expect(await look(join(dir, 'missing'))).toEqual(nothing);
  });

  it('never takes a folder that cannot be read for an empty one', async () => {
    await expect(look(join(dir, 'unreadable'))).rejects.toThrow('ENOTDIR');
  });
});
