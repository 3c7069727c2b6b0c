import { parseArgs } from 'node:util';
import type { Command } from './commands.ts';
import { COMMANDS as VIEWS } from './commands.ts';
import type { Said } from './commands.ts';
import { RECONCILE } from './reconcile.ts';
import { RESOLVE } from './resolve.ts';

/** Exit codes, as scripts rely on them. */
export const EXIT = { fine: 0, look: 1, usage: 2, unreachable: 3 } as const;

const COMMANDS: readonly Command[] = [...VIEWS, RESOLVE, RECONCILE];

const WIDTH = Math.max(...COMMANDS.map(({ usage }) => usage.length));

const HELP = `orderctl: looks into a running orderd

usage
  orderctl [options] COMMAND

commands
${COMMANDS.map(({ usage, does }) => `  ${usage.padEnd(WIDTH)}  ${does}`).join('\n')}

options
  --url URL      the NOC address; default ORDERCTL_URL, else http://127.0.0.1:8080
  --limit N      entries of a list, 1 to 500; default 50
  --why TEXT     why an order is resolved that way, 3 to 300 characters
  --who NAME     who decided it
  --json         what the API answered, for programs
  --help         this text

environment
  ORDERCTL_URL    as --url
  ORDERCTL_TOKEN  bearer token, when the NOC asks for one; not an option, so that no process list shows it

exit codes
  0 fine   1 somebody should look, no such order, or one in another state   2 the command line was not understood   3 no answer
`;

const EXITS = {
  'not-found': EXIT.look,
  conflict: EXIT.look,
  refused: EXIT.unreachable,
  unreachable: EXIT.unreachable,
  misuse: EXIT.usage,
} as const;

export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** Runs one command; resolves with the exit code. */
export async function orderctl(argv: readonly string[], terminal: Terminal): Promise<number> {
  const line = commandLine(argv, terminal.env);
  if (line.kind === 'help') {
    terminal.out(HELP);
    return EXIT.fine;
  }
  if (line.kind === 'misuse') {
    terminal.err(`orderctl: ${line.why}\nTry orderctl --help.`);
    return EXIT.usage;
  }
  const shown = await line.command.run(line, line.args, line);
  if (!shown.ok) {
    terminal.err(`orderctl: ${shown.fault.text}`);
    return EXITS[shown.fault.kind];
  }
  terminal.out(line.json ? JSON.stringify(shown.value.data, null, 2) : shown.value.text);
  return shown.value.fine ? EXIT.fine : EXIT.look;
}

type Line =
  | { readonly kind: 'help' }
  | { readonly kind: 'misuse'; readonly why: string }
  | ({ readonly kind: 'run' } & Typed & Options);

interface Typed {
  readonly command: Command;
  readonly args: readonly string[];
}

interface Options extends Said {
  readonly url: string;
  readonly token: string | undefined;
  readonly json: boolean;
}

const misuse = (why: string): Line => ({ kind: 'misuse', why });

function commandLine(argv: readonly string[], env: Terminal['env']): Line {
  const parsed = parse(argv);
  if ('why' in parsed) return misuse(parsed.why);
  const { values, positionals } = parsed;
  if (values.help === true || positionals.length === 0) return { kind: 'help' };
  const typed = commandFor(positionals);
  if (typed === undefined) return misuse(nearMiss(positionals));
  const options = optionsOf(values, env);
  if (!isHttp(options.url)) return misuse(`${options.url} is no http address`);
  if (!(options.limit >= 1 && options.limit <= 500)) return misuse('--limit is a whole number from 1 to 500');
  return { kind: 'run', ...typed, ...options };
}

interface Given {
  readonly url?: string | undefined;
  readonly limit?: string | undefined;
  readonly json?: boolean | undefined;
  readonly why?: string | undefined;
  readonly who?: string | undefined;
}

function optionsOf({ url, limit = '50', json = false, why, who }: Given, env: Terminal['env']): Options {
  return {
    url: url ?? env['ORDERCTL_URL'] ?? 'http://127.0.0.1:8080',
    token: env['ORDERCTL_TOKEN'],
    limit: /^\d{1,3}$/.test(limit) ? Number(limit) : Number.NaN,
    json,
    why,
    who,
  };
}

function isHttp(url: string): boolean {
  return /^https?:\/\//.test(url) && URL.canParse(url);
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        url: { type: 'string' },
        limit: { type: 'string' },
        json: { type: 'boolean' },
        why: { type: 'string' },
        who: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    return { why: error instanceof Error ? error.message : String(error) };
  }
}

/** The command whose words were typed; a word in capitals takes any value. */
function commandFor(
  typed: readonly string[],
): { readonly command: Command; readonly args: readonly string[] } | undefined {
  const isValue = (word: string): boolean => word === word.toUpperCase();
  for (const command of COMMANDS) {
    const words = command.usage.split(' ');
    const fits = words.length === typed.length && words.every((word, index) => isValue(word) || word === typed[index]);
    if (fits) return { command, args: typed.filter((_, index) => isValue(words[index] ?? '')) };
  }
  return undefined;
}

/** Half a command is told the rest of it. */
function nearMiss(typed: readonly string[]): string {
  const begun = COMMANDS.filter(({ usage }) => usage.startsWith(`${typed.join(' ')} `));
  if (begun.length === 0) return `unknown command ${typed.join(' ')}`;
  return `the command is not complete: ${begun.map(({ usage }) => `orderctl ${usage}`).join(', or ')}`;
}
