import { expect, it } from 'vitest';
import { createSuspensions } from '../../src/redis/suspensions.ts';
import type { RedisHandle } from '../../src/redis/connection.ts';

const WORD = { who: 'amina', why: 'misled people', at: 1 };

it('a suspension that is written holds here at once, and its end too, although nothing can be read after it', async () => {
  const stored = new Map<string, string>();
  const redis = {
    hsetnx: (_: string, id: string, json: string) => Promise.resolve(stored.has(id) ? 0 : (stored.set(id, json), 1)),
    hdel: (_: string, id: string) => Promise.resolve(Number(stored.delete(id))),
    hgetall: () => Promise.reject(new Error('the connection to Redis is closed')),
  } as unknown as RedisHandle['redis'];
  const suspensions = createSuspensions({ redis, prefix: 'ord' });
  expect(await suspensions.suspend('planet', WORD)).toBe(true);
  expect(suspensions.of('planet')).toEqual(WORD);
  expect(await suspensions.resume('planet')).toBe(true);
  expect(suspensions.of('planet')).toBeUndefined();
});
