// How every simulator begins and ends.
import { readFileSync } from 'node:fs';
import { mindOutput, written } from './output.ts';

/** A command line that asks for nothing to be done. */
export type Unasked = { readonly kind: 'help' } | { readonly kind: 'wrong'; readonly reason: string };

export interface Program<Asked extends { readonly kind: string }> {
  /** As the package calls it. */
  readonly name: string;
  readonly help: string;
  /** Never throws. */
  readonly read: (args: readonly string[]) => Asked | Unasked;
  /** Resolves with the exit code. */
  readonly run: (asked: Asked) => Promise<number>;
}

/** Ends the process: 2 for a command line that cannot be read, 1 for what could not be done. */
export async function runProgram<Asked extends { readonly kind: string }>(program: Program<Asked>): Promise<never> {
  mindOutput(program.name);
  const code = await begin(program, process.argv.slice(2)).catch((error: unknown) => {
    process.stderr.write(`${program.name}: ${reasonOf(error)}\n`);
    return 1;
  });
  await written();
  process.exit(code);
}

async function begin<Asked extends { readonly kind: string }>(
  { name, help, read, run }: Program<Asked>,
  args: readonly string[],
): Promise<number> {
  if (args.length === 1 && args[0] === '--version') return say(`${version()}\n`);
  const asked = read(args);
  if (!isUnasked(asked)) return run(asked);
  return answer(name, help, asked);
}

function isUnasked(asked: { readonly kind: string }): asked is Unasked {
  return asked.kind === 'help' || asked.kind === 'wrong';
}

function answer(name: string, help: string, asked: Unasked): number {
  if (asked.kind === 'help') return say(help);
  process.stderr.write(`${name}: ${asked.reason}\nTry --help.\n`);
  return 2;
}

function say(text: string): number {
  process.stdout.write(text);
  return 0;
}

/** package.json lies above simulators/, and above dist/simulators/ in a build. */
function version(): string {
  const file = import.meta.url.endsWith('.js') ? '../../../package.json' : '../../package.json';
  return (JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as { readonly version: string }).version;
}

/** What was thrown, in words. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Resolves with the first signal that asks us to stop. */
export function stopSignal(more: readonly NodeJS.Signals[] = []): Promise<'asked'> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', ...more]) process.once(signal, () => resolve('asked'));
  });
}
