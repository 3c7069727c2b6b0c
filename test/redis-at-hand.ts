import { defaultCacheDir, findRedis } from '../src/launcher/redis-binary.ts';

/** On a machine without Redis one is fetched before the first test needs it, as the lab does for a newcomer. */
export default async function setup(): Promise<void> {
  await findRedis({ path: process.env['PATH'] ?? '', cacheDir: defaultCacheDir(process.env), allowApt: true });
}
