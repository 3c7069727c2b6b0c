import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { startEmbeddedRedis } from '../../src/launcher/redis-server.ts';
import { redisTarget } from '../../src/redis/settings.ts';
import { startProxy } from '../faults/proxy.ts';
import { seeded } from '../fuzz/random.ts';
import { startOrderd } from './orderd.ts';

it('a stop ends every part although Redis does not take back what is held', async () => {
  const orderd = await startOrderd();
  const admin = new Redis(redisTarget({ url: orderd.redisUrl, prefix: 'orderd' }));
  await admin.acl('SETUSER', 'default', '-zrangebyscore');
  admin.disconnect();
  await orderd.stop();
  const kept = orderd.notes.find(({ event }) => event === 'leases.kept');
  expect(kept?.fields).toEqual({ reason: expect.stringMatching(/^NOPERM/) as string });
  await expect(fetch(`${orderd.nocUrl}/livez`)).rejects.toThrow();
});

it('a stop that cuts the last sweep off tells of no failure', async () => {
  const redis = await startEmbeddedRedis({ dir: mkdtempSync(join(tmpdir(), 'orderd-stop-')) });
  const proxy = await startProxy(() => ({ path: redis.socket }), seeded(1));
  const orderd = await startOrderd({
    REDIS_URL: `redis://127.0.0.1:${proxy.port}`,
    ORDERD_LEASE__SWEEP_EVERY: '100ms',
  });
  proxy.trouble({ latency: 50 });
  await orderd.stop();
  await proxy.close();
  await redis.stop();
  expect(orderd.notes.map(({ event }) => event)).not.toContain('sweep.failed');
});
