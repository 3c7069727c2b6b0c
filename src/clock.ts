import { performance } from 'node:perf_hooks';
import type { Clock } from './lib/clock.ts';

/** Node takes timers up to 2^31-1 ms; anything longer would fire at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** The process's real clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, Math.min(LONGEST_TIMER, Math.max(0, ms)));
    return () => clearTimeout(timer);
  },
};
