import type { Due, Wake } from '../flow/ports.ts';
import type { StoreBase } from './store-base.ts';

/**
 * One sorted set per partition: when somebody must look again. Members are `o:<order id>` and `m:<text id>`; each step
 * that leaves an order or text unfinished leaves it here too (P1).
 */
export function createWake(base: StoreBase): Wake {
  const { run, keys, retention } = base;
  return {
    async claimDue(partition, now, limit) {
      const wake = keys.wake(partition);
      const members = (await run('claim-due', [wake], [now, limit, now + retention.claim])) as readonly string[];
      const due = await Promise.all(members.map((member) => withFence(base, member)));
      const gone = members.filter((_member, index) => due[index] === undefined);
      // Records that were erased by hand: nothing can be done about them any more.
      if (gone.length > 0) await base.redis.zrem(wake, ...gone);
      return due.filter((one) => one !== undefined);
    },
  };
}

async function withFence({ redis, keys }: StoreBase, member: string): Promise<Due | undefined> {
  const id = member.slice(2);
  const kind = member.startsWith('o:') ? 'order' : 'mt';
  const fence = await redis.hget(kind === 'order' ? keys.order(id) : keys.mt(id), 'fence');
  return fence === null ? undefined : { kind, id, fence: Number(fence) };
}
