import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../src/config/load.ts';
import { startEmbeddedRedis } from '../../src/launcher/redis-server.ts';
import { connectRedis } from '../../src/redis/connection.ts';
import { programFlags } from '../program-flags.ts';
import { plot } from './plot.ts';
import { fellOf, report } from './report.ts';
import type { Run, RunSettings } from './run.ts';
import { simulate } from './run.ts';

const HELP = `npm run simulate-credit [-- --seeds S,S,... --out FILE]

Thirty days of subscribers with the rules of config/default.yaml over a real Redis, one provider of whom misbehaves; prints the
ledger. Exit code 0: the one who misbehaved was barred in every run. 1: otherwise. 2: the command line was not understood.

  --seeds S,S,...  a run each; default 1,2,3
  --out FILE       plots the scores into FILE, an SVG; docs/credit-scores.svg is that of the default seeds
`;

async function main(): Promise<number> {
  const values = programFlags({
    name: 'simulate-credit',
    help: HELP,
    options: { seeds: { type: 'string', default: '1,2,3' }, out: { type: 'string' } },
    least: { seeds: 0 },
  });
  const loaded = await loadConfig('config/default.yaml', {});
  if (!loaded.ok) throw new Error('config/default.yaml is no config');
  const { policy, credit } = loaded.value;
  const runs: Run[] = [];
  for (const seed of values.seeds.split(',').map(Number)) runs.push(await runSeed(seed, { policy, rules: credit }));
  process.stdout.write(report(runs));
  if (values.out !== undefined) writeFileSync(values.out, plot(runs));
  return runs.every((run) => fellOf(run, 'lucky').includes('barred')) ? 0 : 1;
}

/** Rejects with the first signal: the Redis, which is in a session of its own, would outlive us. */
const stopped = new Promise<never>((_, reject) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => reject(new Error(signal)));
});

// Heard before there is a run: it is looked at with the next one.
stopped.catch(() => undefined);

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
    const handle = await connectRedis({ url: redis.url, prefix: `seed${seed}` }, () => undefined);
    const settings = { days: 30, subscribers: 10_000, perDay: 0.04, ...rules, eachDay };
    const run = await Promise.race([simulate(handle, seed, settings), stopped]);
    await handle.close();
    return run;
  } finally {
    await redis.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

const code = await main().catch((error: unknown) => {
  process.stderr.write(`simulate-credit: ${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
});
process.exit(code);
