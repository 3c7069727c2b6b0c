import { describe, expect, it } from 'vitest';
import { someAtOnce } from '../../src/outbox/at-once.ts';

/** Two slices and a rest of them. */
const NUMBERS = Array.from({ length: 70 }, (_, number) => number);

/** Work that tells how much of it is under way; each piece ends when the loop has turned a few times. */
function counting(failing?: number) {
  const seen = { now: 0, most: 0, ended: 0 };
  const work = async (number: number): Promise<number> => {
    seen.most = Math.max(seen.most, ++seen.now);
    for (let turns = 0; turns <= number; turns++) await Promise.resolve();
    seen.now--;
    seen.ended++;
    if (number === failing) throw new Error('away');
    return number * 2;
  };
  return { seen, work };
}

describe('some at once', () => {
  it('does all of it, no more than so many at a time, and gives what came of each in order', async () => {
    const { seen, work } = counting();
    expect(await someAtOnce(NUMBERS, work)).toEqual(NUMBERS.map((number) => number * 2));
    expect(seen).toEqual({ now: 0, most: 32, ended: 70 });
  });

  it('tells of one that failed when those beside it have ended, and begins no more', async () => {
    const { seen, work } = counting(33);
    await expect(someAtOnce(NUMBERS, work)).rejects.toThrow('away');
    expect(seen).toEqual({ now: 0, most: 32, ended: 64 });
  });

  it('takes more of a long list at a time: eight ways there and back, and never fewer than 32', async () => {
    const [long, short] = [counting(), counting()];
    await someAtOnce(Array<number>(800).fill(1), long.work);
    await someAtOnce(Array<number>(100).fill(1), short.work);
    expect([long.seen.most, short.seen.most]).toEqual([100, 32]);
  });

  it('of nothing is nothing', async () => {
    expect(await someAtOnce([], () => Promise.resolve(1))).toEqual([]);
  });
});
