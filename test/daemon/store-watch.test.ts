import { expect, it } from 'vitest';
import { createStoreWatch } from '../../src/daemon/store-watch.ts';
import { createStoreClock } from '../../src/store-clock.ts';

it('tells once of a clock that was set back, for as long as it is, and again when it is set back anew', async () => {
  const { state, notes, watch } = watched();
  const seen: number[] = [];
  for (const ms of [0, 1999, -2000, 0, 2000, -3_600_000]) {
    state.time += ms;
    await watch.look();
    seen.push(notes.length);
  }
  expect(seen).toEqual([0, 0, 1, 1, 1, 2]);
  expect(notes).toEqual([
    ['clock.off', { ms: -2000 }],
    ['clock.off', { ms: -3_600_000 }],
  ]);
});

it('takes the store’s time for that of the middle of its way there and back', async () => {
  const asked = [100, 300];
  const monotonic = () => asked.shift() ?? 300;
  const aligned: unknown[] = [];
  const align = (...of: [number, number]) => (aligned.push(of), 0);
  const clock = { now: () => 0, monotonic, after: () => () => undefined, align };
  const store = { up: () => true, time: () => Promise.resolve(5000), health: () => Promise.resolve(undefined) };
  await createStoreWatch(store, clock, () => undefined).look();
  expect(aligned).toEqual([[5000, 200]]);
});

function watched() {
  const state: { problem: string | undefined; time: number; up: boolean; refusal?: Error | undefined } = {
    problem: undefined,
    up: true,
    time: 10_000_000,
  };
  const notes: unknown[] = [];
  const clock = createStoreClock({ now: () => 10_000_000, monotonic: () => 0, after: () => () => undefined });
  const answer = <Value>(value: Value): Promise<Value> =>
    state.refusal === undefined ? Promise.resolve(value) : Promise.reject(state.refusal);
  const store = { up: () => state.up, time: () => Promise.resolve(state.time), health: () => answer(state.problem) };
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

it('takes a store that does not let itself be looked at for unwell, until it does', async () => {
  const { state, notes, watch } = watched();
  state.refusal = new Error('BUSY Redis is busy running a script.');
  await expect(watch.look()).rejects.toThrow(/^BUSY/);
  await expect(watch.look()).rejects.toThrow(/^BUSY/);
  expect(watch.problem()).toBe('Redis does not serve us: BUSY Redis is busy running a script.');
  state.refusal = undefined;
  await watch.look();
  expect(watch.problem()).toBeUndefined();
  expect(notes).toEqual([
    ['redis.unwell', { reason: 'Redis does not serve us: BUSY Redis is busy running a script.' }],
    ['redis.well', { reason: undefined }],
  ]);
});

it('leaves it to others to tell that the connection is gone', async () => {
  const { state, notes, watch } = watched();
  Object.assign(state, { up: false, refusal: new Error('the connection to Redis is closed') });
  await expect(watch.look()).rejects.toThrow(/closed/);
  expect([watch.problem(), notes]).toEqual([undefined, []]);
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
