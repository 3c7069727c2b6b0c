import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../src/config/load.ts';
import { startEmbeddedRedis } from '../../src/launcher/redis-server.ts';
import { connectRedis } from '../../src/redis/connection.ts';
import { plot } from './plot.ts';
import { fellOf, report } from './report.ts';
import type { Run, RunSettings } from './run.ts';
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
  const runs: Run[] = [];
  for (const seed of seeds) runs.push(await runSeed(seed, { policy, rules: credit }));
  process.stdout.write(report(runs));
  if (given.length === 0) writeFileSync(PLOT, plot(runs));
  return runs.every((run) => fellOf(run, 'lucky').includes('barred')) ? 0 : 1;
}

/** Each seed has a Redis of its own, and tells how it goes day by day. */
async function runSeed(seed: number, rules: Pick<RunSettings, 'policy' | 'rules'>): Promise<Run> {
  const dir = mkdtempSync(join(tmpdir(), 'orderd-credit-'));
  const redis = await startEmbeddedRedis({ dir, appendfsync: 'everysec', allowApt: true });
  const began = performance.now();
  const eachDay = (day: number, scores: Run['scores']): void => {
    const now = [...scores].map(([id, points]) => `${id} ${points.at(-1)}`).join(', ');
    process.stderr.write(`seed ${seed}, day ${day}, ${Math.round((performance.now() - began) / 1000)} s: ${now}\n`);
  };
  try {
    const handle = await connectRedis({ socket: redis.socket, prefix: `seed${seed}` }, () => undefined);
    const run = await simulate(handle, seed, { days: 30, subscribers: 10_000, perDay: 0.04, ...rules, eachDay });
    await handle.close();
    return run;
  } finally {
    await redis.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

process.exit(await main());
