import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Faults } from '../../simulators/ocs/faults.ts';
import { pause } from '../../src/launcher/demo/subscriber.ts';
import type { Random } from '../fuzz/random.ts';
import type { Fault } from './fault.ts';
import type { World } from './world.ts';
import { becomesReady } from './world.ts';

/** Between every two of these a kill -9 may fall; a second word is the action or state that the note must carry. */
export const STEPS = [
  'order.opened',
  'mo.acknowledged',
  'challenge.answered',
  'charge.written debit',
  'charge.answered debit',
  'order.placed',
  'mt.written',
  'mt.accepted',
  'mt.said',
  'receipt.matched',
  'charge.written reserve',
  'charge.answered reserve',
  'charge.recorded reserved',
  'charge.written commit',
  'charge.answered commit',
  'charge.recorded refunding',
  'charge.written refund',
  'charge.answered refund',
  'order.charge-unknown',
] as const;

const NONE: Fault = {
  name: 'none',
  world: 'solo',
  full: 20,
  calm: true,
  async strike() {
    await pause(800);
  },
};

const SLOW: Fault = {
  name: 'none, two processes and a slow OCS',
  world: 'slow',
  full: 10,
  calm: true,
  async strike(world) {
    world.ocs.faults.add({ action: 'delay', delayMs: 1500 });
    await pause(4000);
    world.ocs.faults.clear();
  },
};

async function kill(world: World, index = 0): Promise<void> {
  world.expectDeath(index);
  world.daemon(index).kill('SIGKILL');
  await world.restart(index);
}

const RANDOM_KILL: Fault = {
  name: 'kill -9 at random',
  world: 'solo',
  full: 200,
  async strike(world, random) {
    await pause(50 + random.below(500));
    await kill(world);
  },
};

const ONE_OF_TWO: Fault = {
  name: 'two processes: kill -9 of one',
  world: 'pair',
  full: 30,
  async strike(world, random) {
    await pause(50 + random.below(500));
    await kill(world, random.below(2));
  },
};

/** A hang guard: some steps come only now and then, and later on a busy machine. */
const PATIENCE_MS = 60_000;

/**
 * Steps that an everyday order does not pass: what the OCS must do for them. A charge sent again may have been taken before, and
 * then hears what it was answered first, whatever is asked for here: of those that wait for a take-over there may be many.
 */
export function provoke(faults: Faults, step: string): void {
  if (step.includes('refund'))
    faults.add({ action: 'grant', units: 100, matchAction: 'DIRECT_DEBITING', matchRetransmit: false });
  if (step === 'order.charge-unknown') faults.add({ action: 'silence', debit: true });
}

function atStep(step: string): Fault {
  return {
    name: `kill -9 at ${step}`,
    world: 'solo',
    full: 20,
    async strike(world) {
      await becomesReady(world);
      const doomed = world.daemon();
      world.expectDeath();
      provoke(world.ocs.faults, step);
      writeFileSync(world.trigger, step);
      const died = await Promise.race([doomed.exited.then(() => true), pause(PATIENCE_MS).then(() => false)]);
      rmSync(world.trigger, { force: true });
      if (!died) throw new Error(`no order came to ${step} in ${PATIENCE_MS / 1000} s`);
      world.ocs.faults.clear();
      await world.restart();
    },
  };
}

const FIVE_IN_ONE_JOB: Fault = {
  name: 'kill -9 of the worker, five times in its jobs',
  world: 'solo',
  full: 3,
  async strike(world) {
    // Unanswered charges become jobs; every process dies as soon as it resends one.
    world.ocs.faults.add({ action: 'silence', debit: true });
    await pause(1500);
    for (let death = 0; death < 5; death++) {
      world.expectDeath();
      writeFileSync(world.trigger, 'charge.written');
      await world.daemon().exited;
      rmSync(world.trigger, { force: true });
      await world.restart();
    }
    world.ocs.faults.clear();
    await becomesReady(world);
  },
};

const BLOCKED: Fault = {
  name: 'event loop blocked for 5 s',
  world: 'solo',
  full: 3,
  async strike(world) {
    writeFileSync(world.trigger, 'block 5000 charge.written');
    await pause(6000);
    rmSync(world.trigger, { force: true });
    await becomesReady(world);
  },
};

