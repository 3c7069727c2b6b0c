import { pause } from '../../src/launcher/demo/subscriber.ts';
import type { Random } from '../fuzz/random.ts';
import type { Story, Violation } from './audit.ts';
import { isLost, violationsOf } from './audit.ts';
import type { Fault } from './fault.ts';
import { WORLDS } from './fault.ts';
import type { WorldKind } from './fault.ts';
import { leaksOf } from './leaks.ts';
import { calmed } from './network-faults.ts';
import { connectRecords, readRecords } from './records.ts';
import { atRest } from './rest.ts';
import type { World, WorldPlan } from './world.ts';
import { startWorld } from './world.ts';

export interface RunPlan {
  readonly kind: WorldKind;
  readonly number: number;
  readonly dir: string;
  readonly main: string;
  readonly random: Random;
  /** MOs a second from new subscribers, whatever happens. */
  readonly rate: number;
  /** What strikes, in this order. */
  readonly faults: readonly Fault[];
  /** performance.now() after which no further fault begins. */
  readonly until?: number;
  readonly over?: Partial<WorldPlan>;
  readonly tell: (line: string) => void;
}

export interface Met {
  runs: number;
  orders: number;
}

export interface RunResult {
  readonly met: ReadonlyMap<string, Met>;
  readonly violations: readonly Violation[];
  /** Orders that power loss took, where Redis promises no more. */
  readonly lost: number;
  readonly settledInSeconds: number;
  /** Milliseconds from the start of a daemon to its ready line, each. */
  readonly starts: readonly number[];
  readonly failedStarts: number;
  readonly deadLetters: number;
}

/** Longest wait for everything to come to rest. */
const REST_MS = 300_000;

/** One world: subscribers come evenly while fault after fault strikes; then peace, and everything is read and judged. */
export async function runWorld(plan: RunPlan): Promise<RunResult> {
  const { daemons, fsync, lossy = false, env = {} } = WORLDS[plan.kind];
  const { dir, main, number, random } = plan;
  const world = await startWorld({
    dir,
    main,
    number,
    random,
    daemons,
    fsync,
    lossy,
    ...plan.over,
    env: { ...env, ...plan.over?.env },
  });
  try {
    const met = new Map<string, Met>();
    const broken = await strikeAll(world, plan, met);
    const result = await judge(world, plan, { met, broken, lossy });
    plan.tell(`${plan.kind}: judged, ${result.violations.length} violations`);
    return result;
  } finally {
    await world.close();
  }
}

/** What new subscribers are told apart by, and whether any come. */
interface Now {
  fault: string;
  calm: boolean;
  quiet: boolean;
}

async function strikeAll(world: World, plan: RunPlan, met: Map<string, Met>): Promise<readonly Violation[]> {
  const violations: Violation[] = [];
  const now: Now = { fault: 'none', calm: false, quiet: false };
  const feed = setInterval(() => {
    const counted = met.get(now.fault);
    if (now.quiet || counted === undefined) return;
    counted.orders += 1;
    world.crowd.enter(now.fault, now.calm);
  }, 1000 / plan.rate);
  for (const [at, fault] of plan.faults.entries()) {
    if (plan.until !== undefined && performance.now() > plan.until) break;
    violations.push(...(await meet(world, plan, { fault, now, met })));
    if (at % 25 === 24)
      plan.tell(`${plan.kind}: ${at + 1} of ${plan.faults.length} faults, ${world.crowd.all.size} subscribers`);
  }
  clearInterval(feed);
  return violations;
}

async function meet(
  world: World,
  plan: RunPlan,
  { fault, now, met }: { readonly fault: Fault; readonly now: Now; readonly met: Map<string, Met> },
): Promise<readonly Violation[]> {
  const counted = met.get(fault.name) ?? { runs: 0, orders: 0 };
  counted.runs += 1;
  met.set(fault.name, counted);
  const calm = fault.calm === true;
  const pauseFor = async (patienceMs: number): Promise<void> => {
    now.quiet = calm;
    if (calm) await atRest(world, patienceMs);
    now.quiet = false;
  };
  await pauseFor(10_000);
  Object.assign(now, { fault: fault.name, calm });
  const violations = await strike(world, fault, plan.random);
  await pauseFor(5000);
  return violations;
}

/** P7: what the fault itself expected and did not get, and processes that died of their own. */
async function strike(world: World, fault: Fault, random: Random): Promise<readonly Violation[]> {
  const deaths = world.deaths.length;
  const found: Violation[] = [];
  const add = (what: string): void => void found.push({ promise: 'P7', fault: fault.name, about: 'the daemon', what });
  try {
    await fault.strike(world, random);
  } catch (error) {
    add(error instanceof Error ? error.message : String(error));
    calmed(world);
  }
  world.deaths.slice(deaths).forEach(add);
  return found;
}

async function judge(
  world: World,
  plan: RunPlan,
  {
    met,
    broken,
    lossy,
  }: { readonly met: ReadonlyMap<string, Met>; readonly broken: readonly Violation[]; readonly lossy: boolean },
): Promise<RunResult> {
  calmed(world);
  const settledIn = await atRest(world, REST_MS);
  // A text that the SMSC took a moment ago may still be on its way to the handset.
  await pause(500);
  const redis = await connectRecords(`unix://${world.redis.socket}`);
  try {
    const { orders, dead, waiting } = await readRecords(redis);
    if (settledIn > REST_MS)
      plan.tell(
        `${plan.kind}: not at rest after ${REST_MS / 1000} s: ${world.crowd.underway} MOs under way, ${waiting.join(' ')}`,
      );
    const rows = groupBy(world.ocs.ledger.rows(), ({ msisdn }) => msisdn);
    const stories = [...world.crowd.all.values()].map((who): Story => {
      const { msisdn } = who;
      return { who, orders: orders.get(msisdn) ?? [], ledger: rows.get(msisdn) ?? [], dead: dead.has(msisdn) };
    });
    const found = [...broken, ...stories.flatMap(violationsOf), ...(await leaksOf(world, redis))];
    const isLoss = (one: Violation): boolean => lossy && isLost(one);
    return {
      met,
      violations: found.filter((one) => !isLoss(one)),
      lost: found.filter(isLoss).length,
      settledInSeconds: Math.round(settledIn / 1000),
      starts: world.starts,
      failedStarts: world.failedStarts.length,
      deadLetters: dead.size,
    };
  } finally {
    await redis.close();
  }
}

export function groupBy<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
