import { expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { useBench, useServer } from '../redis/support.ts';
import { plot } from './plot.ts';
import { fellOf, goodThatFell, report } from './report.ts';
import { simulate } from './run.ts';

const bench = useBench(useServer());

/** A smaller one of what `npm run simulate-credit` runs: fewer subscribers, fewer days, one seed; the same rules, a real Redis. */
it('moves the provider that misbehaves from notice to challenges within days without a hand, and no other', async () => {
  const loaded = await loadConfig('config/default.yaml', {});
  if (!loaded.ok) throw new Error('config/default.yaml is no config');
  const { policy, credit } = loaded.value;
  const run = await simulate(bench.handle, 7, { days: 4, subscribers: 2000, perDay: 0.1, policy, rules: credit });
  const path = fellOf(run, 'lucky');
  expect(path[0]).toMatch(/known|watched/);
  expect(goodThatFell([run]).fell).toBeLessThanOrEqual(1);
  expect(run.scores.get('lucky')?.at(-1)).toBeLessThan(80);
  const printed = report([run]);
  expect(printed).toMatch(/self-consumption: \d+ burst of \d+ ordered within 24 h/);
  expect(plot([run])).toMatch(/^<svg[^]*Lucky Seven[^]*<\/svg>$/);
}, 300_000);
