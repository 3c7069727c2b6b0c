import { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { isLostWithConnection } from '../../src/queue/faults.ts';

/** As a producer's: it rejects at once. Nothing listens there. */
it('knows what goes with a connection that never retries, and nothing else', async () => {
  const redis = new Redis({ host: '127.0.0.1', port: 1, maxRetriesPerRequest: 0, retryStrategy: () => 5 });
  redis.on('error', () => undefined);
  const lost: unknown = await redis.ping().catch((error: unknown) => error);
  redis.disconnect();
  expect(isLostWithConnection(lost)).toBe(true);
  expect(isLostWithConnection(new Error('another'))).toBe(false);
  expect(isLostWithConnection('MaxRetriesPerRequestError')).toBe(false);
});
