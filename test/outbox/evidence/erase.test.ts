import { writeFileSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rmdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cdrsOf, eraseCdrs } from '../../../src/outbox/cdr-erase.ts';
import { eraseEvidence } from '../../../src/outbox/evidence/erase.ts';
import { complaint, recordsOf } from '../../../src/outbox/evidence/find.ts';
import type { Link } from '../../../src/domain/evidence/chain.ts';
import { tombstoneLine } from '../../../src/domain/evidence/chain.ts';
import { storyOf } from '../../../src/domain/evidence/story.ts';
import { finishOverwrites, overwrite } from '../../../src/outbox/overwrite.ts';
import { removeOldCdrs, removeOldEvidence } from '../../../src/outbox/retention.ts';
import { FILE, NOON, record, records, SIGNER, useDesk } from './support.ts';

const desk = useDesk();
const ALICE = '254700000123';
const BOB = '254700000999';

const order = (over: { readonly held?: ReadonlySet<string> } = {}) => ({
  msisdn: ALICE,
  id: 'ab12cd34ef56ab78',
  held: new Set<string>(),
  reason: 'asked by letter',
  who: 'ann',
  time: new Date(NOON).toISOString(),
  ...over,
});

describe('erasing one number', () => {
  it('leaves no trace of it, the same octets, and chains that still hold', async () => {
    const writer = desk.writer();
    await writer.append(records(6));
    await writer.append([record(7, { personal: { msisdn: BOB, heard: { text: 'QUIZ' } } })]);
    const before = await stat(desk.path());
    expect(await eraseEvidence(desk.folder, writer, order())).toBe(6);
    await writer.append(records(1, 8).map((one) => ({ ...one, personal: { msisdn: BOB } })));
    await writer.seal(true);
    const text = await readFile(desk.path(), 'utf8');
    expect(text).not.toContain(ALICE);
    expect(text).not.toContain('NEWS');
    expect(text).toContain(BOB);
    expect(Buffer.byteLength(text.split('\n').slice(0, 7).join('\n')) + 1).toBe(before.size);
    expect(await desk.verify()).toEqual([{ file: FILE, records: 9, proven: 9, erased: 6, faults: [] }]);
  });

  it('writes down who did it and why, and is found out when that is taken away', async () => {
    const writer = desk.writer();
    await writer.append(records(3));
    await eraseEvidence(desk.folder, writer, order());
    expect(await desk.verify()).toMatchObject([{ records: 4, proven: 4, erased: 3 }]);
    const lines = await desk.lines();
    expect(JSON.parse(lines[3]!)).toMatchObject({ kind: 'erasure', facts: { who: 'ann', reason: 'asked by letter' } });
    await desk.put(lines.slice(0, 3));
    expect(await desk.faults(false)).toHaveLength(3);
  });

  it('keeps what a hold keeps', async () => {
    const writer = desk.writer();
    await writer.append(records(6));
    expect(await eraseEvidence(desk.folder, writer, order({ held: new Set(['01-order1']) }))).toBe(4);
    expect((await complaint(desk.folder, ALICE)).map(({ link }) => link.order)).toEqual(['01-order1', '01-order1']);
    expect(await desk.faults(false)).toEqual([]);
    // By hand, in the name of that erasure.
    const lines = await desk.lines();
    const kept = lines.findIndex((line) => line.includes(ALICE));
    const byHand = tombstoneLine(JSON.parse(lines[kept]!) as Link, order().id, (text) => Buffer.byteLength(text));
    await desk.put(lines.with(kept, byHand));
    const found = `erasure: record ${kept + 1} has lost its payload, and no erasure names it`;
    expect(await desk.faults(false)).toEqual([found]);
  });

  it('leaves alone who only wrote that number, or whose own begins with it', async () => {
    const writer = desk.writer();
    const [told, longer] = [
      record(1, { personal: { msisdn: BOB, heard: { text: `NEWS ${ALICE}` } } }),
      record(2, { personal: { msisdn: `${ALICE}4`, heard: { text: 'NEWS' } } }),
    ];
    await writer.append([told, longer, record(3)]);
    const found: unknown[] = [];
    for await (const { link } of recordsOf(desk.folder, ALICE)) found.push(link.entry);
    expect(found).toEqual([record(3).entry]);
    expect(await eraseEvidence(desk.folder, writer, order())).toBe(1);
    const kept = (await desk.lines()).slice(0, 2).map((line) => (JSON.parse(line) as { personal?: unknown }).personal);
    expect(kept).toEqual([told.personal, longer.personal]);
    expect(await desk.faults(false)).toEqual([]);
  });

  it('works for any payload, however short', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 30 }), async (text) => {
        const writer = desk.writer(`p${Math.abs(text.length)}`);
        await writer.append([record(1, { personal: text === '' ? { msisdn: ALICE } : { msisdn: ALICE, said: text } })]);
        await eraseEvidence(desk.folder, writer, order());
        expect(await complaint(desk.folder, ALICE)).toEqual([]);
        expect(await desk.faults(false)).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  it('is finished at the next start when a crash cut it off', async () => {
    const writer = desk.writer();
    await writer.append(records(2));
    const untouched = await readFile(desk.path());
    await eraseEvidence(desk.folder, writer, order());
    const erased = await readFile(desk.path());
    const first = erased.subarray(0, erased.indexOf(10)).toString();
    // As it was, and half of the first line is written over.
    await writeFile(desk.path(), Buffer.concat([Buffer.from(first.slice(0, 200)), erased.subarray(200)]));
    await writeFile(join(desk.folder, 'erasure-x.erasing'), JSON.stringify([{ file: FILE, offset: 0, line: first }]));
    await finishOverwrites(desk.folder);
    expect(await readFile(desk.path())).toEqual(erased);
    expect(untouched.length).toBeLessThan(erased.length);
    await finishOverwrites(desk.folder);
    await overwrite(desk.folder, 'nothing', []);
  });
});

