import type { Quotas } from '../flow/ports/ports.ts';
import type { RedisHandle } from './connection.ts';

/** Uses counted within windows, over all processes. Names hold no MSISDN and no address, only their HMAC (E19). */
export function createQuotas({ run, prefix }: RedisHandle, now: () => number): Quotas {
  return {
    take: async (name, token, { limit, window, sameFor = window }) =>
      (await run('take-quota', [`{${prefix}:quota:${name}}`], [token, limit, window, now(), sameFor])) === 1,
  };
}
