#!/usr/bin/env node
import { runProgram } from '../terminal/program.ts';
import { controlOf } from './control.ts';
import { HELP, parseFlags } from './flags.ts';
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

/** The exit code: 0 done, 1 nothing came. */
async function run(command: Command): Promise<number> {
  switch (command.kind) {
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

await runProgram<Command>({ name: 'orderd-handset', help: HELP, read: parseFlags, run });