it('an erasure that a crash cut off is done where a file of it was removed since', async () => {
  const writer = desk.writer();
  await writer.append(records(1));
  const [first = ''] = await desk.lines();
  const line = '*'.repeat(Buffer.byteLength(first));
  const lines = ['gone.jsonl', FILE].map((file) => ({ file, offset: 0, line }));
  const aside = join(desk.folder, 'erasure-x.erasing');
  await writeFile(aside, JSON.stringify(lines));
  await finishOverwrites(desk.folder);
  expect(await desk.lines()).toEqual([line]);
  await expect(stat(aside)).rejects.toThrow('ENOENT');
});

describe('an erasure whose file cannot be written', () => {
  const lines = [{ file: 'x.jsonl', offset: 0, line: '***' }];
  const aside = (): string => join(desk.folder, 'erasure-x.erasing');

  it('is put aside until it can, for nobody else to read', async () => {
    await mkdir(desk.path('x.jsonl'), { recursive: true });
    await expect(overwrite(desk.folder, 'erasure-x', lines)).rejects.toThrow('EISDIR');
    expect((await stat(aside())).mode & 0o777).toBe(0o600);
    await expect(finishOverwrites(desk.folder)).rejects.toThrow('EISDIR');
    await rmdir(desk.path('x.jsonl'));
    await writeFile(desk.path('x.jsonl'), 'old\n');
    await finishOverwrites(desk.folder);
    expect(await readFile(desk.path('x.jsonl'), 'utf8')).toBe('***\n');
    expect(await readdir(desk.folder)).toEqual(['x.jsonl']);
  });

  it('leaves nothing behind where it could, and finds nothing in a folder that is not there', async () => {
    await finishOverwrites(desk.folder);
    await mkdir(desk.folder, { recursive: true });
    await writeFile(desk.path('x.jsonl'), 'old\n');
    await overwrite(desk.folder, 'erasure-x', lines);
    expect(await readdir(desk.folder)).toEqual(['x.jsonl']);
  });
});

