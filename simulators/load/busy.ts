/** How busy this process's threads are, from Linux's /proc (proc(5), task/<tid>/stat). */
import { readdirSync, readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';

/** USER_HZ, which Linux fixes at 100 for every program. */
const TICK_MS = 10;

/** CPU milliseconds of each thread since its start; empty where there is no /proc. */
function threadTimes(): ReadonlyMap<string, number> {
  try {
    return new Map(readdirSync('/proc/self/task').map((tid) => [tid, timeOf(`/proc/self/task/${tid}/stat`)]));
  } catch {
    return new Map();
  }
}

function timeOf(file: string): number {
  const text = readFileSync(file, 'latin1');
  // The command in brackets may hold spaces; utime and stime are the 14th and 15th fields of all.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

export interface Busy {
  /** Share of one core that the busiest thread used. */
  readonly busiest: number;
  /** CPU milliseconds of the whole process. */
  readonly cpuMs: number;
  /** Octets. */
  readonly rss: number;
}

/** Begins to measure; the result measures what was used until it is called. */
export function watchBusy(): () => Busy {
  const began = performance.now();
  const threads = threadTimes();
  const cpu = process.cpuUsage();
  return () => {
    const passed = performance.now() - began;
    const { user, system } = process.cpuUsage(cpu);
    const shares = [...threadTimes()].map(([tid, time]) => (time - (threads.get(tid) ?? 0)) / passed);
    const cpuMs = (user + system) / 1000;
    return {
      busiest: shares.length === 0 ? cpuMs / passed : Math.max(...shares),
      cpuMs,
      rss: process.memoryUsage.rss(),
    };
  };
}
