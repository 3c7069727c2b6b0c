import { describe, expect, it } from 'vitest';
import { createStoreClock } from '../src/store-clock.ts';

/** A machine whose wall clock may be turned while its monotonic one goes on. */
function machine() {
  const time = { wall: 1_700_000_000_000, up: 5000 };
  const clock = createStoreClock({ now: () => time.wall, monotonic: () => time.up, after: () => () => undefined });
  return { time, clock };
}
const HOUR = 3_600_000;

describe('the clock of all processes on one store', () => {
  it('is the store’s, whatever this machine thinks', () => {
    const { time, clock } = machine();
    expect(clock.align(1_800_000_000_000, 5000)).toBe(100_000_000_000);
    time.up += 250;
    expect(clock.now()).toBe(1_800_000_000_250);
  });

  it.each([HOUR, -HOUR])('goes on evenly when the wall clock jumps by %d ms', (jump) => {
    const { time, clock } = machine();
    clock.align(time.wall, time.up);
    const before = clock.now();
    time.wall += jump;
    time.up += 10;
    expect(clock.now()).toBe(before + 10);
  });

  it('follows small drifts in both directions', () => {
    const { time, clock } = machine();
    clock.align(time.wall, time.up);
    for (const drift of [900, -700]) {
      const wanted = clock.now() + drift;
      expect(clock.align(wanted, time.up)).toBe(drift);
      expect(clock.now()).toBe(wanted);
    }
  });

  it('follows a store that jumps ahead', () => {
    const { time, clock } = machine();
    clock.align(time.wall, time.up);
    clock.align(time.wall + HOUR, time.up);
    expect(clock.now()).toBe(time.wall + HOUR);
  });

  it('never steps back with a store that does: a lease that has begun would last an hour', () => {
    const { time, clock } = machine();
    clock.align(time.wall, time.up);
    expect(clock.align(time.wall - HOUR, time.up)).toBe(-HOUR);
    expect(clock.now()).toBe(time.wall);
  });
});
