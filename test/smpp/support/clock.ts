import type { Cancel, Clock } from '../../../src/lib/clock.ts';

export const realClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/** A clock turned by hand: timers run in order while `advance` passes them. */
export interface ManualClock extends Clock {
  advance(ms: number): void;
}

export function manualClock(): ManualClock {
  let time = 1_000_000;
  let timers: { readonly at: number; readonly run: () => void }[] = [];

  function runDue(until: number): void {
    for (;;) {
      const [next] = timers.filter((timer) => timer.at <= until).sort((left, right) => left.at - right.at);
      if (next === undefined) return;
      timers = timers.filter((timer) => timer !== next);
      time = Math.max(time, next.at);
      next.run();
    }
  }

  return {
    now: () => time,
    monotonic: () => time,
    after: (ms, run): Cancel => {
      const timer = { at: time + ms, run };
      timers.push(timer);
      return () => (timers = timers.filter((each) => each !== timer));
    },
    advance(ms) {
      const until = time + ms;
      runDue(until);
      time = until;
    },
  };
}
