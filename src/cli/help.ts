import type { Command } from './command.ts';
import { COMMANDS } from './commands.ts';
import type { OptionSpec } from './options.ts';

const EVERYWHERE: Readonly<Record<string, OptionSpec>> = {
  url: { value: 'URL', does: 'the NOC address; default ORDERCTL_URL, else http://127.0.0.1:8080' },
  json: { does: 'what the API answered, for programs' },
  help: { does: 'this text' },
  version: { does: 'the version of this program' },
};

const REST = `environment
  ORDERCTL_URL    as --url
  ORDERCTL_TOKEN  bearer token, when the NOC asks for one; not an option, so that no process list shows it

`;

const EXITS = `exit codes
  0  fine
  1  somebody should look, no such thing, or one in another state
  2  the command line was not understood, or a file of it cannot be used
  3  no answer, or none that helps: orderd or its store is away
  4  the NOC wants a token, or another one: ORDERCTL_TOKEN`;

function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, does]) => `  ${name.padEnd(width)}  ${does}`).join('\n');
}

function optionLines(options: Readonly<Record<string, OptionSpec>>): string {
  return columns(
    Object.entries(options).map(([name, { value, does, default: usual }]) => [
      value === undefined ? `--${name}` : `--${name} ${value}`,
      usual === undefined ? does : `${does}; default ${usual}`,
    ]),
  );
}

export function generalHelp(): string {
  return `orderctl: looks into a running orderd, and changes what a person may change

usage
  orderctl [options] COMMAND
  orderctl COMMAND --help

commands
${columns(COMMANDS.map(({ usage, does }) => [usage, does]))}

options
${optionLines(EVERYWHERE)}

${REST}
${EXITS}
`;
}

export function commandHelp({ usage, does, options = {}, more }: Command): string {
  return `orderctl ${usage}: ${does}

options
${optionLines({ ...options, ...EVERYWHERE })}
${more === undefined ? '' : `\n${more}\n`}${more?.includes('exit codes') === true ? '' : `\n${EXITS}\n`}`;
}
