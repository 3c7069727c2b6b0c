import { randomFillSync } from 'node:crypto';

/** Octets fetched at once: a call into OpenSSL costs as much for a page as for one octet. */
const POOL = 4096;

/** `count` octets from the system's generator, cut from a pool; no octet is given out twice. */
export function createRandom(): (count: number) => Uint8Array {
  let pool = new Uint8Array(0);
  let used = 0;
  return (count) => {
    if (pool.length - used < count) {
      pool = randomFillSync(new Uint8Array(Math.max(POOL, count)));
      used = 0;
    }
    const octets = pool.slice(used, used + count);
    // What was given out is not kept: a pool read later must not tell ids or challenges.
    pool.fill(0, used, used + count);
    used += count;
    return octets;
  };
}
