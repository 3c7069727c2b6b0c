import type { Clock } from '../../src/lib/clock.ts';

export interface ManualClock extends Clock {
  /** Moves time on and runs what falls due, in order. */
  advance(ms: number): void;
  /** Milliseconds until the timers that are set. */
  timers(): readonly number[];
}

export function manualClock(startMs = 1_700_000_000_000): ManualClock {
  let elapsed = 0;
  let timers: { readonly at: number; readonly run: () => void }[] = [];
  return {
    now: () => startMs + elapsed,
    monotonic: () => elapsed,
    after(ms, run) {
      const timer = { at: elapsed + ms, run };
      timers.push(timer);
      return () => void (timers = timers.filter((other) => other !== timer));
    },
    advance(ms) {
      const until = elapsed + ms;
      for (;;) {
        const next = timers.filter(({ at }) => at <= until).toSorted((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        timers = timers.filter((other) => other !== next);
        elapsed = next.at;
        next.run();
      }
      elapsed = until;
    },
    timers: () => timers.map(({ at }) => at - elapsed).toSorted((a, b) => a - b),
  };
}
