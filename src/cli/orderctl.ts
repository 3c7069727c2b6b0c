import { visibleJson } from '../domain/visible.ts';
import { reasonOf } from '../lib/reason.ts';
import type { Result } from '../lib/result.ts';
import { fault } from '../lib/result.ts';
import { version } from '../version.ts';
import type { ApiFault } from './api.ts';
import type { Command } from './command.ts';
import { commandHelp, generalHelp } from './help.ts';
import { commandLine } from './line.ts';
import type { Line } from './line.ts';
import type { Progress } from './progress.ts';
import { SILENT } from './progress.ts';

/** Exit codes, as scripts rely on them. */
export const EXIT = { fine: 0, look: 1, usage: 2, unreachable: 3, denied: 4 } as const;

const EXITS = {
  'not-found': EXIT.look,
  conflict: EXIT.look,
  denied: EXIT.denied,
  refused: EXIT.unreachable,
  unreachable: EXIT.unreachable,
  misuse: EXIT.usage,
} as const;

export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Left out where nobody looks. */
  readonly progress?: Progress;
  /** Left out where nobody can be asked. */
  readonly secret?: (question: string) => Promise<string>;
}

/** Runs one command; resolves with the exit code. */
export async function orderctl(argv: readonly string[], terminal: Terminal): Promise<number> {
  const line = commandLine(argv, terminal.env);
  switch (line.kind) {
    case 'help':
      terminal.out(helpFor(line.command));
      return EXIT.fine;
    case 'version':
      terminal.out(version);
      return EXIT.fine;
    case 'misuse':
      terminal.err(`orderctl: ${line.why}\nTry orderctl --help.`);
      return EXIT.usage;
    case 'run':
      return run(line, terminal);
  }
}

function helpFor(command: Command | undefined): string {
  return command === undefined ? generalHelp() : commandHelp(command);
}

/** Such as a file that this user may not read: exit code 1 would say that it was read, and how it is. */
function unexpected(error: unknown): Result<never, ApiFault> {
  return fault({ kind: 'misuse', text: reasonOf(error) });
}

async function run(line: Extract<Line, { kind: 'run' }>, terminal: Terminal): Promise<number> {
  const { command, api, args, options, json } = line;
  const progress = json ? SILENT : (terminal.progress ?? SILENT);
  const { env, secret = () => Promise.resolve('') } = terminal;
  const shown = await command.run({ api, args, options, progress, secret, env }).catch(unexpected);
  if (!shown.ok) {
    terminal.err(`orderctl: ${shown.fault.text}`);
    return EXITS[shown.fault.kind];
  }
  terminal.out(json ? visibleJson(JSON.stringify(shown.value.data, null, 2)) : shown.value.text);
  return shown.value.fine ? EXIT.fine : EXIT.look;
}
