import type { Cancel, Clock } from '../src/lib/clock.ts';

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

/** A clock that stands until it is turned by hand. Timers run in the order of their time. */
export interface ManualClock extends Clock {
  /** Turns the clock on by `ms` milliseconds; every timer that falls due runs at its own time. */
  advance(ms: number): void;
  /** Wall time jumps, as when an operator sets it; monotonic time and timers do not. */
  setWall(now: number): void;
  /** Timers that still wait. */
  readonly waiting: number;
}

export function createManualClock(startedAt = Date.UTC(2026, 0, 1)): ManualClock {
  const timers = new Set<Timer>();
  let mono = 0;
  let offset = startedAt;

  function nextDue(until: number): Timer | undefined {
    const due = [...timers].filter(({ at }) => at <= until);
    return due.sort((left, right) => left.at - right.at)[0];
  }

  return {
    now: () => mono + offset,
    monotonic: () => mono,
    after(ms, run): Cancel {
      const timer = { at: mono + Math.max(0, ms), run };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    advance(ms) {
      const until = mono + ms;
      for (let timer = nextDue(until); timer !== undefined; timer = nextDue(until)) {
        timers.delete(timer);
        mono = Math.max(mono, timer.at);
        timer.run();
      }
      mono = until;
    },
    setWall: (now) => void (offset = now - mono),
    get waiting() {
      return timers.size;
    },
  };
}
