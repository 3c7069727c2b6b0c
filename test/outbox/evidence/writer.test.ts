import { appendFile, mkdir, readdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { Link } from '../../../src/domain/evidence/chain.ts';
import type { SignedHead } from '../../../src/domain/evidence/head.ts';
import type { HeadCheck } from '../../../src/outbox/evidence/signing.ts';
import { createSigner } from '../../../src/outbox/evidence/signing.ts';
import { verifyFolder } from '../../../src/outbox/evidence/verify.ts';
import { FILE, NOON, record, records, SIGNER, useDesk } from './support.ts';

const desk = useDesk();
const DAY = 86_400_000;
const NO_BEFORE = JSON.stringify({ file: FILE, count: 3, hash: '', signature: '', before: null });
const SECOND = FILE.replace('-1.jsonl', '-2.jsonl');
const NEXT = 'evidence-2026-05-18-host_1-1.jsonl';

const headOf = async (file = FILE) => JSON.parse(await readFile(desk.headPath(file), 'utf8')) as SignedHead;
const numbers = async (file = FILE) => (await desk.lines(file)).map((line) => (JSON.parse(line) as Link).n);

describe('evidence files', () => {
  it('are one chain per day and process', async () => {
    const [one, two] = [desk.writer('host/1'), desk.writer('host/2')];
    await one.append(records(2));
    await two.append(records(1, 7));
    desk.now += DAY;
    await one.append(records(1, 9));
    for (const writer of [one, two]) await writer.seal(true);
    expect((await readdir(desk.folder)).sort()).toEqual([FILE, 'evidence-2026-05-17-host_2-1.jsonl', NEXT]);
    expect(await desk.faults()).toEqual([]);
    expect((await headOf(NEXT)).before).toEqual({ file: FILE, count: 2, hash: (await headOf()).hash });
  });

  it('hold the record, its salt new each time', async () => {
    await desk.writer().append([record(1), record(1)]);
    const [a, b] = (await desk.lines()).map((line) => JSON.parse(line) as Link);
    expect(a).toMatchObject(record(1));
    expect(a?.salt).toMatch(/^[0-9a-f]{32}$/);
    expect(a?.digest).not.toBe(b?.digest);
  });

  it('hold nothing when nothing is given', async () => {
    await desk.writer().append([]);
    await expect(readdir(desk.folder)).rejects.toThrow();
  });

  it('say which of some entries they have', async () => {
    const writer = desk.writer();
    await writer.append(records(3));
    const asked = ['1', '3', '9'].map((n) => `1:${NOON}-${n}`);
    expect(await desk.writer('another').among(asked)).toEqual(new Set(asked.slice(0, 2)));
    expect(await writer.among([])).toEqual(new Set());
  });
});

describe('heads', () => {
  it('are signed at most once a second, and at the end', async () => {
    const writer = desk.writer();
    await writer.append(records(1));
    await writer.seal();
    expect(await headOf()).toMatchObject({ count: 1 });
    await writer.append(records(1, 2));
    await writer.seal();
    expect(await headOf()).toMatchObject({ count: 1 });
    desk.now += 1000;
    await writer.seal();
    expect(await headOf()).toMatchObject({ count: 2, time: new Date(NOON + 1000).toISOString() });
    await writer.append(records(1, 3));
    await writer.seal(true);
    expect(await headOf()).toMatchObject({ count: 3 });
  });

  it('are signed of each file, also where it holds as many records as the one before', async () => {
    const writer = desk.writer();
    await writer.append(records(2));
    desk.now += DAY;
    await writer.append(records(2, 3));
    await writer.seal(true);
    expect(await headOf(NEXT)).toMatchObject({ count: 2 });
    expect(await desk.verify()).toMatchObject([{ proven: 2 }, { proven: 2 }]);
  });

  it('vouch at the end of a day for all that was written, whatever became of it meanwhile', async () => {
    const writer = desk.writer();
    await writer.append(records(2));
    await writer.seal(true);
    await writer.append(records(1, 3));
    await desk.put((await desk.lines()).slice(0, 2));
    desk.now += DAY;
    await writer.append(records(1, 9));
    expect(await headOf()).toMatchObject({ count: 3 });
    expect(await desk.faults()).toContain('cut: the head vouches for 3 records, the file has 2');
  });

  it('leave what was written since them unproven, and say so', async () => {
    const writer = desk.writer();
    await writer.append(records(2));
    await writer.seal(true);
    await writer.append(records(2, 3));
    expect(await desk.verify()).toMatchObject([{ records: 4, proven: 2, faults: [] }]);
  });
});

describe('a process that starts again', () => {
  it('goes on with the chain of its day', async () => {
    await desk.writer().append(records(2));
    const writer = desk.writer();
    await writer.append(records(2, 3));
    await writer.seal(true);
    expect(await numbers()).toEqual([1, 2, 3, 4]);
    expect(await desk.verify()).toMatchObject([{ records: 4, proven: 4, faults: [] }]);
  });

  it.each(['{"n":3,"entry":"1:', 'x'.repeat(70_000), '\u00e9'])(
    'cuts off the half line that a crash left',
    async (half) => {
      const first = desk.writer();
      await first.append(records(2));
      await first.seal(true);
      await appendFile(desk.path(), half);
      const writer = desk.writer();
      await writer.append(records(1, 3));
      await writer.seal(true);
      expect(await numbers()).toEqual([1, 2, 3]);
      expect(await desk.faults()).toEqual([]);
    },
  );

  it('signs the end of the day before, where a crash kept it from that', async () => {
    const first = desk.writer();
    await first.append(records(1));
    await first.seal(true);
    await first.append(records(2, 2));
    desk.now += DAY;
    const writer = desk.writer();
    await writer.append(records(1, 9));
    await writer.seal(true);
    expect(await headOf()).toMatchObject({ count: 3 });
    expect(await desk.faults()).toEqual([]);
  });

  it('cuts off the half line that a crash left in the file of the day before', async () => {
    const first = desk.writer();
    await first.append(records(2));
    await first.seal(true);
    await appendFile(desk.path(), '{"n":3,"entry":"1:9-9","personal":{"msisdn":"254700000123"');
    desk.now += DAY;
    const writer = desk.writer();
    await writer.append(records(1, 9));
    await writer.seal(true);
    expect(await numbers()).toEqual([1, 2]);
    expect(await desk.faults()).toEqual([]);
  });

  it('never signs over a file that was cut: it begins another part, and verify still finds it', async () => {
    const first = desk.writer();
    await first.append(records(3));
    await first.seal(true);
    await desk.put((await desk.lines()).slice(0, 2));
    const writer = desk.writer();
    await writer.append(records(1, 9));
    await writer.seal(true);
    expect(desk.noted).toEqual([`evidence.broken ${FILE}`]);
    expect(await numbers(SECOND)).toEqual([1]);
    expect(await desk.faults()).toContain('cut: the head vouches for 3 records, the file has 2');
  });

  it('does the same with a file that was made anew with as many records', async () => {
    const first = desk.writer();
    await first.append(records(3));
    await first.seal(true);
    const before = await headOf();
    await rm(desk.path());
    await rm(desk.headPath());
    await desk.writer().append(records(3, 5));
    await writeFile(desk.headPath(), JSON.stringify(before));
    await desk.writer().append(records(1, 9));
    expect(desk.noted).toEqual([`evidence.broken ${FILE}`]);
    expect(await numbers()).toEqual([1, 2, 3]);
  });

  it.each<[string, number]>([
    ['on that day', 0],
    ['the day after', DAY],
  ])('never begins anew %s where a file is gone and its head is there', async (_, later) => {
    const first = desk.writer();
    await first.append(records(3));
    await first.seal(true);
    await rm(desk.path());
    desk.now += later;
    for (const writer of [first, desk.writer()]) {
      await writer.append(records(1, 9));
      await writer.seal(true);
    }
    expect(desk.noted).toEqual([`evidence.broken ${FILE}`]);
    expect(await headOf()).toMatchObject({ count: 3 });
    expect(await numbers(later === 0 ? SECOND : NEXT)).toEqual([1, 2]);
    expect(await desk.faults()).toEqual(['file: the file is missing, its head is there']);
  });

  it('does the same with a file whose last line is none of a chain, and with one cut the day before', async () => {
    const first = desk.writer();
    await first.append(records(3));
    await first.seal(true);
    await desk.put((await desk.lines()).with(2, '{"n":3}'));
    desk.now += DAY;
    await desk.writer().append(records(1, 9));
    expect(desk.noted).toEqual([`evidence.broken ${FILE}`]);
    expect(await headOf()).toMatchObject({ count: 3 });
  });

  it.each([0, DAY])('never makes a forged head good, %i ms later', async (later) => {
    const first = desk.writer();
    await first.append(records(3));
    await first.seal(true);
    const forged = { ...(await headOf()), count: 2, hash: (JSON.parse((await desk.lines())[1]!) as Link).hash };
    await desk.put((await desk.lines()).slice(0, 2));
    await writeFile(desk.headPath(), JSON.stringify(forged));
    desk.now += later;
    const writer = desk.writer();
    await writer.append(records(1, 9));
    await writer.seal(true);
    expect(desk.noted).toEqual([`evidence.broken ${FILE}`]);
    expect(await headOf()).toEqual(forged);
    expect(await desk.faults()).toEqual(['head: its head is not signed with this key']);
  });

  it.each(['', '{}', 'null', '[1', NO_BEFORE])(
    'goes on in another part where the head reads "%s", and leaves it for verify',
    async (spoilt) => {
      const first = desk.writer();
      await first.append(records(3));
      await first.seal(true);
      await writeFile(desk.headPath(), spoilt);
      const writer = desk.writer();
      await writer.append(records(1, 9));
      await writer.seal(true);
      expect(desk.noted).toEqual([`evidence.broken ${FILE}`]);
      expect([await numbers(), await numbers(SECOND)]).toEqual([[1, 2, 3], [1]]);
      expect(await desk.faults()).toEqual(['head: its head is not signed with this key']);
    },
  );

  it('leaves what a former key signed, but for half a line behind it, and goes on in another part without an alarm', async () => {
    const first = desk.writer();
    await first.append(records(3));
    await first.seal(true);
    const before = await headOf();
    await appendFile(desk.path(), '{"n":4');
    const signer = createSigner(new Uint8Array(32).fill(8));
    for (const n of [8, 9]) {
      const writer = desk.writer('host/1', signer);
      await writer.append([record(n)]);
      await writer.seal(true);
    }
    expect(desk.noted).toEqual([]);
    expect(await headOf()).toEqual(before);
    expect(await numbers(SECOND)).toEqual([1, 2]);
    const check: HeadCheck = (head) => SIGNER.check(head) || signer.check(head);
    const found = await verifyFolder(desk.folder, { folder: desk.heads, check });
    expect(found.map(({ proven, faults }) => [proven, faults])).toEqual([
      [3, []],
      [2, []],
    ]);
  });

  it('notices that another process wrote into its file', async () => {
    const [one, other] = [desk.writer(), desk.writer()];
    await one.append(records(1));
    await other.append(records(1, 2));
    await one.append(records(1, 3));
    await one.seal(true);
    expect(await numbers()).toEqual([1, 2, 3]);
    expect(await desk.faults()).toEqual([]);
  });
});

describe('a clock that is set back over midnight', () => {
  it.each([false, true])('goes on with the newest file, started again or not', async (again) => {
    const first = desk.writer();
    await first.append(records(2));
    desk.now += DAY;
    await first.append(records(1, 3));
    await first.seal(true);
    desk.now -= DAY;
    const writer = again ? desk.writer() : first;
    await writer.append(records(1, 4));
    desk.now += DAY;
    await writer.append(records(1, 5));
    await writer.seal(true);
    expect([await numbers(), await numbers(NEXT)]).toEqual([
      [1, 2],
      [1, 2, 3],
    ]);
    expect(await desk.faults()).toEqual([]);
  });
});

it('a clock that is set back leaves no hour without a head', async () => {
  const writer = desk.writer();
  await writer.append(records(1));
  await writer.seal();
  desk.now -= 3_600_000;
  await writer.append(records(1, 2));
  await writer.seal();
  expect(await headOf()).toMatchObject({ count: 2 });
});

describe('a disk that refuses', () => {
  it('loses nothing: the append rejects, and the next one goes on', async () => {
    const writer = desk.writer();
    await writer.append(records(1));
    const lines = await desk.lines();
    await rm(desk.path());
    await mkdir(desk.path());
    await expect(writer.append(records(1, 2))).rejects.toThrow();
    await rmdir(desk.path());
    await desk.put(lines);
    await writer.append(records(1, 3));
    await writer.seal(true);
    expect(await numbers()).toEqual([1, 2]);
    expect(await desk.faults()).toEqual([]);
  });
});
