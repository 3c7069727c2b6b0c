#!/usr/bin/env node
import { urlAt } from '../terminal/address.ts';
import { runProgram, stopSignal } from '../terminal/program.ts';
import type { Run } from './flags.ts';
import { HELP, parseFlags } from './flags.ts';
import { startMail } from './mail.ts';

async function run({ options, json }: Run): Promise<number> {
  const stopped = stopSignal();
  const sink = await startMail(options);
  const { smtp, http } = sink.ports;
  process.stdout.write(
    json
      ? `${JSON.stringify({ event: 'ready', smtp, http })}\n`
      : `Mail simulator: SMTP on port ${smtp}; control on ${urlAt(http, options.host)}\n`,
  );
  await stopped;
  await sink.close();
  return 0;
}

await runProgram<Run>({ name: 'orderd-mail', help: HELP, read: parseFlags, run });
