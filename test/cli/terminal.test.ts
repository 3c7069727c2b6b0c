import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { orderctl } from '../../src/cli/orderctl.ts';
import { useDesk } from '../outbox/evidence/support.ts';

const desk = useDesk();
const MSISDN = '254700000123';

async function run(...argv: readonly string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const terminal = { env: {}, out: (text: string) => void out.push(text), err: (text: string) => void err.push(text) };
  const code = await orderctl([...argv, '--folder', desk.folder], terminal);
  return { code, out: out.join('\n'), err: err.join('\n') };
}

describe('files that cannot be read', () => {
  // Exit code 1 says that evidence was changed.
  it.each([
    [['evidence', 'show', MSISDN]],
    [['evidence', 'export', MSISDN, '/nowhere/story']],
    [['evidence', 'verify']],
  ])('%j: one line, and exit code 2', async (argv) => {
    await mkdir(dirname(desk.folder), { recursive: true });
    await writeFile(desk.folder, 'no folder');
    const { code, out, err } = await run(...argv);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/^orderctl: ENOTDIR: [^\n]*$/);
  });
});
