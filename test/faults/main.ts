import { EventEmitter } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../src/launcher/paths.ts';
import { programFlags } from '../program-flags.ts';
import { isBuilt } from './builds.ts';
import { FAULTS, faultsNamed } from './plan.ts';
import { report, reportBroken } from './report.ts';
import type { Session } from './session.ts';
import { runBroken, runFor, runFull } from './session.ts';

const HELP = `npm run faults -- [--only NAME] [--minutes M | --full] [--seed S]

Real orderd processes of a build (npm run build), a real Redis and the simulators, with a TCP fault proxy between each two of
them: subscribers come evenly while fault after fault strikes in an order that the seed draws. Then everything is left to
settle, and the OCS's ledger, the handsets, Redis, logs and files are audited for every MO.
Exit code 0: no violation, every broken build caught. 1: otherwise. 2: the command line was not understood.

  --only NAME    faults whose name holds NAME (--list shows them); "broken" for the broken builds alone
  --minutes M    how long; default 3
  --full         every fault as often as the list says, however long that takes
  --seed S       default: from the clock, printed
  --rate R       MOs a second and world; default 15
  --lanes N      worlds side by side; default 2
  --list         names, runs under --full
  --json         the result as JSON
  --keep         keep the run's folder with its logs
`;

/* eslint-disable no-console -- this program's product is its report on stdout */
const print = (line: string): void => console.log(line);
/* eslint-enable no-console */

const OPTIONS = {
  only: { type: 'string' },
  minutes: { type: 'string', default: '3' },
  seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  rate: { type: 'string', default: '15' },
  lanes: { type: 'string', default: '2' },
  full: { type: 'boolean', default: false },
  list: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  keep: { type: 'boolean', default: false },
} as const;

async function main(): Promise<number> {
  const values = programFlags({
    name: 'faults',
    help: HELP,
    options: OPTIONS,
    least: { minutes: 0, seed: 0, rate: 1, lanes: 1 },
  });
  if (values.list) return list();
  const faults = faultsNamed(values.only);
  if (faults.length === 0 && values.only !== 'broken') {
    process.stderr.write(`faults: --only ${values.only ?? ''}: no fault is called so, --list tells all\n`);
    return 2;
  }
  if (!isBuilt('faults')) return 2;
  const tell = (line: string): void => (values.json ? undefined : print(line));
  const [seed, rate, lanes] = [Number(values.seed), Number(values.rate), Number(values.lanes)];
  const wanted = { ...values, minutes: Number(values.minutes) };
  return inFolder(values.keep, (root) => run({ root, seed, rate, lanes, faults, tell }, wanted));
}

function list(): number {
  for (const { name, full } of FAULTS) print(`${String(full).padStart(4)}  ${name}`);
  return 0;
}

/** A folder of this run's own, gone with it. */
async function inFolder<Value>(keep: boolean, work: (root: string) => Promise<Value>): Promise<Value> {
  mkdirSync(join(ROOT, 'var'), { recursive: true });
  const root = mkdtempSync(join(ROOT, 'var', 'faults-'));
  try {
    return await work(root);
  } finally {
    if (!keep) rmSync(root, { recursive: true, force: true });
  }
}

interface Wanted {
  readonly only?: string | undefined;
  readonly minutes: number;
  readonly full: boolean;
  readonly json: boolean;
}

async function run(session: Session, { only, minutes, full, json }: Wanted): Promise<number> {
  const began = performance.now();
  const elapsed = (): number => performance.now() - began;
  const broken = only === undefined || only === 'broken' ? await runBroken(session) : [];
  const uncaught = reportBroken(broken, session.tell);
  if (only === 'broken') return Number(uncaught > 0);
  const outcome = full ? await runFull(session) : await runFor(session, Math.max(30_000, minutes * 60_000 - elapsed()));
  const head = { seed: session.seed, seconds: Math.round(elapsed() / 1000) };
  if (json) print(JSON.stringify({ ...head, ...outcome, met: Object.fromEntries(outcome.met), broken }));
  else report(outcome, head, print);
  return Number(outcome.violations.length + uncaught > 0);
}

// Each MO under way listens for the end of the simulator.
EventEmitter.defaultMaxListeners = 10_000;

try {
  process.exitCode = await main();
} catch (error) {
  print(`faults: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\nTry --help.`);
  process.exitCode = 2;
}
