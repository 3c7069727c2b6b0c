import type { Note } from '../lib/note.ts';
import { reasonOf } from '../lib/reason.ts';

/** Flows that run on after their MO was acknowledged: counted, so that a drain can wait for them. */
export interface Running {
  readonly count: number;
  /** Runs `work` in the background; what it throws is noted, and the sweeper finds what it left. */
  go(what: string, work: () => Promise<unknown>): void;
  /** Resolves when nothing runs, or after `ms`. */
  idle(ms: number): Promise<void>;
}

export function createRunning(note: Note): Running {
  const whenIdle: (() => void)[] = [];
  let count = 0;
  const over = (): void => {
    count -= 1;
    if (count === 0) for (const resolve of whenIdle.splice(0)) resolve();
  };
  return {
    get count() {
      return count;
    },
    go(what, work) {
      count += 1;
      work().then(over, (error: unknown) => {
        note('flow.failed', { what, reason: reasonOf(error) });
        over();
      });
    },
    idle: (ms) =>
      new Promise((resolve) => {
        if (count === 0) {
          resolve();
          return;
        }
        const timer = setTimeout(resolve, ms);
        whenIdle.push(() => {
          clearTimeout(timer);
          resolve();
        });
      }),
  };
}
