import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { freePort } from '../free-port.ts';
import type { Speaker } from '../other.ts';
import { isMissing, startSpeaker } from '../other.ts';

const SCRIPT = fileURLToPath(new URL('net-smpp-smsc.pl', import.meta.url));

export function perlMissing(): boolean {
  return isMissing(spawnSync('perl', ['-MNet::SMPP', '-e', '1']).status === 0, 'libnet-smpp-perl');
}

/** What it prints: see net-smpp-smsc.pl. */
export interface PerlSmsc extends Speaker {
  readonly port: number;
}

/** Resolves when it listens. It sends NEWS from `subscriber` to whoever binds. */
export async function startPerlSmsc(subscriber: string): Promise<PerlSmsc> {
  const port = await freePort();
  return { port, ...(await startSpeaker('perl', [SCRIPT, String(port), subscriber])) };
}
