import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
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

/** By which each is known outside: `npm run` in a clone, `npx` after a build. */
const NAMES: Readonly<Record<string, string>> = { scenarios: 'scenario' };
const { bin, scripts, version } = JSON.parse(readFileSync(new URL('../package.json', FOLDER), 'utf8')) as {
  readonly bin: Readonly<Record<string, string>>;
  readonly scripts: Readonly<Record<string, string>>;
  readonly version: string;
};

/** As a shell counts it: 141 is a program that SIGPIPE ended. */
function shell(program: string, to: string) {
  const line = `"$0" --import tsx "$1" --help ${to}; exit "\${PIPESTATUS[0]}"`;
  const main = new URL(`${program}/main.ts`, FOLDER).pathname;
  return spawnSync('bash', ['-c', line, process.execPath, main], { encoding: 'utf8' });
}

function run(program: string, args: readonly string[]) {
  const main = new URL(`${program}/main.ts`, FOLDER).pathname;
  return spawnSync(process.execPath, ['--import', 'tsx', main, ...args], { encoding: 'utf8' });
}

describe.each(PROGRAMS)('%s', (program) => {
  it('is a command of the package and a script of the project, and its --help and README say so', () => {
    const name = NAMES[program] ?? program;
    expect(bin[`orderd-${name}`]).toBe(`dist/simulators/${program}/main.js`);
    expect(scripts[name]).toBe(`node --import tsx simulators/${program}/main.ts`);
    expect(readFileSync(new URL(`${program}/main.ts`, FOLDER), 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
    const { stdout } = run(program, ['--help']);
    expect(stdout).toContain(`npm run ${name}`);
    expect(stdout).toContain(`npx orderd-${name}`);
    expect(stdout).not.toContain('tsx');
    const folder = new URL(`${program}/`, FOLDER);
    for (const readme of readdirSync(folder).filter((file) => file === 'README.md')) {
      const text = readFileSync(new URL(readme, folder), 'utf8');
      expect(text).toContain(`npx orderd-${name}`);
      expect(text).not.toContain('--import tsx');
    }
  });

  it('--version tells the version of the package', () => {
    expect(run(program, ['--version'])).toMatchObject({ status: 0, stdout: `${version}\n`, stderr: '' });
  });

  it.each(['--help', '-h'])('%s tells its flags, and ends with 0', (flag) => {
    const { status, stdout, stderr } = run(program, [flag]);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/\n {2}--\w/);
    expect(stdout).toMatch(/\n {2}(-h, )?--help/);
    expect(stdout.split('\n').filter((line) => line.length > 160)).toEqual([]);
  });

  it('ends quietly when nobody reads it, and with 1 when the disk is full', () => {
    expect(shell(program, '| true')).toMatchObject({ status: 141, stderr: '' });
    const { status, stderr } = shell(program, '> /dev/full');
    expect([status, stderr.split('\n').length, stderr]).toEqual([1, 2, expect.stringContaining('ENOSPC')]);
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
      expect(stderr.startsWith(`orderd-${NAMES[program] ?? program}: `)).toBe(true);
      expect(stderr).not.toMatch(/\n {4}at /);
    },
  );
});
