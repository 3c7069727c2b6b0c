import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const ROOT = new URL('../', import.meta.url);
const { scripts } = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
};

/** Each program that measures, and a flag of its own that is wrong. */
const WRONG = [
  ['bench', '--windows', '100,many'],
  ['faults', '--rate', '0'],
  ['fuzz', '--cases', '-5'],
  ['goodput', '--seconds', 'soon'],
  ['simulate-credit', '--seeds', 'all'],
  ['silent-smsc', '--window', '0'],
  ['soak', '--minutes', 'an hour'],
] as const;

function run(name: string, ...args: readonly string[]) {
  const [program = '', ...rest] = (scripts[name] ?? '').split(' ');
  const { status, stdout, stderr } = spawnSync(program, [...rest, ...args], { cwd: ROOT, encoding: 'utf8' });
  return { status, stdout, stderr };
}

describe.each(WRONG)('npm run %s', (name, flag, value) => {
  it('tells its flags, and ends with 0', () => {
    const { status, stdout, stderr } = run(name, '--help');
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`npm run ${name}`);
  });

  it('names the flag that is wrong, and ends with 2 before it does anything', () => {
    const { status, stdout, stderr } = run(name, `${flag}=${value}`);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr.split('\n')).toEqual([
      expect.stringMatching(new RegExp(`^${name}: ${flag} ${value}: wants a number that is \\d or more$`)),
      `npm run ${name} -- --help tells the flags.`,
      '',
    ]);
    const unknown = run(name, '--nonsense');
    expect([unknown.status, unknown.stderr.includes('--nonsense')]).toEqual([2, true]);
  });
});