describe('CDR files', () => {
  const line = (orderId: string, msisdn: string): string => `${JSON.stringify({ entry: 'x', orderId, msisdn })}\n`;

  it('have stars in the place of the number, line by line', async () => {
    await mkdir(desk.folder, { recursive: true });
    const path = join(desk.folder, 'cdr-2026-05-17-a.jsonl');
    await writeFile(path, line('1', ALICE) + line('2', BOB) + line('held', ALICE) + line('3', ALICE));
    expect(await eraseCdrs(desk.folder, { msisdn: ALICE, id: 'i', held: new Set(['held']) })).toBe(2);
    const stars = '*'.repeat(12);
    expect(await readFile(path, 'utf8')).toBe(
      line('1', stars) + line('2', BOB) + line('held', ALICE) + line('3', stars),
    );
  });

  it('of a number that begins with it, and whatever else lies there, are left alone', async () => {
    await mkdir(desk.folder, { recursive: true });
    const files = ['cdr-2026-05-17-a.jsonl', 'mediation.jsonl'].map((name) => join(desk.folder, name));
    await writeFile(files[0]!, line('1', `${ALICE}4`));
    await writeFile(files[1]!, line('2', ALICE));
    expect(await eraseCdrs(desk.folder, { msisdn: ALICE, id: 'i', held: new Set() })).toBe(0);
    expect(await cdrsOf(desk.folder, ALICE)).toEqual([]);
    expect(await readFile(files[1]!, 'utf8')).toBe(line('2', ALICE));
  });

  it('that are not there hold nothing', async () => {
    expect(await eraseCdrs(desk.folder, { msisdn: ALICE, id: 'i', held: new Set() })).toBe(0);
  });
});

describe('half a CDR that a crash left for good, its entry taken over by another process', () => {
  const half = (orderId: string): string => `{"entry":"x","orderId":"${orderId}","msisdn":"${ALICE}","shor`;
  const path = (): string => join(desk.folder, 'cdr-2026-05-17-a.jsonl');
  const erased = async (orderId: string): Promise<string> => {
    await mkdir(desk.folder, { recursive: true });
    await writeFile(path(), half(orderId));
    const count = await eraseCdrs(desk.folder, { msisdn: ALICE, id: 'i', held: new Set(['held']) });
    expect(count).toBe(orderId === 'held' ? 0 : 1);
    return readFile(path(), 'utf8');
  };

  it('loses its number too, unless its order is held', async () => {
    expect(await erased('1')).toBe(half('1').replace(ALICE, '*'.repeat(12)));
    expect(await erased('held')).toBe(half('held'));
  });

  it('is left to whoever cut it off meanwhile and wrote another record there', async () => {
    await mkdir(desk.folder, { recursive: true });
    await writeFile(path(), half('1'));
    const other = half('2').replace(ALICE, BOB);
    const held = new Set<string>();
    held.has = () => {
      writeFileSync(path(), other);
      return false;
    };
    await eraseCdrs(desk.folder, { msisdn: ALICE, id: 'i', held });
    expect(await readFile(path(), 'utf8')).toBe(other);
  });

  it('is no record to give out', async () => {
    await erased('held');
    expect(await cdrsOf(desk.folder, ALICE)).toEqual([]);
  });
});

describe('retention', () => {
  it('removes what is over, and leaves a signed head that says when', async () => {
    const writer = desk.writer();
    await writer.append(records(2));
    desk.now += 10 * 86_400_000;
    await writer.append(records(1, 9));
    await writer.seal(true);
    const run = { now: desk.now, keep: 8 * 86_400_000 };
    expect(await removeOldEvidence({ chains: desk.folder, heads: desk.heads }, SIGNER, run)).toEqual([FILE]);
    expect((await desk.verify()).map(({ records: count, faults }) => [count, faults])).toEqual([[1, []]]);
    // A head that somebody else moved to another name is none.
    await rename(desk.headPath(), desk.headPath('other'));
    expect(await desk.faults()).not.toEqual([]);
  });
});

