import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../src/config/load.ts';
import { startEmbeddedRedis } from '../../src/launcher/redis-server.ts';
import { connectRedis } from '../../src/redis/connection.ts';
import { plot } from './plot.ts';
import { fellOf, report } from './report.ts';
import type { Run } from './run.ts';
import { simulate } from './run.ts';

/** `npm run simulate-credit [-- seed ...]`: thirty days with config/default.yaml's rules; prints the ledger and plots the scores. */
const SEEDS = [1, 2, 3];
const PLOT = 'docs/credit-scores.svg';

async function main(): Promise<number> {
  const loaded = await loadConfig('config/default.yaml', {});
  if (!loaded.ok) throw new Error('config/default.yaml is no config');
  const { policy, credit } = loaded.value;
  const given = process.argv.slice(2).map(Number);
  const seeds = given.length > 0 ? given : SEEDS;
  const dir = mkdtempSync(join(tmpdir(), 'orderd-credit-'));
  const redis = await startEmbeddedRedis({ dir, appendfsync: 'everysec', allowApt: true });
  const runs: Run[] = [];
  try {
    for (const seed of seeds) {
      const handle = await connectRedis({ socket: redis.socket, prefix: `seed${seed}` }, () => undefined);
      const began = performance.now();
      runs.push(await simulate(handle, seed, { days: 30, subscribers: 10_000, perDay: 0.04, policy, rules: credit }));
      process.stderr.write(`seed ${seed}: ${Math.round((performance.now() - began) / 1000)} s\n`);
      await handle.redis.flushall();
      await handle.close();
    }
  } finally {
    await redis.stop();
    rmSync(dir, { recursive: true, force: true });
  }
  process.stdout.write(report(runs));
  if (given.length === 0) writeFileSync(PLOT, plot(runs));
  return runs.every((run) => fellOf(run, 'lucky').includes('barred')) ? 0 : 1;
}

process.exit(await main());
