import { join } from 'node:path';
import { seeded } from '../fuzz/random.ts';
import type { BrokenBuild } from './builds.ts';
import { BROKEN, copyBuild } from './builds.ts';
import type { Violation } from './audit.ts';
import type { Fault, WorldKind } from './fault.ts';
import { withClock, withMemoryDisk } from './machine.ts';
import type { Prepared } from './machine.ts';
import { FAULTS, fullCounts, kindsOf, rounds } from './plan.ts';
import type { Met, RunResult } from './run.ts';
import { runWorld } from './run.ts';

export interface Session {
  readonly root: string;
  readonly seed: number;
  readonly rate: number;
  readonly faults: readonly Fault[];
  /** Worlds at the same time. */
  readonly lanes: number;
  readonly tell: (line: string) => void;
}

/** One world's share of a session. */
interface Lane {
  readonly kind: WorldKind;
  readonly faults: readonly Fault[];
  /** Milliseconds that it may take. */
  readonly budget?: number;
}

export interface Outcome {
  readonly met: ReadonlyMap<string, Met>;
  readonly violations: readonly Violation[];
  readonly lost: number;
  readonly deadLetters: number;
  readonly starts: readonly number[];
  /** Starts that failed and were tried again. */
  readonly failedStarts: number;
  readonly slowestRest: number;
  /** Kinds of world that this machine cannot have, and why. */
  readonly skipped: readonly string[];
}

/** Most faults of a full run are of one kind of world: it is split, so that worlds go on side by side. */
const LONGEST_LANE = 250;

export function runFull(session: Session): Promise<Outcome> {
  const random = seeded(session.seed);
  const lanes = kindsOf(session.faults).flatMap((kind) => {
    const faults = fullCounts(
      session.faults.filter(({ world }) => world === kind),
      random,
    );
    const parts = Math.ceil(faults.length / LONGEST_LANE);
    return Array.from({ length: parts }, (_, part): Lane => ({
      kind,
      faults: faults.filter((_f, at) => at % parts === part),
    }));
  });
  return runLanes(session, lanes);
}

/** All kinds of world get their share of the time; the one with most of the faults has it all. */
export function runFor(session: Session, milliseconds: number): Promise<Outcome> {
  const random = seeded(session.seed);
  const all = kindsOf(session.faults);
  // One strike of it may outlast a short run.
  const kinds = all.length === 1 ? all : all.filter((kind) => kind !== 'heavy');
  const share = (kind: WorldKind): number =>
    kind === 'solo' || kinds.length === 1 ? milliseconds : milliseconds / Math.max(1, kinds.length - 1);
  const lanes = kinds.map((kind): Lane => {
    const own = session.faults.filter(({ world }) => world === kind);
    return { kind, faults: rounds(own, 1000, random), budget: share(kind) };
  });
  return runLanes(session, lanes);
}

async function runLanes(session: Session, lanes: readonly Lane[]): Promise<Outcome> {
  const main = await copyBuild(join(session.root, 'build'));
  const left = [...lanes.entries()];
  const results: RunResult[] = [];
  const skipped: string[] = [];
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const result = await runLane(session, next[1], { number: next[0], main });
      if (typeof result === 'string') skipped.push(`${next[1].kind}: ${result}`);
      else results.push(result);
    }
  };
  await Promise.all(Array.from({ length: session.lanes }, work));
  return { ...summed(results), skipped };
}

async function runLane(
  { root, seed, rate, tell }: Session,
  { kind, faults, budget }: Lane,
  { number, main }: { readonly number: number; readonly main: string },
): Promise<RunResult | string> {
  const dir = join(root, `${number}-${kind}`);
  const prepared = prepare(kind, dir);
  if (typeof prepared === 'string') return prepared;
  const { env, redisDir } = prepared;
  const over = { ...(env === undefined ? {} : { env }), ...(redisDir === undefined ? {} : { redisDir }) };
  try {
    const until = budget === undefined ? {} : { until: performance.now() + budget };
    return await runWorld({
      kind,
      number,
      dir,
      main,
      rate,
      faults,
      tell,
      over,
      random: seeded(seed * 31 + number),
      ...until,
    });
  } finally {
    prepared.undo();
  }
}

/**
 * While its fsync is slow, Redis under everysec puts off the write as well, and a kill takes what it had acknowledged: on a disk
 * that is never slow a kill takes nothing, which is what that world judges.
 */
const MEMORY_DISKS: Partial<Record<WorldKind, string>> = { full: '12m', everysec: '1g' };

function prepare(kind: WorldKind, dir: string): Prepared | string {
  if (kind === 'clock') return withClock(dir);
  const size = MEMORY_DISKS[kind];
  return size === undefined ? { undo: () => undefined } : withMemoryDisk(dir, size);
}

function summed(results: readonly RunResult[]): Omit<Outcome, 'skipped'> {
  const met = new Map<string, Met>();
  for (const [name, { runs, orders }] of results.flatMap((result) => [...result.met])) {
    const before = met.get(name) ?? { runs: 0, orders: 0 };
    met.set(name, { runs: before.runs + runs, orders: before.orders + orders });
  }
  return {
    met,
    violations: results.flatMap(({ violations }) => violations),
    lost: results.reduce((sum, { lost }) => sum + lost, 0),
    deadLetters: results.reduce((sum, { deadLetters }) => sum + deadLetters, 0),
    failedStarts: results.reduce((sum, { failedStarts }) => sum + failedStarts, 0),
    starts: results.flatMap(({ starts }) => starts),
    slowestRest: Math.max(0, ...results.map(({ settledInSeconds }) => settledInSeconds)),
  };
}

export interface Caught {
  readonly name: string;
  readonly caught: boolean;
  readonly found: readonly Violation[];
}

/** The harness's own test: each build that breaks a rule must be caught. */
export async function runBroken(session: Session): Promise<readonly Caught[]> {
  const left = [...BROKEN.entries()];
  const all: Caught[] = [];
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) all.push(await tryBroken(session, ...next));
  };
  await Promise.all(Array.from({ length: session.lanes }, work));
  return all;
}

async function tryBroken({ root, seed, rate, tell }: Session, at: number, build: BrokenBuild): Promise<Caught> {
  const dir = join(root, `broken-${at}`);
  const faults = build.faults.flatMap((name) => FAULTS.filter((fault) => fault.name === name));
  const main = await copyBuild(join(dir, 'build'), build.edits);
  const over = build.ocs === undefined ? {} : { ocs: build.ocs };
  const { violations: found } = await runWorld({
    kind: faults[0]?.world ?? 'solo',
    number: at,
    dir: join(dir, 'world'),
    main,
    rate,
    faults,
    tell,
    over,
    random: seeded(seed),
  });
  return { name: build.name, caught: build.caught.some((one) => found.some(({ promise }) => promise === one)), found };
}
