/** One round: a fresh system under one load, and what each process and Redis spent in the measured time. */
import { Redis } from 'ioredis';
import type { LoadReport } from '../../simulators/load/run.ts';
import { startLoad } from './load.ts';
import type { System } from './system.ts';
import { usageOf } from './usage.ts';

export interface ProcessUse {
  /** Share of one core. */
  readonly core: number;
  /** CPU microseconds per reply: what is compared where other work takes turns on the same cores. */
  readonly micros: number;
  /** MiB at the end. */
  readonly rss: number;
}

export interface RedisUse {
  /** Commands from clients and from scripts, and script calls, per reply. */
  readonly commands: number;
  readonly scripts: number;
  /** Octets of memory, and octets received and sent, per reply. */
  readonly memory: number;
  readonly received: number;
  readonly sent: number;
  /** Microseconds inside scripts, per reply. */
  readonly scriptMicros: number;
}

export interface Round {
  readonly load: LoadReport;
  /** Milliseconds from the start of the processes to their last bind. */
  readonly bindMs: number;
  readonly processes: Readonly<Record<string, ProcessUse>>;
  readonly redis: RedisUse | undefined;
}

/** `window`: flags of the load, the row's own included. The system is stopped whatever happens. */
export async function playRound(system: System, flags: readonly string[]): Promise<Round> {
  const own = ['--binds', String(system.binds), ...(system.charges ? [] : ['--no-ocs'])];
  const load = await startLoad([...flags, ...own]);
  const redis = system.redis === undefined ? undefined : new Redis({ path: system.redis.socket });
  try {
    const started = performance.now();
    await system.start(load.ports);
    await Promise.race([load.bound, system.ended?.then(fail) ?? load.bound]);
    const bindMs = performance.now() - started;
    await load.measuring;
    const began = performance.now();
    const pids = Object.entries(system.pids());
    const before = pids.map(([, pid]) => usageOf(pid));
    const redisBefore = redis === undefined ? undefined : await redisUse(redis);
    await load.measured;
    const passed = performance.now() - began;
    const after = pids.map(([, pid]) => usageOf(pid));
    const redisAfter = redis === undefined ? undefined : await redisUse(redis);
    const report = await load.report;
    const processes = pids.map(([name], at) => {
      const spent = (after[at]?.cpuMs ?? 0) - (before[at]?.cpuMs ?? 0);
      const micros = (spent * 1000) / report.measured.replies;
      return [name, { core: spent / passed, micros, rss: after[at]?.rss ?? 0 }] as const;
    });
    return {
      load: report,
      bindMs,
      processes: Object.fromEntries(processes),
      redis: perReply(redisBefore, redisAfter, report.measured.replies),
    };
  } finally {
    load.kill();
    redis?.disconnect();
    await system.stop();
  }
}

function fail(why: string): never {
  throw new Error(why);
}

async function redisUse(redis: Redis): Promise<RedisUse> {
  const text = await redis.info('everything');
  const field = (name: string): number => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(text)?.[1] ?? 0);
  const calls = [...text.matchAll(/^cmdstat_([^:]+):calls=(\d+),usec=(\d+)/gm)];
  const scripts = calls.filter(([, name = '']) => /^(evalsha|eval|fcall)$/.test(name));
  const sum = (of: readonly RegExpMatchArray[], group: number): number =>
    of.reduce((total, match) => total + Number(match[group]), 0);
  return {
    commands: sum(calls, 2),
    scripts: sum(scripts, 2),
    memory: field('used_memory'),
    received: field('total_net_input_bytes'),
    sent: field('total_net_output_bytes'),
    scriptMicros: sum(scripts, 3),
  };
}

function perReply(before: RedisUse | undefined, after: RedisUse | undefined, replies: number): RedisUse | undefined {
  if (before === undefined || after === undefined) return undefined;
  const keys = Object.keys(after) as (keyof RedisUse)[];
  return Object.fromEntries(keys.map((key) => [key, (after[key] - before[key]) / replies])) as unknown as RedisUse;
}
