import { EventEmitter } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pause } from '../../src/launcher/demo/subscriber.ts';
import { ROOT } from '../../src/launcher/paths.ts';
import type { RedisHandle } from '../../src/redis/connection.ts';
import { readInfo } from '../../src/redis/health.ts';
import { programFlags } from '../program-flags.ts';
import type { Random } from '../fuzz/random.ts';
import { seeded } from '../fuzz/random.ts';
import { copyBuild, isBuilt } from './builds.ts';
import type { Word } from './catalogue.ts';
import { keyword } from './catalogue.ts';
import { ASKS, CODE } from './crowd.ts';
import { NETWORK_FAULTS } from './network-faults.ts';
import { connectRecords, waitingIn } from './records.ts';
import type { World } from './world.ts';
import { startWorld } from './world.ts';

const HELP = `npm run soak -- [--minutes M] [--rate R] [--seed S]

One daemon of a build (npm run build) over a real Redis, subscribers who order again and again, and a random network fault
every few seconds. Prints heap, RSS, file descriptors, Redis memory and keys over time, and at the end least, median and
most of each quarter after the first; records are kept for two minutes, so all of it must be flat after the warm-up. Exit code 1 when a process died or nothing was ordered.

  --minutes M    default 60
  --rate R       orders a second; default 10. Choose about 70 % of what npm run bench says of this machine
  --seed S       default 1
  --every N      seconds between two lines; default 30
`;

/* eslint-disable no-console -- this program's product is its report on stdout */
const print = (line: string): void => console.log(line);
/* eslint-enable no-console */

/** What came due since the last tick is sent in one go: a timer per order would be late at hundreds a second. */
const TICK_MS = 20;
/** Beyond so many MOs that the SMSC still tries to deliver, nobody sends: its tries would be all that happens. */
const UNDER_WAY = 2000;
/** Each subscriber orders again after so long, past the dedupe window: all of them have ordered within the warm-up. */
const AGAIN_AFTER_S = 45;
/** Codes are remembered by subscriber for a day: of so many subscribers one orders by code, so that an hour adds little. */
const ONE_BY_CODE = 200;

/** What is remembered for longer by default is remembered for minutes, or an hour would end before all of it has levelled. */
const ENV = {
  ORDERD_POLICY__PROFILE__RETENTION__ORDERS: '2m',
  ORDERD_KEEP__TEXTS: '2m',
  ORDERD_KEEP__RECEIPTS: '2m',
  ORDERD_KEEP__DEAD_LETTERS: '2m',
  ORDERD_DEDUPE__WINDOW: '30s',
  ORDERD_SETTLE__MAX_AGE: '2m',
  ORDERD_CHALLENGE__WINDOW: '60s',
  ORDERD_CHALLENGE__CODE_LIFE: '60s',
  ORDERD_CHALLENGE__CODES_PER_DAY: '1000',
  // Who orders every minute is no burst here, and no provider's credit falls for it.
  ORDERD_CREDIT__BURST_ORDERS: '1000',
};

interface Tally {
  sent: number;
  ended: number;
  acknowledged: number;
  placed: number;
}

