import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { orderctl } from '../../src/cli/orderctl.ts';
import { createSigner, publicKeyText } from '../../src/outbox/evidence/signing.ts';
import { createEvidenceWriter } from '../../src/outbox/evidence/writer.ts';
import { record } from '../outbox/evidence/support.ts';

const CHAIN = 'evidence-2026-01-02-lab-1.jsonl';

let dir = '';
beforeAll(async () => void (dir = await mkdtemp(join(tmpdir(), 'orderd-verify-'))));
afterAll(() => rm(dir, { recursive: true, force: true }));

async function run(...argv: readonly string[]) {
  const out: string[] = [];
  const say = (text: string): void => void out.push(text);
  const code = await orderctl(argv, { env: {}, out: say, err: say });
  return { code, out: out.join('\n') };
}

const verify = (folder: string, ...more: readonly string[]) => run('evidence', 'verify', '--folder', folder, ...more);

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

// The daemon signs with whatever config takes for a key.
describe('evidence key', () => {
  const seed = Buffer.alloc(48, 'k');
  it.each([
    ['hex', seed.toString('hex')],
    ['base64', seed.toString('base64')],
    ['its public half', publicKeyText(createSigner(seed).publicKey)],
  ])('reads a key of 48 octets in %s', async (_, text) => {
    const file = join(dir, 'any-key');
    await writeFile(file, `${text}\n`);
    const key = publicKeyText(createSigner(seed).publicKey);
    expect(await run('evidence', 'key', file)).toEqual({ code: 0, out: key });
  });

  it.each(['cc'.repeat(31), 'ed25519:cc', 'a key'])('takes "%s" for none', async (text) => {
    const file = join(dir, 'no-key');
    await writeFile(file, text);
    expect((await run('evidence', 'key', file)).code).toBe(2);
  });
});

// A typing error must not read as evidence that was tampered with.
describe('evidence verify with heads', () => {
  beforeAll(async () => {
    await mkdir(join(dir, 'chains'));
    await mkdir(join(dir, 'heads'));
    await writeFile(join(dir, 'chains', CHAIN), '');
    await writeFile(join(dir, 'key'), 'cc'.repeat(32));
  });

  const verifyWith = (heads: string) =>
    verify(join(dir, 'chains'), '--heads', join(dir, heads), '--key', join(dir, 'key'));

  it.each([
    ['no folder', 'missing'],
    ['a file', 'key'],
  ])('in %s is not understood', async (_, heads) => {
    expect(await verifyWith(heads)).toEqual({ code: 2, out: `orderctl: ${join(dir, heads)} cannot be read` });
  });

  it('of a key that was changed holds by both keys, one a line, and not by the new one alone', async () => {
    const [chains, heads, key] = [join(dir, 'both'), join(dir, 'both-heads'), join(dir, 'keys')];
    const seeds = ['aa'.repeat(32), 'bb'.repeat(32)];
    for (const [at, seed] of seeds.entries()) {
      const signer = createSigner(Buffer.from(seed, 'hex'));
      const now = () => Date.UTC(2026, 0, 2 + at);
      const writer = createEvidenceWriter({ folder: chains, heads, instance: 'a', signer, now, note: () => undefined });
      await writer.append([record(1)]);
      await writer.seal(true);
    }
    const codeBy = async (keys: readonly string[]) => {
      await writeFile(key, keys.map((one) => `${one}\n`).join(''));
      return (await verify(chains, '--heads', heads, '--key', key)).code;
    };
    expect([await codeBy(seeds.slice(1)), await codeBy(seeds)]).toEqual([1, 0]);
  });

  it('in an empty folder is a finding', async () => {
    const { code, out } = await verifyWith('heads');
    expect(code).toBe(1);
    expect(out).toContain(`${CHAIN}: has no head`);
  });
});
