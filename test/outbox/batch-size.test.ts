import { describe, expect, it } from 'vitest';
import { nextBatch } from '../../src/outbox/batch-size.ts';

describe('how many entries of a partition the next look asks for', () => {
  it('is as many as usual', () => {
    expect(nextBatch(100, 'done', 100)).toBe(100);
  });

  it('is half as many after a failure, down to a handful, and grows again', () => {
    const sizes = [100];
    for (let time = 0; time < 5; time++) sizes.push(nextBatch(sizes.at(-1) ?? 0, 'failed', 100));
    expect(sizes).toEqual([100, 50, 25, 12, 10, 10]);
    expect(nextBatch(10, 'done', 100)).toBe(20);
    expect(nextBatch(64, 'done', 100)).toBe(100);
  });

  it('is never more than usual, and at least one, however few that is', () => {
    expect(nextBatch(3, 'failed', 3)).toBe(3);
    expect(nextBatch(3, 'done', 3)).toBe(3);
  });
});
