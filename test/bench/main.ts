/** `npm run bench`: interleaved rounds of every row in one run, medians with least and most. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { BUSY_LIMIT } from '../../simulators/load/report.ts';
import { programFlags } from '../program-flags.ts';
import { topFunctions } from './profile.ts';
import type { Round } from './round.ts';
import { playRound } from './round.ts';
import type { Fsync, RowPlan, Wanted } from './rows.ts';
import { plansOf } from './rows.ts';
import { tableOf } from './table.ts';

const HELP = `npm run bench [-- FLAGS]: how fast orderd (dist/, built before) is, beside a bare echo, in one run

  --rows LIST       a echo ESME on the smpp package, b notice orders, c orders with a code, d 5 % throttles and 1 % OCS
                    timeouts, e USSD dialogues of four turns, f Kannel with no store and with its file store (default a,b)
  --windows LIST    closed loop, texts without an answer at most (default 100,1000; none: '')
  --rates LIST      open loop, orders per second (default none)
  --fsync LIST      appendfsync of Redis (default always,everysec)
  --processes LIST  daemon processes (default 1)
  --kept LIST       placed orders with subscription and text that Redis holds before (default 0)
  --live LIST       orders that wait for a code which Redis holds before (default 0)
  --rounds N        (default 5)
  --seconds N       measured per round (default 5)
  --warmup N        seconds before (default 3)
  --node=FLAGS      of Node for orderd, after those of config/orderd.service; apart by spaces (default none)
  --folder PATH     where Redis keeps its data meanwhile: its disk decides what appendfsync costs (default var)
  --json            every round as JSON, for other tools
  --profile         CPU profiles of the daemons of the first round, and their ten busiest functions
`;

const OPTIONS = {
  rows: { type: 'string', default: 'a,b' },
  windows: { type: 'string', default: '100,1000' },
  rates: { type: 'string', default: '' },
  fsync: { type: 'string', default: 'always,everysec' },
  processes: { type: 'string', default: '1' },
  kept: { type: 'string', default: '0' },
  live: { type: 'string', default: '0' },
  rounds: { type: 'string', default: '5' },
  seconds: { type: 'string', default: '5' },
  warmup: { type: 'string', default: '3' },
  node: { type: 'string', default: '' },
  folder: { type: 'string', default: 'var' },
  json: { type: 'boolean', default: false },
  profile: { type: 'boolean', default: false },
} as const;

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const hint = (line: string): void => void process.stderr.write(`${line}\n`);
const list = (text: string): readonly string[] => (text === '' ? [] : text.split(','));

type Values = ReturnType<typeof parse>;

function parse() {
  const least = { windows: 1, rates: 1, processes: 1, kept: 0, live: 0, rounds: 1, seconds: 1, warmup: 0 };
  return programFlags({ name: 'bench', help: HELP, options: OPTIONS, least });
}

function wantedOf(values: Values, folder: string): Wanted {
  return {
    rows: list(values.rows),
    windows: list(values.windows).map(Number),
    rates: list(values.rates).map(Number),
    fsyncs: list(values.fsync) as readonly Fsync[],
    processes: list(values.processes).map(Number),
    kept: list(values.kept).map(Number),
    live: list(values.live).map(Number),
    folder: join(folder, 'orderd'),
  };
}

async function play(values: Values, plans: readonly RowPlan[], profiles: string): Promise<Map<string, Round[]>> {
  const rounds = new Map<string, Round[]>(plans.map(({ name }) => [name, []]));
  const times = ['--warmup', `${values.warmup}s`, '--for', `${values.seconds}s`];
  for (let number = 0; number < Number(values.rounds); number++) {
    const profiling = values.profile && number === 0 ? ['--cpu-prof', `--cpu-prof-dir=${profiles}`] : [];
    const nodeFlags = [...values.node.split(' ').filter((flag) => flag !== ''), ...profiling];
    const flags = [...times, '--first', String(number * 1_000_000)];
    for (const plan of plans) {
      const round = await playRound(await plan.start(nodeFlags), [...plan.flags, ...flags]);
      rounds.get(plan.name)?.push(round);
      hint(`round ${number + 1} ${plan.name}: ${said(round)}`);
    }
  }
  return rounds;
}

function said({ load }: Round): string {
  const share = Math.round(load.busiest * 100);
  const bound = load.busiest < BUSY_LIMIT ? '' : `; the load may be the bound, at ${share} % of a core`;
  return `${Math.round(load.rates.replies)} replies/s${bound}`;
}

function sayProfiles(folder: string): void {
  for (const file of readdirSync(folder)) say(topFunctions(join(folder, file), 10));
}

async function main(): Promise<number> {
  const values = parse();
  mkdirSync(values.folder, { recursive: true });
  const folder = mkdtempSync(join(values.folder, 'bench-'));
  const profiles = join(folder, 'profiles');
  try {
    const rounds = await play(values, plansOf(wantedOf(values, folder)), profiles);
    say(values.json ? JSON.stringify(Object.fromEntries(rounds)) : tableOf(rounds));
    if (values.profile) sayProfiles(profiles);
    return 0;
  } finally {
    if (!values.profile) rmSync(folder, { recursive: true, force: true });
  }
}

try {
  process.exit(await main());
} catch (error) {
  hint(`bench: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(2);
}
