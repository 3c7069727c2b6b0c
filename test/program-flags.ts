import type { ParseArgsConfig } from 'node:util';
import { parseArgs } from 'node:util';

type Options = NonNullable<ParseArgsConfig['options']>;
type Values<O extends Options> = ReturnType<typeof parseArgs<{ options: O }>>['values'];

/** What a program that measures is told about its flags; `help` is a flag of every one. */
export interface ProgramFlags<O extends Options> {
  /** The npm script. */
  readonly name: string;
  readonly help: string;
  readonly options: O;
  /** Flags that are numbers, or lists of them with commas between, and the least that each may be. */
  readonly least: { readonly [Flag in keyof O & string]?: number };
}

/** Flags of the command line. --help ends the process with 0, a flag that is wrong with 2 and the reason. */
export function programFlags<O extends Options>({ name, help, options, least }: ProgramFlags<O>): Values<O> {
  try {
    const { values } = parseArgs({ options: { ...options, help: { type: 'boolean', default: false } } });
    const given = values as Readonly<Record<string, unknown>>;
    if (given['help'] === true) {
      process.stdout.write(`${help.trimEnd()}\n`);
      process.exit(0);
    }
    for (const [flag, number] of Object.entries(least as Record<string, number>))
      checkNumbers(flag, String(given[flag]), number);
    return values;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${name}: ${reason}\nnpm run ${name} -- --help tells the flags.\n`);
    process.exit(2);
  }
}

function checkNumbers(flag: string, text: string, least: number): void {
  if (text === '') return;
  const right = text.split(',').every((one) => /^\d+(\.\d+)?$/.test(one) && Number(one) >= least);
  if (!right) throw new RangeError(`--${flag} ${text}: wants a number that is ${least} or more`);
}