const FROZEN: Fault = {
  name: 'two processes: one stopped past its leases',
  world: 'pair',
  full: 5,
  async strike(world, random) {
    const one = world.daemon(random.below(2));
    one.kill('SIGSTOP');
    await pause(4500);
    one.kill('SIGCONT');
    await pause(500);
  },
};

/** It must end with 0, and within its deadline. */
async function drain(world: World, index: number): Promise<void> {
  const doomed = world.daemon(index);
  world.expectDeath(index);
  doomed.kill('SIGTERM');
  const began = performance.now();
  const code = await doomed.exited;
  const took = Math.round(performance.now() - began);
  if (code !== 0 || took > 11_000) throw new Error(`SIGTERM ended with ${code ?? 'a signal'} after ${took} ms`);
  await world.restart(index);
}

const SIGTERM: Fault = {
  name: 'SIGTERM under load',
  world: 'solo',
  full: 50,
  async strike(world, random) {
    await becomesReady(world);
    await pause(random.below(400));
    await drain(world, 0);
  },
};

const SIGTERM_OF_ONE: Fault = {
  name: 'two processes: SIGTERM of one',
  world: 'pair',
  full: 10,
  async strike(world, random) {
    await pause(random.below(400));
    await drain(world, random.below(2));
  },
};

const reloads = async (world: World): Promise<number> => {
  const text = await (await fetch(`http://127.0.0.1:${String(world.daemon().ready['noc'])}/metrics`)).text();
  return Number(/^orderd_config_reload_success (\d)$/m.exec(text)?.[1]);
};

async function reload(world: World, file: string, edit: (text: string) => string, wanted: 0 | 1): Promise<void> {
  const path = join(world.config, file);
  const before = readFileSync(path, 'utf8');
  writeFileSync(path, edit(before));
  world.daemon().kill('SIGHUP');
  for (let tries = 0; (await reloads(world)) !== wanted; tries++) {
    if (tries > 100) throw new Error(`orderd_config_reload_success is not ${wanted} after a reload of ${file}`);
    await pause(50);
  }
  writeFileSync(path, before);
}

const BAD_RELOAD: Fault = {
  name: 'SIGHUP with a faulty config, then a good one',
  world: 'solo',
  full: 10,
  async strike(world, random) {
    const at = random.below(10_000);
    await reload(world, 'lab-catalogue.yaml', (text) => `${text.slice(0, text.length - 20 - at)}\n  - {`, 0);
    await reload(world, 'orderd.yaml', (text) => text.replace('tc: 1s', 'tc: 2s'), 1);
    world.daemon().kill('SIGHUP');
    await becomesReady(world);
  },
};

const IN_FLIGHT = 10_000;

const MANY_IN_FLIGHT: Fault = {
  name: 'kill -9 with 10,000 orders in flight',
  world: 'heavy',
  full: 1,
  async strike(world) {
    await world.ocs.stopListening();
    for (let sent = 0; sent < IN_FLIGHT; sent += 100) {
      for (let one = 0; one < 100; one++) world.crowd.enter(MANY_IN_FLIGHT.name, false, 'order');
      while (world.crowd.underway > 200) await pause(10);
    }
    await kill(world);
    await world.ocs.listen();
    await becomesReady(world);
  },
};

const DUPLICATES: Fault = {
  name: 'one MO a hundred times at once',
  world: 'solo',
  full: 20,
  async strike(world, random: Random) {
    const who = world.crowd.enter('one MO a hundred times at once', false, 'order');
    const text = who.sent[0]?.text ?? '';
    const send = async (): Promise<unknown> => world.smsc.mo({ from: who.msisdn, to: '5000', text, queue: true });
    await Promise.all(Array.from({ length: 100 }, send));
    await pause(random.below(100));
  },
};

export const PROCESS_FAULTS: readonly Fault[] = [
  NONE,
  SLOW,
  RANDOM_KILL,
  ...STEPS.map(atStep),
  FIVE_IN_ONE_JOB,
  BLOCKED,
  SIGTERM,
  BAD_RELOAD,
  DUPLICATES,
  MANY_IN_FLIGHT,
  ONE_OF_TWO,
  FROZEN,
  SIGTERM_OF_ONE,
];
