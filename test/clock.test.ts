import { describe, expect, it, vi } from 'vitest';
import { systemClock } from '../src/clock.ts';

describe('the system clock', () => {
  it('tells wall time and a time that does not step back', () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 1_700_000_000_000 });
    const [wall, first] = [systemClock.now(), systemClock.monotonic()];
    vi.setSystemTime(1_600_000_000_000);
    const steppedBack = systemClock.now();
    const second = systemClock.monotonic();
    vi.useRealTimers();
    expect([wall, steppedBack]).toEqual([1_700_000_000_000, 1_600_000_000_000]);
    expect(second).toBeGreaterThanOrEqual(first);
  });

  it('runs a timer once, and not at all when it was undone', () => {
    vi.useFakeTimers();
    const ran: string[] = [];
    systemClock.after(10, () => ran.push('kept'));
    systemClock.after(10, () => ran.push('undone'))();
    vi.advanceTimersByTime(1000);
    vi.useRealTimers();
    expect(ran).toEqual(['kept']);
  });

  it('does not run what is too far away for one timer at once', () => {
    vi.useFakeTimers();
    const ran: string[] = [];
    const undo = systemClock.after(2 ** 40, () => ran.push('far'));
    vi.advanceTimersByTime(1000);
    undo();
    vi.useRealTimers();
    expect(ran).toEqual([]);
  });
});
