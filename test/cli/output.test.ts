import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

/** As a shell counts it: 141 is a program that SIGPIPE ended. */
function shell(args: readonly string[], to: string) {
  const line = `"$0" --import tsx "$@" ${to}; exit "\${PIPESTATUS[0]}"`;
  return spawnSync('bash', ['-c', line, process.execPath, ...args], { encoding: 'utf8' });
}

describe.each([
  ['orderctl', ['src/cli/main.ts', '--help']],
  ['orderd', ['src/main.ts', '--help']],
  ['orderd', ['src/main.ts', 'check-config', 'config/default.yaml']],
])('%s: %j', (name, args) => {
  it('ends quietly when nobody reads it', () => {
    expect(shell(args, '| true')).toMatchObject({ status: 141, stderr: '' });
  });

  it('says in one line that the disk is full', () => {
    const { status, stderr } = shell(args, '> /dev/full');
    expect([status, stderr]).toEqual([
      1,
      `${name}: cannot write to standard output: ENOSPC: no space left on device, write\n`,
    ]);
  });
});

it('ends in its own order, for what it started would outlive it, when nobody reads a lab', () => {
  const lab = `import { mindOutput, nobodyReads } from './src/output.ts';
    mindOutput('lab');
    setInterval(() => console.log('still here'), 10);
    console.error('stopped: ' + (await nobodyReads()));
    process.exit(0);`;
  expect(shell(['--input-type=module', '-e', lab], '| true')).toMatchObject({
    status: 0,
    stderr: 'stopped: nobody reads this any more\n',
  });
});
