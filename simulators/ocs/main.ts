#!/usr/bin/env node
/** Runs the OCS simulator from the command line; see flags.ts for its flags. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { urlAt } from '../terminal/address.ts';
import { runProgram, stopSignal } from '../terminal/program.ts';
import { HELP, parseFlags, type Run } from './flags.ts';
import { startOcs, type Ocs } from './ocs.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** JSON lines appended at once, amounts of 64 bits as text. */
function openLog(file: string | undefined): { log: ((event: object) => void) | undefined; close: () => void } {
  if (file === undefined) return { log: undefined, close: () => undefined };
  const fd = openSync(file, 'a');
  return { log: (event) => void writeSync(fd, `${JSON.stringify(event)}\n`), close: () => closeSync(fd) };
}

function announce(ocs: Ocs, flags: Run): void {
  const { diameter, http } = ocs.ports;
  if (flags.json) {
    say(JSON.stringify({ event: 'ready', diameter, http }));
    return;
  }
  const { host = '127.0.0.1', currency = 'KES', originHost = 'ocs.lab.example' } = flags.options;
  const at = urlAt(http, host);
  say(`OCS simulator ${originHost} (${currency}) answers Diameter on ${host} port ${diameter}`);
  say(`  accounts  ${at}/accounts`);
  say(`  ledger    ${at}/ledger?format=csv`);
  say(`  faults    curl -X POST ${at}/faults -H 'content-type: application/json' -d '{"action":"silence","count":1}'`);
  say('Ctrl-C says goodbye to its peers and ends it.');
}

async function run(flags: Run): Promise<number> {
  const stopped = stopSignal();
  const { log, close } = openLog(flags.logFile);
  const ocs = await startOcs({ ...flags.options, ...(log === undefined ? {} : { log }) });
  announce(ocs, flags);
  await stopped;
  await ocs.close();
  close();
  if (flags.json) say(JSON.stringify({ event: 'stopped' }));
  return 0;
}

await runProgram<Run>({ name: 'orderd-ocs', help: HELP, read: parseFlags, run });
