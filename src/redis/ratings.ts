import type { Ratings } from '../flow/ports/ports.ts';
import type { RedisHandle } from './connection.ts';

export interface RatingSettings {
  /** Failures in a row that stop a service; asked at each use, for a reload changes it. */
  readonly failures: () => number;
  /** Milliseconds that a failure counts, and a stop lasts. */
  readonly pause: () => number;
  /** A changed catalogue starts anew. */
  readonly catalogueVersion: () => string;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

/** A count is used again for this long, milliseconds. */
const REUSE = 1000;

/** Services that the OCS cannot rate, counted for all processes together. What cannot be read stops nothing. */
export function createRatings({ redis, prefix }: RedisHandle, settings: RatingSettings): Ratings {
  const key = (serviceId: string): string => `{${prefix}:ratings}:${settings.catalogueVersion()}:${serviceId}`;
  const seen = new Map<string, { readonly at: number; readonly count: number }>();

  async function countOf(serviceId: string): Promise<number> {
    const known = seen.get(serviceId);
    if (known !== undefined && settings.now() - known.at < REUSE) return known.count;
    const count = Number((await redis.get(key(serviceId))) ?? '0');
    seen.set(serviceId, { at: settings.now(), count });
    return count;
  }

  return {
    async failed(serviceId) {
      const replies = await redis.multi().incr(key(serviceId)).pexpire(key(serviceId), settings.pause()).exec();
      const count = Number(replies?.[0]?.[1] ?? 0);
      seen.set(serviceId, { at: settings.now(), count });
      return count === settings.failures();
    },
    async rated(serviceId) {
      // Only after a failure that this process knows of: a grant costs no round trip.
      if ((seen.get(serviceId)?.count ?? 0) === 0) return;
      await redis.del(key(serviceId));
      seen.delete(serviceId);
    },
    stopped: (serviceId) =>
      countOf(serviceId).then(
        (count) => count >= settings.failures(),
        () => false,
      ),
  };
}
