import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { FREE_PORTS, LAB_CONFIG, startLab } from '../../src/launcher/lab.ts';
import { nodeArgs, ROOT } from '../../src/launcher/paths.ts';

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function orderd(...args: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(process.execPath, [...nodeArgs('src/main'), ...args], { cwd: ROOT }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });
}

describe('the command line of orderd', () => {
  const dir = mkdtempSync(join(tmpdir(), 'orderd-cli-'));
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it.each([
    [['--help'], 0, /check-config FILE/, /^$/],
    [['--version'], 0, /^\d+\.\d+\.\d+/, /^$/],
    [['check-config', LAB_CONFIG], 0, /fit to run/, /^$/],
    [['check-config'], 2, /^$/, /check-config needs a file/],
    [['bogus'], 2, /^$/, /unknown command bogus/],
    [['--nope'], 2, /^$/, /--nope/],
    [[], 2, /^$/, /nothing to do/],
    [['--config', join(dir, 'absent.yaml')], 1, /^$/, /absent\.yaml/],
  ] as const)('%j exits with %i', async (args, code, out, err) => {
    const ran = await orderd(...args);
    expect(ran).toMatchObject({
      code,
      out: expect.stringMatching(out) as string,
      err: expect.stringMatching(err) as string,
    });
  });

  it('names a misspelled key, its line and the nearest one', async () => {
    const file = join(dir, 'wrong.yaml');
    writeFileSync(file, 'redis: embedded\nsmtp: {}\n');
    const ran = await orderd('check-config', file);
    expect(ran.code).toBe(1);
    expect(ran.out).toMatch(/wrong\.yaml:2.*smtp/);
  });

  it('stops cleanly on SIGTERM, and the lab leaves no process', { timeout: 120_000 }, async () => {
    const lab = await startLab({ dir: join(dir, 'lab'), ports: FREE_PORTS, config: LAB_CONFIG });
    const daemon = lab.daemon();
    expect(await daemon.stop(60_000)).toBe(0);
    const redis = lab.redis.pid();
    await lab.stop();
    expect(() => process.kill(redis, 0)).toThrow(/ESRCH/);
    expect(() => process.kill(daemon.pid, 0)).toThrow(/ESRCH/);
  });
});
