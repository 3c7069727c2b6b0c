import { expect, it } from 'vitest';
import { createStoreWatch } from '../../src/daemon/store-watch.ts';
import { createStoreClock } from '../../src/store-clock.ts';

function watched() {
  const state: { problem: string | undefined; time: number } = { problem: undefined, time: 10_000_000 };
  const notes: unknown[] = [];
  const clock = createStoreClock({ now: () => 10_000_000, monotonic: () => 0, after: () => () => undefined });
  const store = { time: () => Promise.resolve(state.time), health: () => Promise.resolve(state.problem) };
  const watch = createStoreWatch(store, clock, (event, fields) => notes.push([event, fields]));
  return { state, notes, clock, watch };
}

it('tells once that the store is unwell, and once that it is well again', async () => {
  const { state, notes, watch } = watched();
  for (const problem of [undefined, 'disk full', 'disk full', undefined, undefined]) {
    state.problem = problem;
    await watch.look();
    expect(watch.problem()).toBe(problem);
  }
  expect(notes).toEqual([
    ['redis.unwell', { reason: 'disk full' }],
    ['redis.well', { reason: undefined }],
  ]);
});

it('follows the store’s clock, and tells when it had jumped', async () => {
  const { state, notes, clock, watch } = watched();
  await watch.look();
  state.time += 3_600_000;
  await watch.look();
  await watch.look();
  expect(clock.now()).toBe(13_600_000);
  expect(notes).toEqual([['clock.off', { ms: 3_600_000 }]]);
});
