#!/usr/bin/env node
/** Runs the load generator from the command line; flags.ts has its flags. */
import { SingleBar } from 'cli-progress';
import { mindOutput, written } from '../terminal/output.ts';
import type { LoadFlags } from './flags.ts';
import { HELP, readFlags } from './flags.ts';
import type { LoadEvents, LoadReport, LoadSettings } from './run.ts';
import { runLoad } from './run.ts';
import { reportText } from './report.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

function jsonEvents(): LoadEvents {
  const tell = (event: string, more: object = {}): void => say(JSON.stringify({ event, ...more }));
  return {
    listening: (ports) => tell('listening', ports),
    bound: () => tell('bound'),
    measuring: () => tell('measuring'),
    measured: () => tell('measured'),
    progress: () => undefined,
  };
}

/** For a person: a bar on standard error, where that is a terminal. */
function barEvents(settings: LoadSettings): LoadEvents & { stop(): void } {
  const whole = settings.warmupMs + settings.measureMs;
  const format = '{phase} [{bar}] {percentage}%  {replies} answered, {receipts} receipts acknowledged';
  const bar = new SingleBar({ format, noTTYOutput: false, hideCursor: true });
  let phase = 'warm-up';
  return {
    listening: ({ smpp, diameter }) => {
      say(
        `SMSC on port ${smpp}${diameter === undefined ? '' : `, OCS on port ${diameter}`}; waiting for your system to bind`,
      );
    },
    bound: () => bar.start(whole, 0, { phase, replies: 0, receipts: 0 }),
    measuring: () => (phase = 'measure'),
    measured: () => (phase = 'at rest'),
    progress: (passed, { replies, receiptAcks }) =>
      bar.update(Math.min(passed, whole), { phase, replies, receipts: receiptAcks }),
    stop: () => bar.stop(),
  };
}

async function run({ settings, json }: LoadFlags): Promise<void> {
  if (json) {
    const report: LoadReport = await runLoad(settings, jsonEvents());
    say(JSON.stringify({ event: 'report', ...report }));
    return;
  }
  const bar = barEvents(settings);
  const report = await runLoad(settings, bar);
  bar.stop();
  say(reportText(report));
}

async function main(): Promise<number> {
  const command = readFlags(process.argv.slice(2));
  if (command.kind === 'help') {
    process.stdout.write(HELP);
    return 0;
  }
  if (command.kind === 'wrong') {
    process.stderr.write(`${command.reason}\nTry --help.\n`);
    return 2;
  }
  try {
    await run(command.flags);
    return 0;
  } catch (error) {
    process.stderr.write(`load: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

mindOutput('load');
const code = await main();
await written();
process.exit(code);
