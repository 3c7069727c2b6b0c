import { execFileSync } from 'node:child_process';

/** Whether tshark is away. Says so aloud, and in CI (CI=true) stops the tests: a check that silently did not run is no check. */
export function tsharkMissing(): boolean {
  try {
    execFileSync('tshark', ['--version'], { stdio: 'ignore' });
    return false;
  } catch {
    if (process.env['CI'] === 'true') throw new Error('tshark is needed in CI: apt-get install tshark');
    process.stderr.write('NOTICE: tshark is not installed, pcap files are not checked by it\n');
    return true;
  }
}
