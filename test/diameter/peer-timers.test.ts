import { expect, test } from 'vitest';
import { TIMERS, watchdogInterval } from '../../src/diameter/peer-timers.ts';

test('Tw has 2 s of jitter either way (RFC 3539 3.4.1)', () => {
  expect([0, 51, 255].map((random) => watchdogInterval(TIMERS.Tw.default, random))).toEqual([28_000, 28_800, 32_000]);
  expect([0, 255].map((random) => watchdogInterval(TIMERS.Tw.min, random))).toEqual([4_000, 8_000]);
});

test('a lab interval below the floor jitters in proportion, never to nothing', () => {
  expect([0, 255].map((random) => watchdogInterval(300, random))).toEqual([200, 400]);
});
