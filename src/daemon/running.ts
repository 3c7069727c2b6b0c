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
  const running = new Set<Promise<void>>();
  return {
    get count() {
      return running.size;
    },
    go(what, work) {
      const one = work()
        .then(
          () => undefined,
          (error: unknown) => note('flow.failed', { what, reason: reasonOf(error) }),
        )
        .finally(() => running.delete(one));
      running.add(one);
    },
    async idle(ms) {
      let timer: NodeJS.Timeout | undefined;
      const over = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
      await Promise.race([Promise.all(running), over]);
      clearTimeout(timer);
    },
  };
}
