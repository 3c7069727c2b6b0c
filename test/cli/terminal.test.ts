import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { orderctl } from '../../src/cli/orderctl.ts';
import { record, useDesk } from '../outbox/evidence/support.ts';

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

describe('what a subscriber wrote', () => {
  /** 8-bit CSI, ESC, a text that turns round, a tag, and a line that somebody else shall have written. */
  const HOSTILE = 'a\u009b2J\u001b[31m\u202eb\u{e0041}\n  proof: mine';

  async function written(): Promise<void> {
    const heard = { text: HOSTILE, to: '5000', at: 7, link: HOSTILE };
    await desk
      .writer()
      .append([record(1, { facts: { cause: HOSTILE }, personal: { msisdn: MSISDN, heard, said: HOSTILE } })]);
  }

  it('does not steer the terminal of whoever reads the story', async () => {
    await written();
    const { code, out } = await run('evidence', 'show', MSISDN);
    expect(code).toBe(0);
    expect(out.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(out).not.toMatch(/^ *proof: mine/m);
    expect(out).toContain(String.raw`from the subscriber: "a\u009b2J\u001b[31m\u202eb\udb40\udc41\n  proof: mine"`);
    expect(out).toContain(String.raw`a\u009b2J\u001b[31m\u202eb\udb40\udc41\u000a  proof: mine`);
  });

  it('is the same to programs, which read the escapes of JSON', async () => {
    await written();
    const { out } = await run('evidence', 'show', MSISDN, '--json');
    expect(out.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(JSON.parse(out)).toMatchObject([{ facts: { cause: HOSTILE }, personal: { said: HOSTILE } }]);
  });
});
