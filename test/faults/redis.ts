import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { pause } from '../../src/launcher/demo/subscriber.ts';
import { rewriteRedis } from '../../src/launcher/redis-probe.ts';
import { defaultCacheDir, findRedis } from '../../src/launcher/redis-binary.ts';
import { endsWithUs } from './with-us.ts';

export type Fsync = 'always' | 'everysec';

/** A Redis that nobody starts again but the harness. */
export interface HarnessRedis {
  readonly socket: string;
  /** Where its append-only files lie. */
  readonly aof: string;
  start(): Promise<void>;
  /** kill -9; resolves when it is gone. */
  kill(): Promise<void>;
  alive(): boolean;
  stop(): Promise<void>;
}

export async function startRedis(dir: string, fsync: Fsync, extra: readonly string[] = []): Promise<HarnessRedis> {
  mkdirSync(dir, { recursive: true });
  const socket = join(dir, 'r.sock');
  const binary = await findRedis({
    path: process.env['PATH'] ?? '',
    cacheDir: defaultCacheDir(process.env),
    allowApt: true,
  });
  let child: ChildProcess | undefined;
  const isAlive = (): boolean => child?.exitCode === null && child.signalCode === null;
  const ended = (): Promise<void> =>
    new Promise((resolve) => (isAlive() ? child?.once('exit', () => resolve()) : resolve()));
  const redis = {
    socket,
    aof: join(dir, 'appendonlydir'),
    async start() {
      const log = openSync(join(dir, 'redis.log'), 'a');
      const options = [
        '--port',
        '0',
        '--unixsocket',
        socket,
        '--dir',
        dir,
        '--appendonly',
        'yes',
        '--appendfsync',
        fsync,
      ];
      child = spawn(binary.file, [...options, '--save', '', '--daemonize', 'no', ...extra], {
        env: { ...process.env, ...binary.env },
        stdio: ['ignore', log, log],
      });
      closeSync(log);
      endsWithUs(child.pid, ended());
      while (!(await answers(socket))) {
        if (!isAlive()) throw new Error(`Redis did not start; see ${join(dir, 'redis.log')}`);
        await pause(20);
      }
      await rewriteRedis(socket);
    },
    async kill() {
      child?.kill('SIGKILL');
      await ended();
    },
    alive: isAlive,
    async stop() {
      child?.kill('SIGTERM');
      setTimeout(() => child?.kill('SIGKILL'), 5000).unref();
      await ended();
    },
  };
  await redis.start();
  return redis;
}

/** PONG, and not -LOADING. */
function answers(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(socket);
    const done = (ok: boolean): void => {
      probe.destroy();
      resolve(ok);
    };
    probe.once('error', () => done(false));
    probe.once('connect', () => probe.write('PING\r\n'));
    probe.once('data', (reply) => done(/^(\+PONG|-NOAUTH)/.test(reply.toString())));
  });
}
