import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, closeSync, existsSync, lstatSync, mkdirSync, openSync, readFileSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Refusal } from '../lib/reason.ts';
import type { RedisBinary } from './redis-binary.ts';
import { defaultCacheDir, findRedis } from './redis-binary.ts';
import { lockFolder } from './redis-lock.ts';
import { probeRedis, rewriteRedis } from './redis-probe.ts';

export interface EmbeddedOptions {
  /** Holds the append-only file, the log and the socket; made when it is missing. */
  readonly dir: string;
  /** Fetch and unpack a server when none is installed; only the lab may. */
  readonly allowApt?: boolean;
  readonly cacheDir?: string;
  /** `always` by default (E21). */
  readonly appendfsync?: 'always' | 'everysec';
  /** PATH in which servers are looked for; the process's own by default. */
  readonly path?: string;
}

export interface EmbeddedRedis {
  readonly socket: string;
  /** `unix://<socket>`. */
  readonly url: string;
  /** Of the server that runs now: it changes when a dead one is replaced. */
  pid(): number;
  /** Found running: a process that was killed had left it. */
  readonly adopted: boolean;
  /** Shuts it down, data on disk, and gives the folder back. */
  stop(): Promise<void>;
}

/** Hang guards, milliseconds. */
const START_PATIENCE = 30_000;
const STOP_PATIENCE = 15_000;
const WATCH_EVERY = 250;
/** sockaddr_un holds 108 octets with the final zero. */
const LONGEST_SOCKET = 100;

/**
 * A Redis of our own: append-only file always, noeviction, a unix socket and no port. It lives in its own
 * session, so a kill -9 of this process leaves it running, and the next start finds it by its socket. While we run, one that
 * dies is started again from its file. Rejects with one clear line when another process uses the folder or no server is found.
 */
