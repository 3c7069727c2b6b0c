/** How a look at the partitions ended: `full` where one of them may hold more. */
export type LookEnd = 'full' | 'dry' | 'failed';

/** Times the usual: so many of an order's steps wait for one reply at most, and only while the outbox is behind. */
const MOST = 4;
const LEAST = 10;

/**
 * Entries of a partition that the next look asks for. Behind, and far from Redis, the ways there and back bound what is done in
 * a second, so more go together; after a failure fewer do, for what a slow line cannot bring in time would fail for ever.
 */
export function nextBatch(batch: number, end: LookEnd, usual: number): number {
  if (end === 'failed') return Math.max(Math.min(LEAST, usual), Math.floor(batch / 2));
  const most = end === 'full' ? usual * MOST : usual;
  return Math.min(batch * 2, most);
}
