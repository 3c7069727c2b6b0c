#!/usr/bin/env node
/** Runs the load generator from the command line; flags.ts has its flags. */
import { SingleBar } from 'cli-progress';
import { runProgram } from '../terminal/program.ts';
import type { Run } from './flags.ts';
import { HELP, parseFlags } from './flags.ts';
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

async function run({ settings, json }: Run): Promise<number> {
  if (json) {
    const report: LoadReport = await runLoad(settings, jsonEvents());
    say(JSON.stringify({ event: 'report', ...report }));
    return 0;
  }
  const bar = barEvents(settings);
  const report = await runLoad(settings, bar);
  bar.stop();
  say(reportText(report));
  return 0;
}

await runProgram<Run>({ name: 'orderd-load', help: HELP, read: parseFlags, run });
