#!/usr/bin/env node
/** Plays scenario files against running SMSC and OCS simulators and whatever daemon is between them. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Unasked } from '../terminal/program.ts';
import { reasonOf, runProgram } from '../terminal/program.ts';
import { httpStage } from './http-stage.ts';
import type { Line, Verdict } from './actor.ts';
import { runScript } from './run.ts';
import { readScript } from './script.ts';
import type { Script } from './step.ts';

const HELP = `scenario: play what subscribers do and what goes wrong, and see whether the rest comes true

  npm run scenario -- [flags] FILE...     or, after npm run build, npx orderd-scenario [flags] FILE...

It plays on simulators that run already: start npm run lab -- --orderd in another terminal.

  --smsc URL       control port of the SMSC simulator    http://127.0.0.1:8775
  --ocs URL        control port of the OCS simulator     http://127.0.0.1:8868
  --numbers N      digits that fresh numbers begin with  2547
  --json           one JSON line per scenario instead of a transcript
  --check          only read the files
  --allow-run      let "run" steps run shell commands
  --help           this text; --version tells which

Exit code 0: all came true. 1: some did not, or no simulator answers. 2: a wrong flag or file. The format: simulators/scenarios/README.md
`;

const OPTIONS = {
  smsc: { type: 'string', default: 'http://127.0.0.1:8775' },
  ocs: { type: 'string', default: 'http://127.0.0.1:8868' },
  numbers: { type: 'string', default: '2547' },
  json: { type: 'boolean', default: false },
  check: { type: 'boolean', default: false },
  'allow-run': { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];

interface Run {
  readonly kind: 'run';
  readonly files: readonly string[];
  readonly values: Values;
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const complain = (line: string): void => void process.stderr.write(`${line}\n`);

/** The scripts, or none when a file is wrong: every fault of every file is told first. */
function readAll(files: readonly string[]): readonly Script[] | undefined {
  const scripts = files.flatMap((file) => readOne(file));
  return scripts.length === files.length ? scripts : undefined;
}

function readOne(file: string): readonly Script[] {
  try {
    const read = readScript(readFileSync(file, 'utf8'));
    if (read.kind === 'script') return [read.script];
    for (const { line, message } of read.problems) complain(`${file}:${line}: ${message}`);
  } catch (error) {
    complain(`${file}: ${reasonOf(error)}`);
  }
  return [];
}

/** Numbers of 12 digits that no run before had: they start from the clock. */
function freshNumbers(prefix: string): () => string {
  const digits = Math.max(1, 12 - prefix.length);
  let next = Date.now() % 10 ** digits;
  return () => {
    next = (next + 1) % 10 ** digits;
    return prefix + String(next).padStart(digits, '0');
  };
}

function tell({ at, told, seen, failed }: Line): void {
  const time = `${(at / 1000).toFixed(1).padStart(6)}s`;
  say(`${time}  ${failed === undefined ? ' ' : 'x'} ${told}${seen === undefined ? '' : `\n           -> ${seen}`}`);
  if (failed !== undefined) say(`           FAILED: ${failed}`);
}

async function playAll(scripts: readonly Script[], values: Values): Promise<readonly Verdict[]> {
  const stage = httpStage({ smsc: values.smsc, ocs: values.ocs, allowRun: values['allow-run'] });
  const fresh = freshNumbers(values.numbers);
  const verdicts: Verdict[] = [];
  for (const script of scripts) {
    if (!values.json) say(`\n${script.name}${script.about.map((one) => `\n  (${one})`).join('')}`);
    const verdict = await runScript(script, stage, fresh, values.json ? () => undefined : tell);
    verdicts.push(verdict);
    say(
      values.json
        ? JSON.stringify(verdict)
        : `  ${verdict.passed ? 'PASSED' : 'FAILED'} in ${(verdict.took / 1000).toFixed(1)} s`,
    );
  }
  return verdicts;
}

function parseFlags(args: readonly string[]): Run | Unasked {
  try {
    const { values, positionals: files } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
    if (values.help) return { kind: 'help' };
    return files.length === 0 ? { kind: 'wrong', reason: 'no scenario file given' } : { kind: 'run', files, values };
  } catch (error) {
    return { kind: 'wrong', reason: reasonOf(error) };
  }
}

/** Simulators that are not there are no wrong flag: nothing came true. */
async function run({ files, values }: Run): Promise<number> {
  const scripts = readAll(files);
  if (scripts === undefined) return 2;
  if (values.check) return 0;
  const verdicts = await playAll(scripts, values);
  return verdicts.every((verdict) => verdict.passed) ? 0 : 1;
}

await runProgram<Run>({ name: 'orderd-scenario', help: HELP, read: parseFlags, run });