async function main(): Promise<number> {
  const values = programFlags({
    name: 'soak',
    help: HELP,
    options: {
      minutes: { type: 'string', default: '60' },
      rate: { type: 'string', default: '10' },
      seed: { type: 'string', default: '1' },
      every: { type: 'string', default: '30' },
    },
    least: { minutes: 0, rate: 1, seed: 0, every: 1 },
  });
  if (!isBuilt('soak')) return 2;
  mkdirSync(join(ROOT, 'var'), { recursive: true });
  const root = mkdtempSync(join(ROOT, 'var', 'soak-'));
  try {
    const main = await copyBuild(join(root, 'build'));
    const random = seeded(Number(values.seed));
    const plan = { dir: join(root, 'world'), number: 0, main, daemons: 1, fsync: 'always', random, env: ENV } as const;
    const world = await startWorld(plan);
    try {
      return await soak(world, random, {
        ms: Number(values.minutes) * 60_000,
        rate: Number(values.rate),
        every: Number(values.every) * 1000,
      });
    } finally {
      await world.close();
    }
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

interface Length {
  readonly ms: number;
  readonly rate: number;
  readonly every: number;
}

async function soak(world: World, random: Random, { ms, rate, every }: Length): Promise<number> {
  const redis = await connectRecords(`unix://${world.redis.socket}`);
  const tally: Tally = { sent: 0, ended: 0, acknowledged: 0, placed: 0 };
  const stop = load(world, random, { rate, tally });
  const end = performance.now() + ms;
  const striking = strikeUntil(world, random, end);
  print(`${rate} orders a second, a fault every few seconds, for ${ms / 60_000} minutes`);
  print(`${'minute'.padStart(7)}${HEADS.map((head) => head.padStart(12)).join('')}`);
  const rows: (readonly Figure[])[] = [];
  for (let at = 0; performance.now() < end; at += every) {
    const figures = await figuresOf(world, redis, tally);
    if (at >= ms / 4) rows.push(figures);
    print(lineOf(figures, at));
    await pause(Math.min(every, Math.max(0, end - performance.now())));
  }
  stop();
  const faults = await striking;
  for (const line of levels(rows)) print(line);
  await pause(5000);
  print(`at rest ${lineOf(await figuresOf(world, redis, tally), ms)}`);
  await redis.close();
  print(`${faults} faults; ${world.deaths.length} unexpected ends of the daemon ${world.deaths.join('; ')}`);
  return world.deaths.length === 0 && tally.placed > 0 ? 0 : 1;
}

/** Orders without a challenge, with YES and with a code; answers come at once. */
function load(
  world: World,
  random: Random,
  { rate, tally }: { readonly rate: number; readonly tally: Tally },
): () => void {
  const send = (from: string, text: string): void => {
    const sending = world.smsc.mo({ from, to: '5000', text, queue: true });
    if ('error' in sending) return;
    tally.sent += 1;
    void sending.then(({ status }) => {
      tally.ended += 1;
      tally.acknowledged += Number(status === 0);
    });
  };
  const stopHearing = world.smsc.messages.arrived.on(({ to, text }) => {
    if (/\bis ordered\b/.test(text)) tally.placed += 1;
    const [, code] = CODE.exec(text) ?? [];
    if (code !== undefined) send(to, code);
    else if (ASKS.test(text)) send(to, 'YES');
  });
  const subscribers = rate * AGAIN_AFTER_S;
  const began = performance.now();
  let next = 0;
  const timer = setInterval(() => {
    for (const due = ((performance.now() - began) / 1000) * rate; next < due; next++) {
      if (tally.sent - tally.ended > UNDER_WAY) continue;
      const index = next % subscribers;
      const word = index % ONE_BY_CODE === 0 ? 'QUIZ' : random.pick<Word>(['MATCH', 'MATCH', 'FILM', 'GOLD']);
      send(`25479${String(1_000_000 + index)}`, keyword(word, index));
    }
  }, TICK_MS);
  return () => {
    clearInterval(timer);
    stopHearing();
  };
}

async function strikeUntil(world: World, random: Random, end: number): Promise<number> {
  let count = 0;
  while (performance.now() < end - 15_000) {
    await pause(2000 + random.below(6000));
    // One that does not mend in time shows in the figures.
    await random
      .pick(NETWORK_FAULTS)
      .strike(world, random)
      .catch(() => undefined);
    count += 1;
  }
  return count;
}

const HEADS = [
  'heap MiB',
  'RSS MiB',
  'fds',
  'lag p99 ms',
  'Redis MiB',
  'keys',
  'waiting',
  'sent',
  'acked',
  'ordered',
] as const;
/** Heads of what must be flat. */
const LEVEL: readonly string[] = ['heap MiB', 'RSS MiB', 'fds', 'Redis MiB', 'keys'] satisfies (typeof HEADS)[number][];

type Figure = number | string;

async function figuresOf(world: World, redis: RedisHandle, tally: Tally): Promise<readonly Figure[]> {
  const text = await fetch(`http://127.0.0.1:${String(world.daemon().ready['noc'])}/metrics`).then((answer) =>
    answer.text(),
  );
  const metric = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
  const mib = (octets: number): string => (octets / 2 ** 20).toFixed(1);
  const info = await readInfo(redis.redis, 'memory');
  return [
    mib(metric('nodejs_heap_size_used_bytes')),
    mib(metric('process_resident_memory_bytes')),
    metric('process_open_fds'),
    (metric('nodejs_eventloop_lag_p99_seconds') * 1000).toFixed(1),
    mib(Number(info.get('used_memory'))),
    await redis.redis.dbsize(),
    await waitingIn(redis),
    tally.sent,
    tally.acknowledged,
    tally.placed,
  ];
}

function lineOf(figures: readonly Figure[], at: number): string {
  return `${(at / 60_000).toFixed(1).padStart(7)}${figures.map((figure) => String(figure).padStart(12)).join('')}`;
}

/** Of each quarter after the first, which is the warm-up: median, least and most. */
function levels(rows: readonly (readonly Figure[])[]): readonly string[] {
  if (rows.length < 3) return [];
  const quarters = [0, 1, 2].map((index) =>
    rows.slice(Math.floor((index * rows.length) / 3), Math.floor(((index + 1) * rows.length) / 3)),
  );
  return HEADS.flatMap((head, column) => {
    if (!LEVEL.includes(head)) return [];
    const of = quarters.map((quarter) => {
      const sorted = quarter.map((row) => Number(row[column])).sort((a, b) => a - b);
      return `${sorted[sorted.length >> 1]} (${sorted[0]} to ${sorted.at(-1)})`;
    });
    return [`${head} in the quarters after the warm-up: ${of.join(', ')}`];
  });
}

// Each MO under way listens for the end of the simulator.
EventEmitter.defaultMaxListeners = 10_000;

try {
  process.exitCode = await main();
} catch (error) {
  print(`soak: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\nTry --help.`);
  process.exitCode = 2;
}
