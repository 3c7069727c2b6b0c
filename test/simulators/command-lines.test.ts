import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const FOLDER = new URL('../../simulators/', import.meta.url);

/** Folders with a program of their own; the rest are parts. */
const PROGRAMS = readdirSync(FOLDER).filter((name) => readdirSync(new URL(`${name}/`, FOLDER)).includes('main.ts'));

/** What each refuses beside an unknown flag, and the words that must say why. */
const WRONG: Readonly<Record<string, readonly (readonly [args: string, reason: RegExp])[]>> = {
  handset: [
    ['dance', /text, dial, mail or watch, not dance/],
    ['text --wait soon NEWS', /--wait soon/],
  ],
  lab: [['--only smsc,fax', /fax/]],
  load: [['--mix nothing', /nothing is none of notice/]],
  mail: [['--smtp-port 70000', /--smtp-port/]],
  ocs: [['--currency XX', /currency XX is not known/]],
  scenarios: [['', /no scenario file given/]],
  smsc: [['--receipts sometimes', /--receipts/]],
};

function run(program: string, args: readonly string[]) {
  const main = new URL(`${program}/main.ts`, FOLDER).pathname;
  return spawnSync(process.execPath, ['--import', 'tsx', main, ...args], { encoding: 'utf8' });
}

describe.each(PROGRAMS)('%s', (program) => {
  it('--help tells its flags, and ends with 0', () => {
    const { status, stdout, stderr } = run(program, ['--help']);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/\n {2}--\w/);
    expect(stdout.split('\n').filter((line) => line.length > 160)).toEqual([]);
  });

  it.each([['--bogus', /--bogus/] as const, ...(WRONG[program] ?? [])])(
    'with "%s" it says what is wrong, and ends with 2',
    (args, reason) => {
      const { status, stdout, stderr } = run(
        program,
        args.split(' ').filter((arg) => arg !== ''),
      );
      expect([status, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(reason);
      expect(stderr).not.toMatch(/\n {4}at /);
    },
  );
});
