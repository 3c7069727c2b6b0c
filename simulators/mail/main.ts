#!/usr/bin/env node
import { mindOutput } from '../terminal/output.ts';
import { HELP, parseFlags } from './flags.ts';
import type { Flags } from './flags.ts';
import { startMail } from './mail.ts';

async function run({ options, json }: Flags & { kind: 'run' }): Promise<void> {
  const sink = await startMail(options);
  const stop = (): void => {
    void sink.close().then(() => process.exit(0));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const { smtp, http } = sink.ports;
  process.stdout.write(
    json
      ? `${JSON.stringify({ event: 'ready', smtp, http })}\n`
      : `Mail simulator: SMTP on port ${smtp}; control on http://127.0.0.1:${http}\n`,
  );
}

mindOutput('mail simulator');
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
    run(flags).catch((error: unknown) => {
      process.stderr.write(`mail simulator: ${error instanceof Error ? error.message : String(error)}\n`);
      process.exit(1);
    });
}
