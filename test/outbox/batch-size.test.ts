import { describe, expect, it } from 'vitest';
import type { LookEnd } from '../../src/outbox/batch-size.ts';
import { nextBatch } from '../../src/outbox/batch-size.ts';

const after = (ends: readonly LookEnd[], from = 100): readonly number[] => {
  let batch = from;
  return ends.map((end) => (batch = nextBatch(batch, end, 100)));
};

describe('how many entries go together', () => {
  it('doubles while there is more, to four times the usual', () => {
    expect(after(['full', 'full', 'full'])).toEqual([200, 400, 400]);
  });

  it('is the usual once there is no more', () => {
    expect(after(['dry'], 400)).toEqual([100]);
    expect(after(['dry'], 100)).toEqual([100]);
  });

  it('halves with each failure, so that a slow line brings it in time, and comes back by doubling', () => {
    expect(after(['failed', 'failed', 'failed', 'failed', 'failed'])).toEqual([50, 25, 12, 10, 10]);
    expect(after(['dry', 'dry', 'dry', 'dry'], 12)).toEqual([24, 48, 96, 100]);
    expect(after(['full', 'full'], 12)).toEqual([24, 48]);
  });
});
