#!/usr/bin/env node
import { parseArgs } from 'node:util';
import type { Signals } from './daemon/run.ts';
import { runDaemon } from './daemon/run.ts';
import { checkConfigCommand } from './config/check.ts';
import { runLab } from './launcher/lab-command.ts';
import { reasonOf } from './lib/reason.ts';
import { mindOutput, nobodyReads, written } from './output.ts';
import { version } from './version.ts';

const HELP = `orderd ${version}: ordering daemon between an operator's network and its service providers

usage
  orderd --config FILE          run the daemon with the SMSCs and OCSs that FILE names
  orderd check-config FILE      read FILE, say what it means or what is wrong with it, and exit 0 or 1
  orderd start                  the lab: an embedded Redis, an SMSC and an OCS simulator and the daemon, on loopback
  orderd start --config FILE    the same as --config FILE
  orderd --help | --version

Every key of FILE can be given by the environment too: ORDERD_NOC__PORT=9090 sets noc.port.
Signals: SIGTERM and SIGINT drain and stop, a second one stops at once. SIGHUP reads the config again: all of it is checked
first, a faulty one changes nothing, and only links and peers that changed are started anew.
`;

/** Exit codes: 0 done, 1 failed, 2 the command line was not understood. */
async function main(): Promise<number> {
  const line = commandLine();
  if (line === undefined) return 2;
  const { values, positionals } = line;
  if (values.help === true) return say(HELP);
  if (values.version === true) return say(version);
  const [command, file, ...more] = positionals;
  if (more.length > 0) return misuse(`too many arguments: ${more.join(' ')}`);
  return run(command, file, values.config);
}

async function run(command: string | undefined, file: string | undefined, config: string | undefined): Promise<number> {
  const print = (text: string): void => void process.stdout.write(`${text}\n`);
  switch (command) {
    case 'check-config':
      if (file === undefined || config !== undefined) return misuse('check-config takes one FILE, and no --config');
      return checkConfigCommand(file, process.env, print);
    case 'start':
      if (file !== undefined) return misuse(`start takes no ${file}; a config is named by --config`);
      if (config !== undefined) return runDaemon(config, signals());
      // When its terminal closes, the lab gets SIGHUP or loses its output. It must stop then, or its parts would live on and
      // keep their ports.
      return runLab({ print, stopAsked: Promise.race([stopAsked(['SIGHUP']), nobodyReads()]) });
    case undefined:
      return config === undefined ? misuse('nothing to do') : runDaemon(config, signals());
    default:
      return misuse(`unknown command ${command}`);
  }
}

function commandLine() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        config: { type: 'string', short: 'c' },
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean' },
      },
    });
  } catch (error) {
    misuse(reasonOf(error));
    return undefined;
  }
}

function misuse(why: string): number {
  process.stderr.write(`orderd: ${why}\nTry orderd --help.\n`);
  return 2;
}

function say(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}

function signals(): Signals {
  // Log rotation sends it by habit. Without a listener Node opens its debugger, which takes commands from every user of this machine.
  process.on('SIGUSR1', () => undefined);
  return { stopAsked: stopAsked(), onReload: (reload) => void process.on('SIGHUP', reload) };
}

/** The first signal asks for a drain; the second ends the process where it stands: recovery is what restarts are for. */
function stopAsked(more: readonly NodeJS.Signals[] = []): Promise<string> {
  return new Promise((resolve) => {
    let asked = 0;
    const on = (signal: string): void => {
      if (asked++ > 0) process.exit(1);
      resolve(signal);
    };
    for (const signal of ['SIGINT', 'SIGTERM', ...more]) process.on(signal, on);
  });
}

mindOutput('orderd');
const code = await main().catch((error: unknown) => {
  process.stderr.write(`orderd: ${reasonOf(error)}\n`);
  return 1;
});
await written();
// Whatever a failed start left open must not keep a dead daemon alive.
process.exit(code);
