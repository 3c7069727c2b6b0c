import type { Clock } from './lib/clock.ts';

/** Differences below this are drift and are followed; milliseconds. */
export const DRIFT = 2000;

/**
 * Wall time as the store has it, so that all its processes agree on when a lease or a window ends, and none is moved by its
 * own machine's clock: it runs on the monotonic clock, and `align` follows the store.
 */
export interface StoreClock extends Clock {
  /**
   * The store said `storeNow` (epoch ms) at our `monotonic`. Returns how far that is from what we thought. Drift and
   * jumps ahead are followed; back we do not go, for what has begun would not end in its time: staff must restart us.
   */
  align(storeNow: number, monotonic: number): number;
}

export function createStoreClock(inner: Clock): StoreClock {
  let ahead = inner.now() - inner.monotonic();
  let aligned = false;
  return {
    now: () => Math.round(inner.monotonic() + ahead),
    monotonic: () => inner.monotonic(),
    after: (ms, run) => inner.after(ms, run),
    align(storeNow, monotonic) {
      const off = storeNow - monotonic - ahead;
      if (!aligned || off > -DRIFT) ahead += off;
      aligned = true;
      return off;
    },
  };
}
