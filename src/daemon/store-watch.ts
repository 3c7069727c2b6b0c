import type { Note } from '../lib/note.ts';
import { reasonOf } from '../lib/reason.ts';
import type { StoreClock } from '../store-clock.ts';
import { DRIFT } from '../store-clock.ts';

/** What is looked at again and again in the store that holds the orders. */
export interface WatchedStore {
  /** Whether its connection stands; that it does not is told by others. */
  up(): boolean;
  /** Epoch ms of the store's clock. */
  time(): Promise<number>;
  /** Why it cannot be trusted with orders now. */
  health(): Promise<string | undefined>;
}

export interface StoreWatch {
  /** Of the last look, for readiness. */
  problem(): string | undefined;
  /** Rejects when the store refuses to be looked at, which is a problem too: BUSY, LOADING, NOPERM, or nothing in time. */
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

  function found(now: string | undefined): void {
    if (now !== problem) note(now === undefined ? 'redis.well' : 'redis.unwell', { reason: now });
    problem = now;
  }

  return {
    problem: () => problem,
    async look() {
      try {
        await align();
        found(await store.health());
      } catch (error) {
        if (store.up()) found(`Redis does not serve us: ${reasonOf(error)}`);
        throw error;
      }
    },
  };
}
