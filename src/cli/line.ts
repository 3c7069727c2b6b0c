import { parseArgs } from 'node:util';
import { reasonOf } from '../lib/reason.ts';
import type { Api } from './api.ts';
import type { Command } from './command.ts';
import { COMMANDS } from './commands.ts';
import type { Options } from './options.ts';

/** What was typed. */
export type Line =
  | { readonly kind: 'help'; readonly command: Command | undefined }
  | { readonly kind: 'version' }
  | { readonly kind: 'misuse'; readonly why: string }
  | (Typed & {
      readonly kind: 'run';
      readonly api: Api;
      readonly options: Options;
      readonly json: boolean;
    });

interface Typed {
  readonly command: Command;
  readonly args: readonly string[];
}

type Env = Readonly<Record<string, string | undefined>>;

const misuse = (why: string): Line => ({ kind: 'misuse', why });

export function commandLine(argv: readonly string[], env: Env): Line {
  const parsed = parse(argv);
  if ('why' in parsed) return misuse(parsed.why);
  const { given, positionals } = parsed;
  if ('version' in given) return { kind: 'version' };
  if ('help' in given || positionals.length === 0) return help(positionals);
  const typed = commandFor(positionals);
  return typed === undefined ? misuse(nearMiss(positionals)) : runLine(typed, given, env);
}

function runLine(typed: Typed, given: Given, env: Env): Line {
  const { url = env['ORDERCTL_URL'] ?? 'http://127.0.0.1:8080', json, ...own } = given;
  if (!isHttp(url)) return misuse(`${url} is no http address`);
  const fault = optionFault(typed.command, own);
  if (fault !== undefined) return misuse(fault);
  const { USER: user } = env;
  const api = { url, token: env['ORDERCTL_TOKEN'], ...(user === undefined ? {} : { user }) };
  return { kind: 'run', ...typed, api, options: { ...defaultsOf(typed.command), ...own }, json: json !== undefined };
}

type Given = Readonly<Record<string, string>>;

/** Help on the command that was typed, with or without its values; half a command is helped by all of them. */
function help(positionals: readonly string[]): Line {
  const typed = positionals.join(' ');
  if (typed === '') return { kind: 'help', command: undefined };
  const command = COMMANDS.find(({ usage }) => wordsOf(usage) === typed) ?? commandFor(positionals)?.command;
  const known = command !== undefined || COMMANDS.some(({ usage }) => usage.startsWith(`${typed} `));
  return known ? { kind: 'help', command } : misuse(nearMiss(positionals));
}

function wordsOf(usage: string): string {
  return usage
    .split(' ')
    .filter((word) => !isValue(word))
    .join(' ');
}

function isHttp(url: string): boolean {
  return /^https?:\/\//.test(url) && URL.canParse(url);
}

function optionFault({ usage, options = {} }: Command, given: Given): string | undefined {
  for (const [name, value] of Object.entries(given)) {
    const spec = options[name];
    if (spec === undefined) return `orderctl ${usage} takes no --${name}`;
    const fault = spec.fault?.(value);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function defaultsOf({ options = {} }: Command): Options {
  return Object.fromEntries(Object.entries(options).map(([name, spec]) => [name, spec.default]));
}

/** A name means the same kind of option in every command, so that a line can be read before its command is known. */
function parse(argv: readonly string[]): { given: Given; positionals: readonly string[] } | { why: string } {
  const own = COMMANDS.flatMap(({ options = {} }) => Object.entries(options)).map(
    ([name, { value }]) => [name, { type: value === undefined ? ('boolean' as const) : ('string' as const) }] as const,
  );
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        ...Object.fromEntries(own),
        url: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean' },
        reason: { type: 'string' },
      },
    });
    // Some commands called it --reason once: it is taken for --why everywhere.
    const given = Object.entries(values).map(
      ([name, value]) => [name === 'reason' ? 'why' : name, typeof value === 'string' ? value : ''] as const,
    );
    return { given: Object.fromEntries(given), positionals };
  } catch (error) {
    return { why: reasonOf(error) };
  }
}

const isValue = (word: string): boolean => word === word.toUpperCase();

/** The command whose words were typed; a word in capitals takes any value. */
function commandFor(typed: readonly string[]): Typed | undefined {
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
  if (begun.length > 0)
    return `the command is not complete: ${begun.map(({ usage }) => `orderctl ${usage}`).join(', or ')}`;
  for (let length = typed.length - 1; length > 0; length--) {
    const short = commandFor(typed.slice(0, length));
    if (short !== undefined) return `too much for orderctl ${short.command.usage}: ${typed.slice(length).join(' ')}`;
  }
  return `unknown command ${typed.join(' ')}`;
}
