import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Link } from '../../../src/domain/evidence/chain.ts';
import { genesis, lineAfter } from '../../../src/domain/evidence/chain.ts';
import type { SignedHead } from '../../../src/domain/evidence/head.ts';
import { createSigner, sha256 } from '../../../src/outbox/evidence/signing.ts';
import { verifyFolder } from '../../../src/outbox/evidence/verify.ts';
import { FILE, record, records, SIGNER, useDesk } from './support.ts';

const desk = useDesk();

beforeEach(async () => {
  const writer = desk.writer();
  await writer.append(records(4));
  await writer.append(records(5, 5));
  await writer.seal(true);
});

/** The whole file anew, every hash right: what somebody with all our code and no key could do. */
function relinked(evidence: readonly Link[]): readonly string[] {
  let end = genesis(FILE, sha256);
  return evidence.map((one) => {
    const next = lineAfter(end, one, one.salt ?? '', sha256);
    end = next.end;
    return next.line;
  });
}

const parsed = async () => (await desk.lines()).map((line) => JSON.parse(line) as Link);
const headOf = async () => JSON.parse(await readFile(desk.headPath(), 'utf8')) as SignedHead;

describe('an untouched chain', () => {
  it('is whole, and proven to its end', async () => {
    expect(await desk.verify()).toEqual([{ file: FILE, records: 9, proven: 9, erased: 0, faults: [] }]);
  });

  it('is whole without its heads too, but its tail is not proven', async () => {
    expect(await desk.verify(false)).toEqual([{ file: FILE, records: 9, proven: undefined, erased: 0, faults: [] }]);
  });

  it('is proven by the key of its heads alone', async () => {
    const other = createSigner(new Uint8Array(32).fill(8));
    const [report] = await verifyFolder(desk.folder, { folder: desk.heads, check: other.check });
    expect(report).toMatchObject({
      proven: 0,
      faults: [{ what: 'head', text: 'its head is not signed with this key' }],
    });
  });
});

