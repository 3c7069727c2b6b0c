import { parseArgs } from 'node:util';
import { countViolations, PROMISES } from './audit.ts';
import type { Violation } from './audit.ts';
import { OCS_FAULTS } from './ocs-faults.ts';
import type { RunResult } from './run.ts';
import { runFaults } from './run.ts';

const HELP = `npm run faults -- --only ocs [--orders N] [--seed S] [--json] [--no-dedupe]

Real orderd processes, a real Redis and the simulators: orders in batches, each batch into a fault that the seed draws
(silence, late and duplicate answers, result codes, cut links, DPR, an OCS that is away, kill -9 between every two steps).
Then everything is left to settle, and the OCS's ledger and the handsets are audited.
Exit code 0: no violation. 1: violations. 2: the command line was not understood.

  --only ocs     which faults; ocs is what there is
  --orders N     default 10000
  --seed S       default: from the clock, printed
  --no-dedupe    an OCS that debits a resent request again: the audit must catch it
  --json         the result as JSON
`;

/* eslint-disable no-console -- this program's product is its report on stdout */
const print = (line: string): void => console.log(line);
/* eslint-enable no-console */

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', default: 'ocs' },
      orders: { type: 'string', default: '10000' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      'no-dedupe': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    print(HELP);
    return 0;
  }
  const orders = Number(values.orders);
  const seed = Number(values.seed);
  if (values.only !== 'ocs' || !Number.isInteger(orders) || orders < 1 || !Number.isInteger(seed)) {
    print(HELP);
    return 2;
  }
  const ocsArgs = values['no-dedupe'] ? ['--no-dedupe'] : [];
  const tell = (line: string): void => {
    if (!values.json) print(line);
  };
  const result = await runFaults({ faults: OCS_FAULTS, orders, seed, ocsArgs, tell });
  return report(result, { seed, json: values.json });
}

function report(result: RunResult, { seed, json }: { readonly seed: number; readonly json: boolean }): number {
  const violations = countViolations(result.stories);
  const endless = result.endless + (result.census['disputed'] ?? 0);
  const bad = Object.values(violations).reduce((sum, count) => sum + count, 0) + endless;
  if (json) {
    print(
      JSON.stringify({
        seed,
        orders: result.stories.length,
        violations,
        endless,
        census: result.census,
        met: Object.fromEntries(result.met),
      }),
    );
    return bad === 0 ? 0 : 1;
  }
  print(`\n${'fault'.padEnd(32)}${'runs'.padStart(6)}${'orders'.padStart(8)}`);
  for (const [name, { runs, orders }] of [...result.met].sort()) {
    print(`${name.padEnd(32)}${String(runs).padStart(6)}${String(orders).padStart(8)}`);
  }
  print(`\nseed ${seed}, ${result.stories.length} orders, settled ${result.settledInSeconds} s after the last fault`);
  for (const [name, count] of Object.entries(violations))
    print(`${String(count).padStart(6)}  ${name} (${PROMISES[name as Violation]})`);
  print(
    `${String(endless).padStart(6)}  without an end (orders and texts; disputed ones included)\n${String(result.deadLetters).padStart(6)}  dead letters`,
  );
  print(
    `states: ${Object.entries(result.census)
      .filter(([, count]) => count > 0)
      .map(([state, count]) => `${state} ${count}`)
      .join(', ')}`,
  );
  return bad === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  print(`faults: ${error instanceof Error ? error.message : String(error)}\nTry --help.`);
  process.exitCode = 2;
}
