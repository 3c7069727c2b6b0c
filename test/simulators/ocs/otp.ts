import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../free-port.ts';
import { isMissing, startSpeaker } from '../other.ts';

const SOURCES = fileURLToPath(new URL('./otp', import.meta.url));

const INCLUDES =
  'halt(case code:lib_dir(diameter, include) of {error, _} -> 1; D -> case filelib:is_dir(D) of true -> 0; false -> 1 end end).';

export function otpMissing(): boolean {
  return isMissing(spawnSync('erl', ['-noshell', '-eval', INCLUDES]).status === 0, 'erlang-diameter and erlang-dev');
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
  const { lines, kill } = await startSpeaker('erl', ['-noshell', '-run', 'ocs', 'start', String(port)], folder);
  return {
    port,
    lines,
    remove() {
      kill();
      rmSync(folder, { recursive: true });
    },
  };
}
