import { describe, expect, it } from 'vitest';
import type { MoAnswer } from '../../src/smpp/handlers.ts';
import { Unanswered } from '../../src/smpp/mo/unanswered.ts';
import type { Pending } from '../../src/smpp/mo/unanswered.ts';
import { manualClock } from './support/clock.ts';

const STORED: MoAnswer = { ack: 'stored' };

function bench(most: number) {
  const clock = manualClock();
  const notes: string[] = [];
  const unanswered = new Unanswered({ clock, note: (event: string) => void notes.push(event) } as never, most);
  const statuses: number[] = [];
  const pending = {
    settings: { name: 'lab' },
    sequence: 1,
    reply: (status: number) => statuses.push(status),
  } as unknown as Pending;
  const waiting: ((answer: MoAnswer) => void)[] = [];
  const take = (count: number): void => {
    for (let i = 0; i < count; i++) {
      unanswered.hold();
      unanswered.hand(
        pending,
        () => new Promise((resolve) => waiting.push(resolve)),
        () => [pending],
      );
    }
  };
  const answer = async (count: number): Promise<void> => {
    for (const resolve of waiting.splice(0, count)) resolve(STORED);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { clock, unanswered, take, answer, statuses, notes, pending };
}

describe('what waits for the store', () => {
  it('is bounded by its number', async () => {
    const { unanswered, take, answer } = bench(100);
    take(100);
    expect(unanswered.full).toBe(true);
    await answer(1);
    expect(unanswered.full).toBe(false);
  });

  it('is bounded by how long it waits, as long as more than a few do (E24)', async () => {
    const { clock, unanswered, take, answer, statuses } = bench(4000);
    take(500);
    expect(unanswered.full).toBe(false);
    clock.advance(1500);
    await answer(1);
    expect(unanswered.full).toBe(true);
    await answer(436);
    expect(statuses).toHaveLength(437);
    expect(unanswered.full).toBe(false);
    take(200);
    clock.advance(100);
    await answer(64);
    // The next is one that waited for a tenth of a second.
    expect(unanswered.full).toBe(false);
  });

  it('is not refused for one that was slow a while ago, however many come at once', async () => {
    const { clock, unanswered, take, answer } = bench(4000);
    take(1);
    clock.advance(1100);
    await answer(1);
    for (let i = 0; i < 100; i++) unanswered.hold();
    expect(unanswered.full).toBe(true);
    clock.advance(3001);
    expect(unanswered.full).toBe(false);
  });

  it('is taken one by one from a store that is slow for each', async () => {
    const { clock, unanswered, take, answer } = bench(4000);
    for (let i = 0; i < 10; i++) {
      take(1);
      clock.advance(1900);
      await answer(1);
      expect(unanswered.full).toBe(false);
    }
  });
});

describe('the answer to a message of several PDUs', () => {
  it.each([
    [[true, true], 'mo.acknowledged'],
    [[true, false], 'mo.unacknowledged'],
    [[false, true], 'mo.unacknowledged'],
  ] as const)('that were written or not, %j, is %s', async (written, told) => {
    const { unanswered, notes, pending } = bench(10);
    const all = written.map((ok) => ({ ...pending, reply: (_: number, handed: (ok: boolean) => void) => handed(ok) }));
    all.forEach(() => unanswered.hold());
    unanswered.hand(
      pending,
      () => Promise.resolve(STORED),
      () => all,
    );
    await unanswered.idle();
    expect(notes).toEqual([told]);
  });

  it('that is given up keeps nobody waiting', async () => {
    const { unanswered, pending, statuses } = bench(10);
    unanswered.hold();
    unanswered.giveUp([pending], 'timeout');
    await unanswered.idle();
    expect(statuses).toHaveLength(1);
    expect(unanswered.full).toBe(false);
  });
});
