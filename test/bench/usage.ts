/** What a process used, from Linux's /proc (proc(5)). */
import { readFileSync } from 'node:fs';

export interface Usage {
  /** CPU milliseconds since its start. */
  readonly cpuMs: number;
  /** MiB. */
  readonly rss: number;
}

/** USER_HZ, which Linux fixes at 100 for every program. */
const TICK_MS = 10;
const PAGE = 4096;

export function usageOf(pid: number): Usage {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return {
    cpuMs: (Number(fields[11]) + Number(fields[12])) * TICK_MS,
    rss: (Number(fields[21]) * PAGE) / 2 ** 20,
  };
}

/** Median, least and most. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  const median = sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
  return { median, min: sorted[0] ?? 0, max: sorted.at(-1) ?? 0 };
}
