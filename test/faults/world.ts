import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Ocs } from '../../simulators/ocs/ocs.ts';
import { startOcs } from '../../simulators/ocs/ocs.ts';
import type { OcsOptions } from '../../simulators/ocs/options.ts';
import type { Smsc } from '../../simulators/smsc/smsc.ts';
import { startSmsc } from '../../simulators/smsc/smsc.ts';
import type { Child } from '../../src/launcher/child.ts';
import { startChild } from '../../src/launcher/child.ts';
import { pause } from '../../src/launcher/demo/subscriber.ts';
import { LAB_CONFIG } from '../../src/launcher/lab.ts';
import { ROOT } from '../../src/launcher/paths.ts';
import type { Random } from '../fuzz/random.ts';
import { catalogueYaml } from './catalogue.ts';
import type { Crowd } from './crowd.ts';
import { createCrowd } from './crowd.ts';
import type { FaultProxy } from './proxy.ts';
import { startProxy } from './proxy.ts';
import type { Fsync, HarnessRedis } from './redis.ts';
import { startRedis } from './redis.ts';
import { endsWithUs } from './with-us.ts';

export interface WorldPlan {
  readonly dir: string;
  /** One digit: worlds of one run have subscribers of their own. */
  readonly number: number;
  /** What its daemons run. */
  readonly main: string;
  readonly daemons: number;
  readonly fsync: Fsync;
  /** Power goes in it, and what Redis had not written goes too. */
  readonly lossy?: boolean;
  readonly random: Random;
  readonly ocs?: OcsOptions;
  readonly redisDir?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Daemon processes of a build over one Redis, between simulators in this process, with a fault proxy on each network. */
export interface World {
  readonly plan: WorldPlan;
  readonly smsc: Smsc;
  readonly ocs: Ocs;
  readonly redis: HarnessRedis;
  readonly proxies: { readonly smpp: FaultProxy; readonly diameter: FaultProxy; readonly redis: FaultProxy };
  readonly crowd: Crowd;
  readonly trigger: string;
  /** Folder of the config that the daemons read. */
  readonly config: string;
  daemon(index?: number): Child;
  /** Starts the daemon anew that stood at `index`; its death was meant. */
  restart(index?: number): Promise<number>;
  /** Deaths that no fault asked for. */
  readonly deaths: readonly string[];
  expectDeath(index?: number): void;
  /** Why starts failed; each was tried again. */
  readonly failedStarts: readonly string[];
  /** Milliseconds from each start to the ready line. */
  readonly starts: readonly number[];
  close(): Promise<void>;
}

const ENV = {
  ORDERD_LEASE__TIME: '3s',
  ORDERD_LEASE__SWEEP_EVERY: '250ms',
  ORDERD_DIAMETER__TX: '1s',
  ORDERD_DIAMETER__REQUEST_TIMEOUT: '10s',
  ORDERD_SETTLE__FIRST: '300ms',
  ORDERD_SETTLE__CAP: '2s',
  ORDERD_SAY__FIRST: '300ms',
  ORDERD_SAY__CAP: '2s',
  ORDERD_DEDUPE__WINDOW: '30m',
  ORDERD_CHALLENGE__DIGITS: '10',
  ORDERD_CHALLENGE__WINDOW: '30m',
  ORDERD_CHALLENGE__CODE_LIFE: '10m',
  ORDERD_SMPP__LINKS__0__WINDOW: '100',
  ORDERD_SMPP__LINKS__0__RESPONSE_TIMEOUT: '2s',
  ORDERD_SMPP__LINKS__0__ENQUIRE_LINK_EVERY: '2s',
  ORDERD_SMPP__LINKS__0__RECONNECT_CAP: '1s',
  ORDERD_CHARGING__BREAKER__OPEN_FOR: '1s',
  ORDERD_LOG__PRETTY: 'never',
  ORDERD_NOC__PORT: '0',
};

export async function startWorld(plan: WorldPlan): Promise<World> {
  const { dir, random } = plan;
  mkdirSync(dir, { recursive: true });
  const config = writeConfig(join(dir, 'config'));
  const redis = await startRedis(plan.redisDir ?? join(dir, 'redis'), plan.fsync);
  // Receipts that come at once are all early ones: none would find its text accepted.
  const smsc = await startSmsc({ retryDelayMs: 200, responseTimeoutMs: 3000, window: 200, receiptDelayMs: 50 });
  const ocs = await startOcs({ httpPort: 'none', ...plan.ocs });
  const smpp = await startProxy(() => ({ host: '127.0.0.1', port: smsc.ports.smpp }), random);
  const diameter = await startProxy(() => ({ host: '127.0.0.1', port: ocs.ports.diameter }), random);
  const redisProxy = await startProxy(() => ({ path: redis.socket }), random);
  const proxies = { smpp, diameter, redis: redisProxy };
  const trigger = join(dir, 'kill-now');
  const fleet = createFleet(plan, { config, trigger, proxies, ocs });
  for (let index = 0; index < plan.daemons; index++) await fleet.start(index);
  await smsc.receiving();
  return {
    plan,
    smsc,
    ocs,
    redis,
    proxies,
    crowd: createCrowd(smsc, random, plan.number),
    trigger,
    config,
    ...fleet,
    async close() {
      await fleet.stop();
      for (const part of [smpp, diameter, redisProxy, smsc, ocs]) await part.close();
      await redis.stop();
      rmSync(join(dir, 'redis'), { recursive: true, force: true });
    },
  };
}

/** The lab's, with a catalogue of our own. */
function writeConfig(dir: string): string {
  cpSync(join(LAB_CONFIG, '..'), dir, { recursive: true });
  cpSync(LAB_CONFIG, join(dir, 'orderd.yaml'));
  writeFileSync(join(dir, 'lab-catalogue.yaml'), catalogueYaml());
  return dir;
}

interface Around {
  readonly config: string;
  readonly trigger: string;
  readonly proxies: World['proxies'];
  readonly ocs: Ocs;
}

type Fleet = Pick<World, 'daemon' | 'restart' | 'deaths' | 'expectDeath' | 'starts' | 'failedStarts'> & {
  start(index: number): Promise<number>;
  stop(): Promise<void>;
};

/** The daemons, and what became of each. */
function createFleet(plan: WorldPlan, around: Around): Fleet {
  const children: (Child | undefined)[] = [];
  const deaths: string[] = [];
  const starts: number[] = [];
  const failed: string[] = [];
  const expected = new Set<Child>();

  async function start(index: number): Promise<number> {
    const began = performance.now();
    const child = await persistently(
      () => startChild(planOf(plan, around, index)),
      (why) => failed.push(why),
    );
    children[index] = child;
    endsWithUs(child.pid, child.exited);
    void child.exited.then((code) => {
      if (!expected.has(child)) deaths.push(`daemon ${index} (pid ${child.pid}) ended with ${code ?? 'a signal'}`);
    });
    const took = performance.now() - began;
    starts.push(took);
    return took;
  }
  const daemon = (index = 0): Child => {
    const child = children[index];
    if (child === undefined) throw new Error(`daemon ${index} was never started`);
    return child;
  };
  const expectDeath = (index = 0): void => void expected.add(daemon(index));
  return {
    daemon,
    deaths,
    starts,
    failedStarts: failed,
    expectDeath,
    start,
    async restart(index = 0) {
      expectDeath(index);
      await daemon(index).exited;
      return start(index);
    },
    async stop() {
      await Promise.all(children.map((_, index) => (expectDeath(index), daemon(index).stop(15_000))));
    },
  };
}

/** As a supervisor does: a start that fails, for want of time or of Redis, is tried again. */
async function persistently(start: () => Promise<Child>, failed: (why: string) => void, tries = 5): Promise<Child> {
  try {
    return await start();
  } catch (error) {
    failed(error instanceof Error ? error.message : String(error));
    if (tries === 1) throw error;
    await pause(500);
    return persistently(start, failed, tries - 1);
  }
}

function planOf({ dir, main, env = {} }: WorldPlan, { config, trigger, proxies, ocs }: Around, index: number) {
  const peer = (name: number): Record<string, string> => ({
    [`ORDERD_DIAMETER__PEERS__${name}__NAME`]: `lab-ocs-${name}`,
    [`ORDERD_DIAMETER__PEERS__${name}__HOST`]: '127.0.0.1',
    [`ORDERD_DIAMETER__PEERS__${name}__TC`]: '500ms',
    [`ORDERD_DIAMETER__PEERS__${name}__TW`]: '6s',
  });
  return {
    name: `orderd ${index}`,
    args: ['--import', join(ROOT, 'test/faults/kill-at.mjs'), main, '--config', join(config, 'orderd.yaml')],
    readyEvent: 'daemon.ready',
    logFile: join(dir, `orderd-${index}.log`),
    env: {
      ...ENV,
      ORDERD_KILL_FILE: trigger,
      ORDERD_INSTANCE__NAME: `orderd-${index}`,
      ORDERD_INSTANCE__STATE_DIR: dir,
      ORDERD_DIAMETER__ORIGIN_HOST: `orderd-${index}.lab.example`,
      ORDERD_REDIS__URL: `redis://127.0.0.1:${proxies.redis.port}`,
      ORDERD_SMPP__LINKS__0__PORT: String(proxies.smpp.port),
      ...peer(0),
      ...peer(1),
      ORDERD_DIAMETER__PEERS__0__PORT: String(proxies.diameter.port),
      // A second way to the OCS, past the proxy: what one loses may go over the other.
      ORDERD_DIAMETER__PEERS__1__PORT: String(ocs.ports.diameter),
      ORDERD_CDR__FOLDER: join(dir, 'cdr'),
      ...env,
    },
  };
}

export async function readyz(world: World, index = 0): Promise<boolean> {
  const port = String(world.daemon(index).ready['noc']);
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(5000) }).catch(
    () => undefined,
  );
  return answer?.ok === true;
}

/** Bound, connected, and the store at hand: whether it ever comes is what a fault is about. */
export async function becomesReady(world: World, index = 0, patienceMs = 120_000): Promise<number> {
  const began = performance.now();
  while (performance.now() - began < patienceMs) {
    if (await readyz(world, index)) return performance.now() - began;
    await pause(50);
  }
  throw new Error(`daemon ${index} was not ready again within ${patienceMs / 1000} s`);
}
