import { appendFileSync, readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pause } from '../../src/launcher/demo/subscriber.ts';
import type { Random } from '../fuzz/random.ts';
import type { Fault, WorldKind } from './fault.ts';
import type { World } from './world.ts';
import { becomesReady } from './world.ts';

async function killRedis(world: World, random: Random): Promise<void> {
  await pause(50 + random.below(400));
  await world.redis.kill();
  await pause(random.below(700));
  await world.redis.start();
  await becomesReady(world);
}

const redisKilled = (world: WorldKind, fsync: string): Fault => ({
  name: `kill -9 of Redis (${fsync})`,
  world,
  full: 20,
  strike: killRedis,
});

const BOTH_KILLED: Fault = {
  name: 'kill -9 of Redis and the daemon',
  world: 'solo',
  full: 10,
  async strike(world, random) {
    await pause(50 + random.below(400));
    await world.redis.kill();
    world.expectDeath();
    world.daemon().kill('SIGKILL');
    await world.redis.start();
    await world.restart();
  },
};

/** The file that Redis appends to now (Redis 7 keeps several). */
function appended(world: World): string {
  const numbered = readdirSync(world.redis.aof).flatMap((file) => {
    const [, number] = /\.(\d+)\.incr\.aof$/.exec(file) ?? [];
    return number === undefined ? [] : [{ file, number: Number(number) }];
  });
  const [last] = numbered.sort((a, b) => b.number - a.number);
  return join(world.redis.aof, last?.file ?? 'appendonly.aof');
}

async function powerOff(world: World): Promise<void> {
  world.expectDeath();
  world.daemon().kill('SIGKILL');
  await world.redis.kill();
}

async function powerOn(world: World): Promise<void> {
  await world.redis.start();
  await world.restart();
}

/** What a disk may keep of the last second: anything from its begin to its end, cut within a command too. */
async function cutLastSecond(world: World, random: Random, off: () => Promise<void>): Promise<void> {
  await pause(random.below(300));
  const before = statSync(appended(world)).size;
  await pause(1000);
  const file = appended(world);
  await off();
  const { size } = statSync(file);
  truncateSync(file, Math.min(size, before + random.below(Math.max(1, size - before))));
}

const TAIL_CUT: Fault = {
  name: 'power loss: the last second of the append-only file is cut (everysec)',
  world: 'power',
  full: 100,
  async strike(world, random) {
    await cutLastSecond(world, random, () => powerOff(world));
    await powerOn(world);
    await becomesReady(world);
  },
};

/** As when a replica takes over that had not heard the last of it: the daemon goes on, and knows more than Redis does. */
const TAIL_CUT_BESIDE: Fault = {
  name: 'power loss of Redis alone: the last second of its file is cut (everysec)',
  world: 'power',
  full: 50,
  async strike(world, random) {
    await cutLastSecond(world, random, () => world.redis.kill());
    await world.redis.start();
    await becomesReady(world);
  },
};

const TORN_TAIL: Fault = {
  name: 'power loss: a torn write at the end of the append-only file (always)',
  world: 'solo',
  full: 20,
  async strike(world, random) {
    await pause(100 + random.below(400));
    const file = appended(world);
    await powerOff(world);
    appendFileSync(file, '*3\r\n$3\r\nSET\r\n$40\r\n{orderd'.slice(0, 1 + random.below(30)));
    await powerOn(world);
  },
};

/** libfaketime reads this file at every call; the monotonic clock stays as it is. */
export function turnClock(world: World, hours: number): void {
  writeFileSync(join(world.plan.dir, 'clock'), hours === 0 ? '+0' : `${hours > 0 ? '+' : ''}${hours}h`);
}

const clockJumps = (hours: number): Fault => ({
  name: `the daemon's clock jumps by ${hours} h, and back`,
  world: 'clock',
  full: 10,
  async strike(world, random) {
    turnClock(world, hours);
    // Charges that go unanswered meanwhile become jobs under the wrong time.
    world.ocs.faults.add({ action: 'silence', debit: true, count: 5 });
    await pause(1000 + random.below(1000));
    turnClock(world, 0);
    world.ocs.faults.clear();
    await pause(500);
  },
});

const STARTED_WRONG: Fault = {
  name: 'a daemon starts with its clock an hour wrong',
  world: 'clock',
  full: 6,
  async strike(world, random) {
    turnClock(world, random.below(2) === 0 ? 1 : -1);
    world.expectDeath();
    world.daemon().kill('SIGKILL');
    await world.restart();
    await pause(1000);
    turnClock(world, 0);
    await becomesReady(world);
  },
};

/** Fills what is left of Redis's small disk, waits, and makes room again. */
const DISK_FULL: Fault = {
  name: 'the disk of Redis is full, then has room again',
  world: 'full',
  full: 5,
  async strike(world) {
    const ballast = join(world.plan.redisDir ?? '', 'ballast');
    fill(ballast);
    await pause(2500);
    writeFileSync(ballast, '');
    if (!world.redis.alive()) await world.redis.start();
    await becomesReady(world);
  },
};

function fill(file: string): void {
  const chunk = Buffer.alloc(64 * 1024);
  const writes = Array.from({ length: 1024 });
  try {
    for (const [index] of writes.entries()) writeFileSync(file, chunk, { flag: index === 0 ? 'w' : 'a' });
  } catch {
    // ENOSPC is what was wanted.
  }
}

export const STORAGE_FAULTS: readonly Fault[] = [
  redisKilled('solo', 'always'),
  redisKilled('everysec', 'everysec'),
  BOTH_KILLED,
  TAIL_CUT,
  TAIL_CUT_BESIDE,
  TORN_TAIL,
  clockJumps(1),
  clockJumps(-1),
  STARTED_WRONG,
  DISK_FULL,
];
