import type { Clock } from '../../../simulators/ocs/clock.ts';

export interface ManualClock extends Clock {
  /** Moves time on and runs what falls due, in order. */
  advance(ms: number): void;
}

/** 2026-01-02T03:04:05Z */
export const START = 1_767_323_045_000;

export function manualClock(start = START): ManualClock {
  let now = start;
  let timers: { at: number; action: () => void }[] = [];
  return {
    now: () => now,
    after: (ms, action) => {
      const timer = { at: now + ms, action };
      timers.push(timer);
      return () => void (timers = timers.filter((one) => one !== timer));
    },
    advance: (ms) => {
      const end = now + ms;
      for (;;) {
        const due = timers.filter((one) => one.at <= end).sort((a, b) => a.at - b.at)[0];
        if (due === undefined) break;
        timers = timers.filter((one) => one !== due);
        now = due.at;
        due.action();
      }
      now = end;
    },
  };
}
