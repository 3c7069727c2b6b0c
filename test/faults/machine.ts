import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What this machine can do for a world; undefined where it cannot, and the reason is told. */
export interface Prepared {
  readonly env?: Readonly<Record<string, string>>;
  readonly redisDir?: string;
  undo(): void;
}

const FAKETIME = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib'].map((dir) =>
  join(dir, 'faketime/libfaketime.so.1'),
);

/** libfaketime before the daemon, its offset in a file; the monotonic clock is left alone. */
export function withClock(dir: string): Prepared | string {
  const library = FAKETIME.find(existsSync);
  if (library === undefined) return 'libfaketime is not installed (Debian package faketime)';
  mkdirSync(dir, { recursive: true });
  const file = join(dir, 'clock');
  writeFileSync(file, '+0');
  const env = {
    LD_PRELOAD: library,
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    DONT_FAKE_MONOTONIC: '1',
  };
  return { env, undo: () => undefined };
}

/** A file system in memory for Redis, of that size as mount(8) says it. */
export function withMemoryDisk(dir: string, size: string): Prepared | string {
  const redisDir = join(dir, 'disk');
  mkdirSync(redisDir, { recursive: true });
  const as = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const run = (...args: readonly string[]): void => {
    const [command = '', ...rest] = [...as, ...args];
    execFileSync(command, rest, { stdio: 'ignore' });
  };
  try {
    run('mount', '-t', 'tmpfs', '-o', `size=${size},mode=0777`, 'tmpfs', redisDir);
  } catch {
    return 'a tmpfs cannot be mounted here';
  }
  return { redisDir, undo: () => run('umount', '-l', redisDir) };
}
