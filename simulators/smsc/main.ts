import { HELP, parseFlags } from './flags.ts';
import type { SmscOptions } from './options.ts';
import type { Smsc } from './smsc.ts';
import { startSmsc } from './smsc.ts';

function announce({ ports }: Smsc, json: boolean): void {
  const text = `SMSC simulator: SMPP on port ${ports.smpp}, control on http://127.0.0.1:${ports.http}`;
  const line = json ? JSON.stringify({ event: 'ready', smpp: ports.smpp, http: ports.http }) : text;
  process.stdout.write(`${line}\n`);
}

async function run(options: Partial<SmscOptions>, json: boolean): Promise<void> {
  const smsc = await startSmsc(options);
  const stop = (): void => {
    void smsc.close().then(() => process.exit(0));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  announce(smsc, json);
}

const flags = parseFlags(process.argv.slice(2));
switch (flags.kind) {
  case 'help':
    process.stdout.write(HELP);
    break;
  case 'wrong':
    process.stderr.write(`${flags.reason}\nTry --help.\n`);
    process.exitCode = 2;
    break;
  case 'run':
    run(flags.options, flags.json).catch((error: unknown) => {
      process.stderr.write(
        `The SMSC simulator could not start: ${error instanceof Error ? error.message : String(error)}\n`,
      );
      process.exit(1);
    });
}
