#!/usr/bin/env node
/** Runs the OCS simulator from the command line; see flags.ts for its flags. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { mindOutput } from '../terminal/output.ts';
import { HELP, readFlags, type Flags } from './flags.ts';
import { startOcs, type Ocs } from './ocs.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** JSON lines appended at once, amounts of 64 bits as text. */
function openLog(file: string | undefined): { log: ((event: object) => void) | undefined; close: () => void } {
  if (file === undefined) return { log: undefined, close: () => undefined };
  const fd = openSync(file, 'a');
  return { log: (event) => void writeSync(fd, `${JSON.stringify(event)}\n`), close: () => closeSync(fd) };
}

function announce(ocs: Ocs, flags: Flags & { kind: 'run' }): void {
  const { diameter, http } = ocs.ports;
  if (flags.json) {
    say(JSON.stringify({ event: 'ready', diameter, http }));
    return;
  }
  const { host = '127.0.0.1', currency = 'KES', originHost = 'ocs.lab.example' } = flags.options;
  say(`OCS simulator ${originHost} (${currency}) answers Diameter on ${host} port ${diameter}`);
  say(`  accounts  http://${host}:${http}/accounts`);
  say(`  ledger    http://${host}:${http}/ledger?format=csv`);
  say(
    `  faults    curl -X POST http://${host}:${http}/faults -H 'content-type: application/json' -d '{"action":"silence","count":1}'`,
  );
  say('Ctrl-C says goodbye to its peers and ends it.');
}

/** Resolves at the first SIGINT or SIGTERM. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}

async function run(flags: Flags & { kind: 'run' }): Promise<void> {
  const stopped = stopSignal();
  const { log, close } = openLog(flags.logFile);
  const ocs = await startOcs({ ...flags.options, ...(log === undefined ? {} : { log }) });
  announce(ocs, flags);
  await stopped;
  await ocs.close();
  close();
  if (flags.json) say(JSON.stringify({ event: 'stopped' }));
}

async function main(): Promise<number> {
  const flags = readFlags(process.argv.slice(2));
  if (flags.kind === 'help') {
    process.stdout.write(HELP);
    return 0;
  }
  if (flags.kind === 'wrong') {
    process.stderr.write(`${flags.message}\nTry --help.\n`);
    return 2;
  }
  try {
    await run(flags);
    return 0;
  } catch (error) {
    process.stderr.write(`The OCS simulator could not start: ${(error as Error).message}\n`);
    return 1;
  }
}

mindOutput('OCS simulator');
process.exitCode = await main();
