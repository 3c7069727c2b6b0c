import { slicesOf } from '../lib/slices.ts';
import type { ConsumerSettings, Work } from './pass.ts';
import { createPasses, everyOf } from './pass.ts';
import { safely } from './safely.ts';

export type { Consumer } from './pass.ts';

export const CONSUMER_SETTINGS: ConsumerSettings = { every: 500, recoverAfter: 30_000, batch: 50 };

export interface RunningConsumer {
  /** One pass over all partitions; resolves with the number of entries handled. */
  turn(): Promise<number>;
  start(): void;
  /** Finishes the pass at work. */
  stop(): Promise<void>;
}

/**
 * The partitions are looked at in so many parts, one after the other: all of them in one go hold up the steps of orders for longer. Where
 * so much comes that a look leaves some behind, it goes by the large.
 */
const PARTS = 4;

/** The one engine under every consumer: take over what was left behind, read on, handle, acknowledge, trim (E24). */
export function createConsumer(work: Work): RunningConsumer {
  const { clock, settings } = work;
  let running = false;
  let stopping = false;
  let cancel = (): void => undefined;
  let last: Promise<unknown> = Promise.resolve();
  const { over, behind } = createPasses(work, () => stopping);
  const pass = safely(over, { group: work.consumer.name, note: work.note });
  const all = everyOf(work.stream);
  const parts = slicesOf(all, Math.ceil(all.length / PARTS));
  let part = 0;

  function next(): void {
    if (running) cancel = clock.after(behind() ? settings.every : settings.every / parts.length, begin);
  }

  function begin(): void {
    last = (behind() ? pass(all, Infinity) : pass(parts[part++ % parts.length] ?? all, 1)).then(next);
  }

  return {
    turn: () => pass(all, Infinity),
    start() {
      running = true;
      begin();
    },
    async stop() {
      running = false;
      stopping = true;
      cancel();
      await last;
    },
  };
}
