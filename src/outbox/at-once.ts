import { slicesOf } from '../lib/slices.ts';

/**
 * So many are at work at once: they share the way to Redis and back, where hundreds one after the other would fall behind what happens,
 * and few enough go together for the orders' own steps to get in between.
 */
const AT_ONCE = 32;

/** Of a long list more go together: whoever is behind, and far from Redis, would fall further behind by each way there and back. */
const WAYS = 8;

/**
 * Does all of it, some at once, in order of the list, and resolves with what came of each. All at work have ended before one that
 * failed is told: what comes again must not meet its own first try.
 */
export async function someAtOnce<One, Done>(
  list: readonly One[],
  work: (one: One) => Promise<Done>,
): Promise<readonly Done[]> {
  const atOnce = Math.max(AT_ONCE, Math.ceil(list.length / WAYS));
  const done: Done[] = [];
  for (const slice of slicesOf(list, atOnce)) done.push(...valuesOf(await Promise.allSettled(slice.map(work))));
  return done;
}

/** Throws for the first that failed. */
export function valuesOf<Done>(ended: readonly PromiseSettledResult<Done>[]): readonly Done[] {
  return ended.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
}
