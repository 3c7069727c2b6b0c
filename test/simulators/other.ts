/** Programs that are not ours and judge us: whether they are there, and what they say line by line. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** True, with a printed notice, where a program is not installed; in CI, which installs `packages`, that is an error. */
export function isMissing(isThere: boolean, packages: string): boolean {
  if (isThere) return false;
  if (process.env['CI'] === 'true') throw new Error(`CI installs ${packages}`);
  process.stderr.write(`NOTICE: ${packages}: not installed, and nothing is tried with it\n`);
  return true;
}

export interface Speaker {
  readonly lines: readonly string[];
  /** At once. */
  readonly kill: () => void;
}

/** Resolves at the first line that it prints: it is ready then. Rejects when it ends before. */
export async function startSpeaker(file: string, args: readonly string[], cwd = process.cwd()): Promise<Speaker> {
  const child = spawn(file, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code ?? 'a signal'}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line);
      resolve();
    });
  });
  return { lines, kill: () => void child.kill('SIGKILL') };
}