export async function startEmbeddedRedis(options: EmbeddedOptions): Promise<EmbeddedRedis> {
  mkdirSync(options.dir, { recursive: true, mode: 0o700 });
  const dir = realpathSync(options.dir);
  const lock = await lockFolder(dir);
  if (lock === undefined) throw new Refusal(`the Redis folder ${dir} is in use by another orderd`);
  try {
    const place = { dir, socket: socketIn(dir), options };
    const running = await adopt(place.socket);
    const first = running ?? (await launch(place));
    const watch = keepRunning(place, first);
    return {
      socket: place.socket,
      url: `unix://${place.socket}`,
      pid: watch.pid,
      adopted: running !== undefined,
      async stop() {
        await watch.stop();
        await shutDown(watch.pid());
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

interface Place {
  readonly dir: string;
  readonly socket: string;
  readonly options: EmbeddedOptions;
}

/** In the folder itself, or in a private one under the temporary folder when the path is too long for a socket. */
function socketIn(dir: string): string {
  const near = join(dir, 'redis.sock');
  if (Buffer.byteLength(near) <= LONGEST_SOCKET) return near;
  const name = createHash('sha256').update(dir).digest('hex').slice(0, 16);
  const far = join(tmpdir(), `orderd-redis-${name}`);
  mkdirSync(far, { recursive: true, mode: 0o700 });
  const found = lstatSync(far);
  if (!found.isDirectory() || found.uid !== process.getuid?.()) throw new Refusal(`${far} belongs to somebody else`);
  chmodSync(far, 0o700);
  return join(far, 'redis.sock');
}

/** The pid of the server behind the socket, once it has loaded its data. */
async function adopt(socket: string): Promise<number | undefined> {
  if (!existsSync(socket)) return undefined;
  let probe = await probeRedis(socket);
  while (probe?.loading === true) {
    await pause(50);
    probe = await probeRedis(socket);
  }
  return probe?.pid;
}

async function launch(place: Place): Promise<number> {
  await waitForLast(place.dir);
  const { path = process.env['PATH'] ?? '', cacheDir = defaultCacheDir(process.env), allowApt = false } = place.options;
  const binary = await findRedis({ path, cacheDir, allowApt });
  const hadData = existsSync(join(place.dir, 'appendonlydir'));
  const pid = await serve(place, binary);
  if (hadData) await rewriteRedis(place.socket);
  return pid;
}

/** A server that still shuts down holds the append-only file; its pid file says who it is. */
async function waitForLast(dir: string): Promise<void> {
  const file = join(dir, 'redis.pid');
  const pid = existsSync(file) ? Number(readFileSync(file, 'utf8').trim()) : 0;
  if (pid === 0 || !isRedis(pid)) return;
  if (!(await gone(pid, STOP_PATIENCE)))
    throw new Refusal(`Redis ${pid} still uses ${dir}, but does not answer: stop it first`);
}

function isRedis(pid: number): boolean {
  try {
    return /redis-server|valkey-server|redis-check/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
  } catch {
    return false;
  }
}

async function serve({ dir, socket, options }: Place, binary: RedisBinary): Promise<number> {
  const log = openSync(join(dir, 'redis.log'), 'a', 0o600);
  const child = spawn(binary.file, serverArgs(dir, socket, options.appendfsync ?? 'always'), {
    cwd: dir,
    env: { ...process.env, ...binary.env },
    // A session of its own: neither Ctrl-C nor our death reaches it.
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  let ended: string | undefined;
  child.once('error', (error) => (ended = error.message));
  child.once('exit', (code, signal) => (ended = `it ended with ${code ?? signal ?? '?'}`));
  child.unref();
  for (let waited = 0; waited < START_PATIENCE; waited += 20) {
    const pid = await adopt(socket);
    if (pid !== undefined && pid === child.pid) return pid;
    if (ended !== undefined) throw new Refusal(`${binary.file} did not start: ${ended}; see ${join(dir, 'redis.log')}`);
    await pause(20);
  }
  child.kill('SIGKILL');
  throw new Refusal(`${binary.file} did not answer in time; see ${join(dir, 'redis.log')}`);
}

/**
 * The append-only file is written anew when it is three times what it was, and nothing in it is compressed: with the defaults a young
 * server did that every few thousand orders, with a quarter of a core. Records of orders and texts stay in one piece of memory
 * each (under the names that Redis 6.2 knows too), a quarter less of it.
 */
const WRITING = {
  'auto-aof-rewrite-percentage': '200',
  rdbcompression: 'no',
  'hash-max-ziplist-value': '4096',
  'hash-max-ziplist-entries': '64',
};

function serverArgs(dir: string, socket: string, appendfsync: string): readonly string[] {
  const options = {
    port: '0',
    unixsocket: socket,
    unixsocketperm: '700',
    dir,
    pidfile: join(dir, 'redis.pid'),
    appendonly: 'yes',
    appendfsync,
    save: '',
    ...WRITING,
    'maxmemory-policy': 'noeviction',
    daemonize: 'no',
  };
  return Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
}

interface Watch {
  readonly pid: () => number;
  stop(): Promise<void>;
}

/** Starts a dead server again; one that does not start is tried again at the next look. */
function keepRunning(place: Place, first: number): Watch {
  let pid = first;
  let work = Promise.resolve();
  const look = async (): Promise<void> => {
    if (!isAlive(pid)) pid = (await adopt(place.socket)) ?? (await launch(place));
  };
  const timer = setInterval(() => {
    work = work.then(look).catch(() => undefined);
  }, WATCH_EVERY);
  timer.unref();
  return {
    pid: () => pid,
    async stop() {
      clearInterval(timer);
      await work;
    },
  };
}

async function shutDown(pid: number): Promise<void> {
  if (!isAlive(pid)) return;
  process.kill(pid, 'SIGTERM');
  if (await gone(pid, STOP_PATIENCE)) return;
  process.kill(pid, 'SIGKILL');
  await gone(pid, STOP_PATIENCE);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isUnburied(pid);
  } catch {
    return false;
  }
}

/**
 * Dead, but its parent never asked how it ended: the first process of a container may bury none of the orphans it gets. Our own child
 * is buried in a moment.
 */
function isUnburied(pid: number): boolean {
  try {
    const [, parent] = /^\d+ \(.*\) Z (\d+) /s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    return parent !== undefined && Number(parent) !== process.pid;
  } catch {
    return false;
  }
}

async function gone(pid: number, patience: number): Promise<boolean> {
  for (let waited = 0; waited < patience; waited += 20) {
    if (!isAlive(pid)) return true;
    await pause(20);
  }
  return !isAlive(pid);
}
