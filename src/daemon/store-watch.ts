import type { Note } from '../lib/note.ts';
import type { StoreClock } from '../store-clock.ts';
import { DRIFT } from '../store-clock.ts';

/** What is looked at again and again in the store that holds the orders. */
export interface WatchedStore {
  /** Epoch ms of the store's clock. */
  time(): Promise<number>;
  /** Why it cannot be trusted with orders now. */
  health(): Promise<string | undefined>;
}

export interface StoreWatch {
  /** Of the last look, for readiness. */
  problem(): string | undefined;
  look(): Promise<void>;
}

/** Keeps our time with the store's, and tells of its troubles, each change once. */
export function createStoreWatch(store: WatchedStore, clock: StoreClock, note: Note): StoreWatch {
  let problem: string | undefined;
  let isOff = false;

  async function align(): Promise<void> {
    const asked = clock.monotonic();
    const time = await store.time();
    const off = Math.round(clock.align(time, (asked + clock.monotonic()) / 2));
    const wasOff = isOff;
    isOff = Math.abs(off) >= DRIFT;
    if (isOff && !wasOff) note('clock.off', { ms: off });
  }

  return {
    problem: () => problem,
    async look() {
      await align();
      const found = await store.health();
      if (found !== problem) note(found === undefined ? 'redis.well' : 'redis.unwell', { reason: found });
      problem = found;
    },
  };
}
