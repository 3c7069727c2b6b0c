/** Row (b) and its like: orderd from `dist/` as shipped, one process or several, over a Redis of its own. */
import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdirSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { startEmbeddedRedis } from '../../src/launcher/redis-server.ts';
import type { EmbeddedRedis } from '../../src/launcher/redis-server.ts';
import type { Stock } from './kept.ts';
import { stockRedis } from './kept.ts';
import type { Ports } from './load.ts';
import type { System } from './system.ts';

export interface OrderdSettings {
  readonly folder: string;
  readonly appendfsync: 'always' | 'everysec';
  readonly processes: number;
  /** What Redis holds before. */
  readonly stock: Stock;
  /** submit_sm without a response at most, per process. */
  readonly window: number;
  /** More flags of node, for a profile. */
  readonly nodeFlags: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const CONFIG = 'test/bench/orderd.yaml';

/** As config/orderd.service starts it. */
const UNIT_FLAGS = ['--disable-proto=delete', '--max-semi-space-size=64', '--heap-growing-percent=300'];

export async function startOrderd(settings: OrderdSettings): Promise<System> {
  rmSync(settings.folder, { recursive: true, force: true });
  mkdirSync(settings.folder, { recursive: true });
  const { appendfsync } = settings;
  const redis = await startEmbeddedRedis({ dir: join(settings.folder, 'redis'), appendfsync });
  const { kept, live } = settings.stock;
  if (kept + live > 0) {
    const octets = await stockRedis(redis.socket, settings.stock);
    process.stderr.write(`${kept} orders kept and ${live} open, ${Math.round(octets)} octets each\n`);
  }
  const children: ReturnType<typeof spawn>[] = [];
  const gone = new EventEmitter<{ gone: [string] }>();
  return {
    ended: once(gone, 'gone').then(([why]) => String(why)),
    binds: settings.processes,
    charges: true,
    redis,
    start(ports) {
      for (let number = 0; number < settings.processes; number++)
        children.push(startProcess(settings, redis, ports, number));
      for (const child of children)
        child.once('exit', (code) => gone.emit('gone', `orderd ended with ${code ?? 'a signal'}`));
      return Promise.resolve();
    },
    pids: () => ({
      ...Object.fromEntries(children.map(({ pid = 0 }, number) => [`orderd ${number + 1}`, pid])),
      redis: redis.pid(),
    }),
    async stop() {
      await Promise.all(children.map(stopChild));
      await redis.stop();
      rmSync(settings.folder, { recursive: true, force: true });
    },
  };
}

function startProcess(settings: OrderdSettings, redis: EmbeddedRedis, ports: Ports, number: number) {
  const name = `bench-${number + 1}`;
  const log = openSync(join(settings.folder, `${name}.log`), 'a');
  return spawn(process.execPath, [...UNIT_FLAGS, ...settings.nodeFlags, 'dist/src/main.js', '--config', CONFIG], {
    stdio: ['ignore', log, log],
    env: {
      ...process.env,
      REDIS_URL: redis.url,
      ORDERD_INSTANCE__NAME: name,
      ORDERD_INSTANCE__STATE_DIR: settings.folder,
      ORDERD_SMPP__LINKS__0__PORT: String(ports.smpp),
      ORDERD_SMPP__LINKS__0__WINDOW: String(settings.window),
      ORDERD_DIAMETER__PEERS__0__PORT: String(ports.diameter ?? 0),
      ORDERD_CDR__FOLDER: join(settings.folder, 'cdr'),
      ...settings.env,
    },
  });
}

function stopChild(child: ReturnType<typeof spawn>): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) {
      resolve();
      return;
    }
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), 15_000).unref();
  });
}
