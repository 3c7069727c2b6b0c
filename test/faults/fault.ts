import type { Random } from '../fuzz/random.ts';
import type { Fsync } from './redis.ts';
import type { World } from './world.ts';

export type WorldKind = 'solo' | 'pair' | 'slow' | 'heavy' | 'everysec' | 'clock' | 'full' | 'power';

export interface WorldShape {
  readonly daemons: number;
  readonly fsync: Fsync;
  readonly lossy?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

/** Kinds of world: which processes and which Redis a fault needs. */
export const WORLDS: Readonly<Record<WorldKind, WorldShape>> = {
  /** One daemon, appendfsync always. */
  solo: { daemons: 1, fsync: 'always' },
  /** Two daemons on one Redis. */
  pair: { daemons: 2, fsync: 'always' },
  /** Two daemons that wait long for an answer, while every sweep looks for orders that nobody holds. */
  slow: {
    daemons: 2,
    fsync: 'always',
    env: { ORDERD_LEASE__TIME: '5s', ORDERD_DIAMETER__TX: '3s', ORDERD_LEASE__SWEEP_EVERY: '100ms' },
  },
  /** One daemon that may have ten thousand orders in flight, and only those. */
  heavy: { daemons: 1, fsync: 'always', env: { ORDERD_CHARGING__BACKLOG_LIMIT: '20000' } },
  /** One daemon, appendfsync everysec, Redis's file in memory. */
  everysec: { daemons: 1, fsync: 'everysec' },
  /** The daemon's clock can be turned. */
  clock: { daemons: 1, fsync: 'always' },
  /** Redis on a file system of a few megabytes. */
  full: { daemons: 1, fsync: 'everysec' },
  /** Power goes: what everysec has not written yet is lost, which is counted; nothing may be debited twice for it. */
  power: { daemons: 1, fsync: 'everysec', lossy: true },
};

/** One kind of fault. `strike` begins it, ends it, and resolves when the world is whole again. */
export interface Fault {
  readonly name: string;
  readonly world: WorldKind;
  /** Runs under `--full`. */
  readonly full: number;
  /** Nothing is wrong in it: whatever is sent twice then is a violation. */
  readonly calm?: boolean;
  strike(world: World, random: Random): Promise<void>;
}
