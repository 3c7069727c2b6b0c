import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRunning } from '../../src/daemon/running.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const notes: unknown[] = [];
const create = () => createRunning((event, fields) => void notes.push([event, fields]));

/** Work that ends when it is told to. */
function held() {
  let end: () => void = () => undefined;
  let fail: (why: Error) => void = () => undefined;
  const over = new Promise<void>((resolve, reject) => ([end, fail] = [resolve, reject]));
  return { work: () => over, end, fail };
}

async function isOver(promise: Promise<void>): Promise<boolean> {
  let over = false;
  void promise.then(() => (over = true));
  await vi.advanceTimersByTimeAsync(0);
  return over;
}

describe('what runs on after its MO was acknowledged', () => {
  it('is idle at once where nothing runs', async () => {
    expect(await isOver(create().idle(1000))).toBe(true);
  });

  it('is idle when the last has ended, for everybody who waits, whether it failed or not', async () => {
    const running = create();
    const [one, two] = [held(), held()];
    running.go('first', one.work);
    running.go('second', two.work);
    expect(running.count).toBe(2);
    const [idle, too] = [running.idle(1000), running.idle(1000)];
    one.end();
    expect(await isOver(idle)).toBe(false);
    two.fail(new Error('away'));
    expect([await isOver(idle), await isOver(too)]).toEqual([true, true]);
    expect(running.count).toBe(0);
    expect(notes).toEqual([['flow.failed', { what: 'second', reason: 'away' }]]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is waited for no longer than said', async () => {
    const running = create();
    running.go('slow', held().work);
    const idle = running.idle(1000);
    await vi.advanceTimersByTimeAsync(999);
    expect(await isOver(idle)).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(await isOver(idle)).toBe(true);
    expect(running.count).toBe(1);
  });
});
