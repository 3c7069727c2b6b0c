import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { freePort } from '../free-port.ts';

const SCRIPT = fileURLToPath(new URL('net-smpp-smsc.pl', import.meta.url));

/** True, with a printed notice, where Net::SMPP is not installed; in CI that is an error. */
export function perlMissing(): boolean {
  if (spawnSync('perl', ['-MNet::SMPP', '-e', '1']).status === 0) return false;
  if (process.env['CI'] === 'true') throw new Error('CI installs libnet-smpp-perl');
  process.stderr.write('NOTICE: libnet-smpp-perl is not installed, no second implementation of SMPP is met\n');
  return true;
}

export interface PerlSmsc {
  readonly port: number;
  /** What it printed: see net-smpp-smsc.pl. */
  readonly lines: readonly string[];
  kill(): void;
}

/** Resolves when it listens. It sends NEWS from `subscriber` to whoever binds. */
export async function startPerlSmsc(subscriber: string): Promise<PerlSmsc> {
  const port = await freePort();
  const child = spawn('perl', [SCRIPT, String(port), subscriber], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  await new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`perl ended with ${code ?? 'a signal'}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line);
      resolve();
    });
  });
  return { port, lines, kill: () => void child.kill('SIGKILL') };
}
