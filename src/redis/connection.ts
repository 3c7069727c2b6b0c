import type { Redis } from 'ioredis';
import type { Note } from '../lib/note.ts';
import { Refusal } from '../lib/reason.ts';
import { checkServer } from './checks.ts';
import type { KeptWire } from './wire/keep-wire.ts';
import type { Call } from './wire/resp.ts';
import { keepWire } from './wire/keep-wire.ts';
import { StoreRedis } from './store-redis.ts';
import { textOf, watchReach } from './reach.ts';
import { createRun, loadScripts } from './scripts.ts';
import type { Run } from './scripts.ts';
import { refuseHalfSteps } from './step-commands.ts';
import type { RedisSettings, RedisTarget } from './settings.ts';
import { COMMAND_TIMEOUT, redisTarget } from './settings.ts';

export type { RedisSettings, RedisTarget } from './settings.ts';

export interface RedisHandle {
  readonly redis: Redis;
  readonly run: Run;
  /** One command over the steps' own connection: what the hot path reads beside its steps. */
  readonly call: Call;
  readonly prefix: string;
  /** The address for the queue's own connections. */
  readonly target: RedisTarget;
  /** What the server risks, in plain sentences for the log. */
  readonly warnings: readonly string[];
  /** True while commands may be sent. */
  up(): boolean;
  /** Why none may, for people. */
  trouble(): string | undefined;
  close(): Promise<void>;
}

/**
 * Command timeouts in which Redis says nothing at all before the connection is given up: one only rejects its command, and on a
 * half-open connection the next ones would do no better. One that is idle is left alone.
 */
const SILENCE = 2;

const PREFIX = /^[A-Za-z0-9_-]+$/;

/**
 * The store's connection: a command either answers or rejects within `commandTimeout`, and while Redis is away it rejects
 * at once, so that no MO waits in a hidden queue. It reconnects by itself and reports `redis.up` and `redis.down`. Rejects when
 * Redis cannot be reached within `connectTimeout`, or must not be used: too old, a replica, or one that forbids us what we need.
 */
export async function connectRedis(settings: RedisSettings, note: Note): Promise<RedisHandle> {
  if (!PREFIX.test(settings.prefix)) throw new RangeError('the Redis prefix may hold letters, digits, "-" and "_"');
  const target = redisTarget(settings);
  const commandTimeout = settings.commandTimeout ?? COMMAND_TIMEOUT;
  const redis = new StoreRedis({
    protocol: 2,
    lazyConnect: true,
    connectTimeout: settings.connectTimeout ?? 5000,
    commandTimeout,
    socketTimeout: SILENCE * commandTimeout,
    enableOfflineQueue: false,
    // A step that may have run is not run again behind the caller's back: it rejects, and the caller decides.
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    enableAutoPipelining: true,
    retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times - 1, 6), 2000) + Math.floor(Math.random() * 100),
    ...target,
  });
  const reach = watchReach(redis, (SILENCE + 1) * commandTimeout, note);
  try {
    await redis.connect().catch((error: unknown) => unusable(target, reach.lastError() ?? error));
    const warnings = await checkServer(redis);
    for (const text of warnings) note('redis.warning', { text });
    const scripts = loadScripts();
    await refuseHalfSteps(redis, settings.prefix, scripts);
    // Its login is the first that hears of a database which is not there: ioredis goes on without it.
    const wire = await keepWire(redis, target, commandTimeout).catch((error: unknown) => unusable(target, error));
    const run = createRun(wire.call, scripts);
    return handleOf(redis, wire, { prefix: settings.prefix, target, run, warnings, trouble: () => reach.trouble() });
  } catch (error) {
    redis.disconnect();
    throw error;
  }
}

function unusable(target: RedisTarget, cause: unknown): never {
  throw new Refusal(`Redis at ${whereOf(target)} cannot be used: ${textOf(cause)}`, { cause });
}

/** For people; never the login. */
function whereOf({ path, host = '', port = 0 }: RedisTarget): string {
  return path ?? `${host}:${port}`;
}

function handleOf(
  redis: Redis,
  wire: KeptWire,
  about: Pick<RedisHandle, 'prefix' | 'target' | 'run' | 'warnings' | 'trouble'>,
): RedisHandle {
  return {
    redis,
    call: wire.call,
    up: () => redis.status === 'ready',
    async close() {
      // Asked for: not the outage that `redis.down` tells of.
      redis.removeAllListeners('close');
      wire.close();
      await redis.quit().catch(() => redis.disconnect());
    },
    ...about,
  };
}
