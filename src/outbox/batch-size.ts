const LEAST = 10;

/**
 * Entries of a partition that the next look asks for: after a failure fewer, for what a slow line cannot bring in time would fail for
 * ever.
 */
export function nextBatch(batch: number, end: 'done' | 'failed', usual: number): number {
  if (end === 'failed') return Math.max(Math.min(LEAST, usual), Math.floor(batch / 2));
  return Math.min(batch * 2, usual);
}
