import type { Redis } from 'ioredis';
import { MOST_PARTITIONS } from '../domain/ids.ts';
import { Refusal } from '../lib/reason.ts';

/**
 * The partition count is part of every order id, so it is fixed at first start (E22). Throws when the configured one
 * differs from the stored one.
 */
export async function fixPartitions(redis: Redis, prefix: string, partitions: number): Promise<void> {
  if (!Number.isInteger(partitions) || partitions < 1 || partitions > MOST_PARTITIONS) {
    throw new RangeError(`the number of partitions must be 1 to ${MOST_PARTITIONS}, not ${partitions}`);
  }
  const key = partitionsKey(prefix);
  await redis.setnx(key, partitions);
  const stored = Number(await redis.get(key));
  if (stored === partitions) return;
  throw new Refusal(
    `this Redis was set up with ${stored} partitions, the configuration says ${partitions}: ` +
      `set it back to ${stored}, or start with an empty Redis or another prefix`,
  );
}

/** There as long as the record is. */
export function partitionsKey(prefix: string): string {
  return `{${prefix}:meta}:partitions`;
}
