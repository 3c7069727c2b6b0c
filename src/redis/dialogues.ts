import type { Dialogue } from '../domain/dialogue.ts';
import type { Dialogues } from '../flow/ports/ussd.ts';
import type { SubscriberAt } from './keys.ts';
import { DONE, partsOf } from './replies.ts';
import type { StoreBase } from './store-base.ts';

/** Kept after the end, so that a late reply is known as one; milliseconds. */
const REMEMBERED = 3_600_000;

/**
 * One hash per subscriber: `json` is the dialogue, `at` its id and version, which a move compares. The wake set holds it as
 * `u:<partition>-<name>` while its timer runs.
 */
export function createDialogues({ redis, run, keys, now }: StoreBase): Dialogues {
  async function readAt(at: SubscriberAt): Promise<Dialogue | undefined> {
    const json = await redis.hget(keys.dialogue(at), 'json');
    return json === null ? undefined : Object.assign({}, UNSET, JSON.parse(json) as Dialogue);
  }
  return {
    read: (msisdn) => readAt(keys.subscriberOf(msisdn)),
    find: (id) => readAt(keys.subscriberIn(id)),
    async move(before, next, wakeAt) {
      const at = keys.subscriberOf(next.msisdn);
      const step = {
        before: before === undefined ? '' : versionOf(before),
        after: versionOf(next),
        version: next.version,
        json: JSON.stringify(next),
        ttl: Math.max(0, next.until - now()) + REMEMBERED,
        member: `u:${keys.subscriberId(at)}`,
        ...(wakeAt === undefined ? {} : { wakeAt }),
      };
      const reply = await run('move-dialogue', [keys.dialogue(at), keys.wake(at.partition)], [JSON.stringify(step)]);
      return partsOf(reply).code === DONE;
    },
  };
}

/** JSON leaves undefined out; the record has every key. */
const UNSET = {
  service: undefined,
  session: undefined,
  asked: undefined,
  shown: undefined,
  orderId: undefined,
  over: undefined,
} as const;

function versionOf({ id, version }: Dialogue): string {
  return `${id} ${version}`;
}
