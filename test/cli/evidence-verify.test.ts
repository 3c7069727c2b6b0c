import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { orderctl } from '../../src/cli/orderctl.ts';

let dir = '';
beforeAll(async () => void (dir = await mkdtemp(join(tmpdir(), 'orderd-verify-'))));
afterAll(() => rm(dir, { recursive: true, force: true }));

async function verify(folder: string, ...more: readonly string[]) {
  const out: string[] = [];
  const say = (text: string): void => void out.push(text);
  const code = await orderctl(['evidence', 'verify', '--folder', folder, ...more], { env: {}, out: say, err: say });
  return { code, out: out.join('\n') };
}

// Whoever names a wrong folder must not read that all is well.
describe('evidence verify where there is no evidence', () => {
  it.each([
    ['an empty folder', ''],
    ['no folder', 'missing'],
  ])('%s is a finding', async (_, name) => {
    const folder = join(dir, name);
    const out = `no evidence files in ${folder}: nothing was verified; --folder DIR names another one`;
    expect(await verify(folder)).toEqual({ code: 1, out });
  });

  it('is told to programs, too', async () => {
    const { code, out } = await verify(dir, '--json');
    expect([code, JSON.parse(out)]).toEqual([1, { fine: false, files: [] }]);
  });
});
