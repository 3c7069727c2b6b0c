import type { Quotas } from '../flow/ports.ts';
import type { RedisHandle } from './connection.ts';

/** Uses counted within windows, over all processes. Names hold no MSISDN and no address, only their HMAC (E19). */
export function createQuotas({ redis, run, prefix }: RedisHandle): Quotas {
  const key = (name: string): string => `${prefix}:quota:${name}`;
  return {
    take: async (name, limit, window) => (await run('take-quota', [key(name)], [limit, window])) === 1,
    used: async (name) => Number((await redis.get(key(name))) ?? 0),
  };
}
