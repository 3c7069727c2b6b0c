import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { freePort } from '../free-port.ts';

const SOURCES = fileURLToPath(new URL('./otp', import.meta.url));

/** True, with a printed notice, where Erlang's diameter is not installed; in CI that is an error. */
export function otpMissing(): boolean {
  const found = spawnSync('erl', [
    '-noshell',
    '-eval',
    'halt(case code:lib_dir(diameter, include) of {error,_} -> 1; D -> case filelib:is_dir(D) of true -> 0; false -> 1 end end).',
  ]);
  if (found.status === 0) return false;
  if (process.env['CI'] === 'true') throw new Error('CI installs erlang-diameter and erlang-dev');
  process.stderr.write("NOTICE: Erlang's diameter is not installed, nothing is charged by it\n");
  return true;
}

export interface OtpOcs {
  readonly port: number;
  /** What it printed: see ocs.erl. */
  readonly lines: readonly string[];
  /** At once, and its folder is gone. */
  remove(): void;
}

/** Resolves when it listens. */
export async function startOtpOcs(): Promise<OtpOcs> {
  const folder = mkdtempSync(join(tmpdir(), 'otp-'));
  const build = `ok = diameter_make:codec("${join(SOURCES, 'rfc8506.dia')}", [{outdir, "."}]),
    [{ok, _} = compile:file(File, [{i, "."}]) || File <- ["rfc8506", "${join(SOURCES, 'ocs')}"]], halt().`;
  execFileSync('erl', ['-noshell', '-eval', build], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  const port = await freePort();
  const child = spawn('erl', ['-noshell', '-run', 'ocs', 'start', String(port)], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  await new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`erl ended with ${code ?? 'a signal'}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line);
      resolve();
    });
  });
  return {
    port,
    lines,
    remove() {
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true });
    },
  };
}
