import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LineAt } from '../../src/outbox/lines.ts';
import { appendLines, linesOf } from '../../src/outbox/lines.ts';

let dir = '';
const path = (): string => join(dir, 'lines.jsonl');
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'orderd-lines-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

async function read(): Promise<readonly LineAt[]> {
  const found: LineAt[] = [];
  for await (const line of linesOf(path())) found.push(line);
  return found;
}

describe('half a line', () => {
  // It is looked for from the end in blocks of 65,536 octets.
  it.each([1, 65_535, 65_536, 65_537, 131_071, 131_072])('of %i octets is cut off, and no more', async (octets) => {
    await writeFile(path(), `one\ntwo\n${'y'.repeat(octets)}`);
    expect(await appendLines(path(), 'three\n')).toBe(14);
    expect(await readFile(path(), 'utf8')).toBe('one\ntwo\nthree\n');
  });
});

describe('the lines of a file', () => {
  it('are told with where each begins, in octets, however long the file', async () => {
    const lines = Array.from({ length: 20_000 }, (_, at) => `é ${at}`);
    await writeFile(path(), lines.map((line) => `${line}\n`).join(''));
    const octets = await readFile(path());
    const found = await read();
    expect(found.map(({ text }) => text)).toEqual(lines);
    expect(found.filter(({ text = '', offset }) => octets.indexOf(`${text}\n`, offset) !== offset)).toEqual([]);
  });

  it('are octet for octet what stands there: what is no UTF-8 is no text, and a byte order mark is one letter', async () => {
    await writeFile(path(), '\uFEFFone\n');
    await appendFile(path(), Buffer.from([0x74, 0xe9, 0x0a]));
    await appendFile(path(), 'half');
    expect(await read()).toEqual([
      { text: '\uFEFFone', offset: 0, whole: true },
      { text: undefined, offset: 7, whole: true },
      { text: 'half', offset: 10, whole: false },
    ]);
  });
});
