import { startEmbeddedRedis } from '../../src/launcher/redis-server.ts';

/** A process of its own that holds an embedded Redis, so that a test can kill it. */
const redis = await startEmbeddedRedis({ dir: process.argv[2] ?? '', appendfsync: 'everysec' });
process.stdout.write(`${JSON.stringify({ pid: redis.pid(), adopted: redis.adopted })}\n`);
setInterval(() => undefined, 1000);
