import type { Keys } from './keys.ts';
import type { StoreBase } from './store-base.ts';

/** Whether the process that this names holds its leases no longer. */
export type IsOver = (owner: string) => boolean;

export interface Leases {
  /**
   * Ends at `now` the leases of a partition whose holder `isOver` names and which would end by `until` (both epoch ms);
   * resolves with their number.
   */
  free(partition: number, isOver: IsOver, now: number, until: number): Promise<number>;
}

/** Records of one step: a long list would hold up the others. */
const SLICE = 500;

/** E5 gives what a dead process held to the others when its lease ends; where its death is known nobody needs to wait. */
export function createLeases(base: Pick<StoreBase, 'redis' | 'run' | 'keys'>): Leases {
  return {
    async free(partition, isOver, now, until) {
      // What is held is woken when its lease ends; all that waits for a subscriber or for another day is left unread.
      const members = await base.redis.zrangebyscore(base.keys.wake(partition), '-inf', until);
      let freed = 0;
      for (let from = 0; from < members.length; from += SLICE) {
        const held = await heldBy(base, members.slice(from, from + SLICE), isOver);
        if (held.length > 0) freed += await freeAll(base, partition, held, now);
      }
      return freed;
    },
  };
}

interface Held {
  readonly member: string;
  readonly owner: string;
}

async function heldBy(
  { redis, keys }: Pick<StoreBase, 'redis' | 'keys'>,
  members: readonly string[],
  isOver: IsOver,
): Promise<readonly Held[]> {
  const owners = await Promise.all(members.map((member) => redis.hget(recordOf(keys, member), 'owner')));
  return members.flatMap((member, index) => {
    const owner = owners[index] ?? null;
    return owner !== null && isOver(owner) ? [{ member, owner }] : [];
  });
}

async function freeAll(
  { run, keys }: Pick<StoreBase, 'run' | 'keys'>,
  partition: number,
  held: readonly Held[],
  now: number,
): Promise<number> {
  const records = held.map(({ member }) => recordOf(keys, member));
  const step = { now, members: held.map(({ member }) => member), owners: held.map(({ owner }) => owner) };
  return Number(await run('free-leases', [keys.wake(partition), ...records], [JSON.stringify(step)]));
}

function recordOf(keys: Keys, member: string): string {
  const id = member.slice(2);
  return member.startsWith('o:') ? keys.order(id) : keys.mt(id);
}