describe('verify finds', () => {
  it('any byte that was changed, wherever it is, with heads or without', async () => {
    const octets = await readFile(desk.path());
    await fc.assert(
      fc.asyncProperty(fc.nat(octets.length - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
        const spoilt = Buffer.from(octets);
        spoilt[at] = (spoilt[at]! + by) % 256;
        await writeFile(desk.path(), spoilt);
        expect(await desk.faults(false)).not.toEqual([]);
        expect(await desk.faults(true)).not.toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it('a byte that was changed in each field of a record', async () => {
    const [first = '', ...rest] = await desk.lines();
    for (const from of [
      '"n":1',
      '"entry":"1',
      '"time":"2',
      '"kind":"o',
      '"order":"0',
      '500',
      '"digest":"',
      '"prev":"',
      '"hash":"',
      '"salt":"',
      '254700',
      'é',
    ]) {
      const at = first.indexOf(from) + from.length - 1;
      const spoilt = `${first.slice(0, at)}${first[at] === 'x' ? 'y' : 'x'}${first.slice(at + 1)}`;
      await desk.put([spoilt, ...rest]);
      expect(await desk.faults(false), from).not.toEqual([]);
    }
  });

  it('a record that was removed, and says which', async () => {
    const lines = await desk.lines();
    for (let n = 1; n < lines.length; n++) {
      await desk.put(lines.toSpliced(n - 1, 1));
      expect(await desk.faults(false)).toEqual([`missing: record ${n} is missing`]);
    }
  });

  it('a record with a number of its own making, and what it leaves out', async () => {
    const lines = await desk.lines();
    await desk.put(lines.with(4, lines[4]!.replace('"n":5', `"n":${Number.MAX_SAFE_INTEGER}`)));
    expect(await desk.faults(false)).toContain(`missing: records 10 to ${Number.MAX_SAFE_INTEGER - 1} are missing`);
  });

  it('which of the records of a gap stand elsewhere', async () => {
    const lines = await desk.lines();
    await desk.put([lines[0]!, ...lines.slice(7), lines[3]!]);
    expect(await desk.faults(false)).toEqual([
      'reordered: record 4 stands behind record 9',
      'missing: records 2 to 3 are missing',
      'missing: records 5 to 7 are missing',
    ]);
  });

  it('two that were swapped', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.nat(8), { minLength: 2, maxLength: 2 }), async ([a = 0, b = 0]) => {
        const lines = await desk.lines();
        [lines[a], lines[b]] = [lines[b]!, lines[a]!];
        const original = await readFile(desk.path());
        await desk.put(lines);
        const faults = await desk.faults(false);
        await writeFile(desk.path(), original);
        expect(faults.some((fault) => fault.startsWith('reordered: '))).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it('any subset of records that was taken out, put in another order or said twice', async () => {
    const lines = await desk.lines();
    const whole = lines.join('\n');
    const picks = fc.array(fc.nat(lines.length - 1), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(picks, async (picked) => {
        const others = picked.map((index) => lines[index]!);
        await desk.put(others);
        expect((await desk.faults(true)).length > 0).toBe(others.join('\n') !== whole);
      }),
      { numRuns: 60 },
    );
  });

  it('a whole order that was removed, though every hash was made anew', async () => {
    const kept = (await parsed()).filter(({ order }) => order !== '01-order1');
    await desk.put(relinked(kept));
    expect(await desk.faults(false)).toEqual([]);
    expect(await desk.faults(true)).toEqual(['cut: the head vouches for 9 records, the file has 6']);
  });

  it('a record that was put in the place of another, though every hash was made anew', async () => {
    const all = await parsed();
    await desk.put(relinked(all.map((link) => (link.n === 3 ? { ...link, facts: { state: 'refused' } } : link))));
    expect(await desk.faults(false)).toEqual([]);
    expect(await desk.faults(true)).toEqual(['head: record 9 is not the one that the head vouches for']);
  });

  it('a tail that was cut', async () => {
    const lines = await desk.lines();
    for (const kept of [8, 1, 0]) {
      await desk.put(lines.slice(0, kept));
      expect(await desk.faults(false)).toEqual([]);
      expect(await desk.faults(true)).toEqual([`cut: the head vouches for 9 records, the file has ${kept}`]);
    }
  });

  it('a tail that was cut within a line', async () => {
    const octets = await readFile(desk.path());
    await writeFile(desk.path(), octets.subarray(0, -5));
    expect(await desk.faults(false)).toEqual(['unreadable: the last line has no end']);
    expect(await desk.faults(true)).toHaveLength(2);
  });

  it('a head that was replaced to fit a cut file', async () => {
    const lines = await desk.lines();
    await desk.put(lines.slice(0, 5));
    const { hash } = JSON.parse(lines[4]!) as Link;
    await writeFile(desk.headPath(), JSON.stringify({ ...(await headOf()), count: 5, hash }));
    expect(await desk.faults()).toEqual(['head: its head is not signed with this key']);
  });

  it('a head that was removed or spoilt', async () => {
    await writeFile(desk.headPath(), '{}');
    expect(await desk.faults()).toEqual(['head: its head is not signed with this key']);
    await rm(desk.headPath());
    expect(await desk.faults()).toEqual(['head: has no head']);
  });

  it('a head of another file in its place', async () => {
    desk.now += 86_400_000;
    const writer = desk.writer();
    await writer.append(records(2, 20));
    await writer.seal(true);
    await copyFile(desk.headPath('evidence-2026-05-18-host_1-1.jsonl'), desk.headPath());
    expect(await desk.faults()).toEqual(['head: its head is not signed with this key']);
  });

  it('an old head with a file cut to fit, once a newer file is there', async () => {
    const old = await headOf();
    const lines = await desk.lines();
    const writer = desk.writer();
    await writer.append(records(2, 10));
    await writer.seal(true);
    desk.now += 86_400_000;
    await writer.append([record(20)]);
    await writer.seal(true);
    await desk.put(lines);
    await writeFile(desk.headPath(), JSON.stringify(old));
    expect(await desk.faults()).toEqual([`cut: ${FILE} must end with record 11, it ends with 9`]);
  });

  it('a file that is gone, with its head or without', async () => {
    desk.now += 86_400_000;
    const writer = desk.writer();
    await writer.append([record(20)]);
    await writer.seal(true);
    await rm(desk.path());
    expect(await desk.faults(false)).toEqual([]);
    expect(await desk.faults()).toEqual(['file: the file is missing, its head is there']);
    await rm(desk.headPath());
    expect(await desk.faults()).toEqual([`cut: ${FILE} must end with record 9`]);
  });

  it('a file under the name of another day', async () => {
    await copyFile(desk.path(), desk.path('evidence-2026-05-16-host_1-1.jsonl'));
    expect(await desk.faults(false)).toEqual(['changed: record 1 was not written behind the record that is before it']);
  });

  it('a file made anew with as many records, once a newer file is there, though its head is gone', async () => {
    desk.now += 86_400_000;
    const writer = desk.writer();
    await writer.append([record(20)]);
    await writer.seal(true);
    const all = await parsed();
    await desk.put(relinked(all.map((link) => (link.n === 3 ? { ...link, facts: { state: 'refused' } } : link))));
    await rm(desk.headPath());
    expect(await desk.faults()).toEqual(['head: has no head', `cut: ${FILE} must end with record 9, it ends with 9`]);
  });

  it('a payload that was taken out without an erasure', async () => {
    const lines = await desk.lines();
    const { salt, personal, ...bare } = JSON.parse(lines[2]!) as Link;
    expect([salt, personal]).not.toContain(undefined);
    await desk.put(lines.with(2, JSON.stringify(bare)));
    expect(await desk.faults(false)).toEqual(['changed: record 3 is not what was written']);
    await desk.put(lines.with(2, JSON.stringify({ ...bare, erased: 'me', pad: '' })));
    expect(await desk.faults(false)).toEqual(['erasure: record 3 has lost its payload, and no erasure names it']);
  });
});

describe('a signature', () => {
  it('covers every field of a head', async () => {
    const head = await headOf();
    expect(SIGNER.check(head)).toBe(true);
    const spoilt: Partial<SignedHead>[] = [
      { file: 'x' }, { count: 8 }, { hash: 'x' }, { time: 'x' }, { removed: 'x' }, { before: { file: 'x', count: 1, hash: 'x' } },
    ]; // prettier-ignore
    expect(spoilt.map((over) => SIGNER.check({ ...head, before: undefined, removed: undefined, ...over }))).toEqual(
      spoilt.map(() => false),
    );
  });
});
