import type { Due, Wake } from '../flow/ports/ports.ts';
import type { Keys } from './keys.ts';
import type { StoreBase } from './store-base.ts';

/**
 * One sorted set per partition: when somebody must look again. Members are `o:<order id>`, `m:<text id>` and
 * `u:<subscriber>` for a USSD dialogue; each step that leaves one unfinished leaves it here too (P1).
 */
export function createWake(base: StoreBase): Wake {
  const { run, keys, retention } = base;
  return {
    async claimDue(partition, now, limit, kinds) {
      const wake = keys.wake(partition);
      const args = [now, limit, now + retention.claim, ...(kinds === undefined ? [] : lettersOf(kinds, now))];
      const members = (await run('claim-due', [wake], args)) as readonly string[];
      const due = await Promise.all(members.map((member) => withFence(base, member)));
      const gone = members.filter((_member, index) => due[index] === undefined);
      // Records that were erased by hand: nothing can be done about them any more.
      if (gone.length > 0) await base.redis.zrem(wake, ...gone);
      return due.filter((one) => one !== undefined);
    },
  };
}

const KINDS: Readonly<Record<string, Due['kind']>> = { 'o:': 'order', 'm:': 'mt', 'u:': 'dialogue' };

/** Records of dialogues are gone by then: somebody must clear their wakes away, and nobody may be left who speaks USSD. */
const ABANDONED = 7_200_000;

function lettersOf(kinds: readonly Due['kind'][], now: number): readonly (string | number)[] {
  const letters = Object.entries(KINDS).flatMap(([letter, kind]) => (kinds.includes(kind) ? [letter.slice(0, 1)] : []));
  return [letters.join(''), now - ABANDONED];
}

const KEYS: Readonly<Record<Due['kind'], (keys: Keys, id: string) => string>> = {
  order: (keys, id) => keys.order(id),
  mt: (keys, id) => keys.mt(id),
  dialogue: (keys, id) => keys.dialogue(keys.subscriberIn(id)),
};

async function withFence({ redis, keys }: StoreBase, member: string): Promise<Due | undefined> {
  const id = member.slice(2);
  const kind = KINDS[member.slice(0, 2)] ?? 'mt';
  const fence = await redis.hget(KEYS[kind](keys, id), 'fence');
  return fence === null ? undefined : { kind, id, fence: Number(fence) };
}