describe('the retention of CDRs', () => {
  const keep = 8 * 86_400_000;
  /** All that was written on the 17th is kept for so long. */
  const over = Date.UTC(2026, 4, 18) + keep;

  it('ends for a whole file so long after its day, not before', async () => {
    await mkdir(desk.folder, { recursive: true });
    const names = ['cdr-2026-05-17-a.jsonl', 'cdr-2026-05-18-a.jsonl', 'old-cdr-2026-05-17-a.jsonl'];
    for (const name of names) await writeFile(join(desk.folder, name), '');
    expect(await removeOldCdrs(desk.folder, { now: over, keep })).toEqual([]);
    expect(await removeOldCdrs(desk.folder, { now: over + 1, keep })).toEqual(names.slice(0, 1));
    expect((await readdir(desk.folder)).sort()).toEqual(names.slice(1));
  });

  it('finds nothing in a folder that is not there', async () => {
    expect(await removeOldCdrs(desk.folder, { now: over, keep })).toEqual([]);
  });
});

it('a process that wrote nothing for longer than its evidence is kept goes on without an alarm', async () => {
  const writer = desk.writer();
  await writer.append(records(2));
  await writer.seal(true);
  desk.now += 10 * 86_400_000;
  await removeOldEvidence({ chains: desk.folder, heads: desk.heads }, SIGNER, { now: desk.now, keep: 0 });
  for (const one of [writer, desk.writer()]) await one.append(records(1, 9));
  expect(desk.noted).toEqual([]);
  expect((await desk.verify()).map(({ records: count }) => count)).toEqual([2]);
});

it('a spoilt head keeps no file beyond its retention, and is left for verify to tell', async () => {
  for (const name of ['a', 'b']) {
    const writer = desk.writer(name);
    await writer.append(records(1));
    await writer.seal(true);
  }
  const [a, b] = [FILE.replace('host_1', 'a'), FILE.replace('host_1', 'b')];
  await writeFile(desk.headPath(a), '');
  const run = { now: desk.now + 10 * 86_400_000, keep: 8 * 86_400_000 };
  const removed = await removeOldEvidence({ chains: desk.folder, heads: desk.heads }, SIGNER, run);
  expect(new Set(removed)).toEqual(new Set([a, b]));
  expect((await desk.verify()).map(({ file }) => file)).toEqual([a]);
});

describe('one complaint', () => {
  it('reads as a story with where each line is proved, once per entry', async () => {
    const writer = desk.writer();
    await writer.append([record(1), record(1), record(4), record(2, { personal: { msisdn: BOB } })]);
    const found = await complaint(desk.folder, '01-order1');
    const story = storyOf(found, 'checked');
    expect(story).toContain(`subscriber  ${ALICE}\nrecords     2, checked`);
    expect(story.match(/from the subscriber: "NEWS é 1"/g)).toHaveLength(1);
    expect(story).toContain(`proof: ${FILE} record 1, `);
    expect(story).not.toContain(BOB);
  });
});

describe('an erasure while a look at what a crash left comes by', () => {
  it('is finished by either of them, and fails neither', async () => {
    await mkdir(desk.folder, { recursive: true });
    const lines = Array.from({ length: 3000 }, (_, at) => ({ file: 'x.jsonl', offset: at * 4, line: '***' }));
    await writeFile(desk.path('x.jsonl'), 'old\n'.repeat(lines.length));
    const under = new AbortController();
    const erasing = overwrite(desk.folder, 'erasure-1', lines).finally(() => under.abort());
    const looking = (async () => {
      while (!under.signal.aborted) await finishOverwrites(desk.folder);
    })();
    expect(await Promise.allSettled([erasing, looking])).toMatchObject(Array(2).fill({ status: 'fulfilled' }));
    expect(await readFile(desk.path('x.jsonl'), 'utf8')).toBe('***\n'.repeat(lines.length));
  });
});
