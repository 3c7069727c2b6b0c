#!/usr/bin/env node
import { mindOutput } from '../terminal/output.ts';
import { controlOf } from './control.ts';
import { HELP, parseCommand } from './flags.ts';
import type { Command } from './flags.ts';
import { createInterface } from 'node:readline/promises';
import { dial } from './dial.ts';
import { mail, text, watch } from './phone.ts';

const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** One line of the keyboard; an empty one, or the end of input, hangs up. */
async function ask(): Promise<string | undefined> {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  const ended = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
  const line = await Promise.race([lines.question('  reply (empty hangs up): '), ended]);
  lines.close();
  return line === '' ? undefined : line;
}

/** The exit code: 0 done, 1 nothing came or no SMSC, 2 wrong flags. */
async function run(command: Command): Promise<number> {
  switch (command.kind) {
    case 'help':
      process.stdout.write(HELP);
      return 0;
    case 'wrong':
      process.stderr.write(`${command.reason}\nTry --help.\n`);
      return 2;
    case 'watch':
      await watch(controlOf(command.flags.smsc), command.flags, print);
      return 0;
    case 'mail':
      return (await mail(controlOf(command.flags.smsc), command.flags, print)) ? 0 : 1;
    case 'dial':
      return (await dial(controlOf(command.flags.smsc), command.flags, command, { print, ask })) ? 0 : 1;
    case 'text':
      return (await text(controlOf(command.flags.smsc), command.flags, command.message, print)) ? 0 : 1;
  }
}

mindOutput('handset');
run(parseCommand(process.argv.slice(2))).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
