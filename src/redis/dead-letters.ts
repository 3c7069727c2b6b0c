import { partitionOf } from '../domain/ids.ts';
import { lastThree } from '../domain/msisdn.ts';
import type { NoticeKind, OwedMt } from '../domain/notice.ts';
import { mtFrom } from './mt-record.ts';
import { DONE } from './replies.ts';
import type { StoreBase } from './store-base.ts';

/** A text that will not be said, as staff see it: never the text itself, never the number (E19). */
export interface DeadLetter {
  readonly id: string;
  readonly orderId: string | undefined;
  readonly kind: NoticeKind;
  readonly to: string;
  readonly shortCode: string;
  readonly reason: string;
  /** Epoch ms. */
  readonly at: number;
}

export interface DeadLetters {
  /** Newest first. */
  list(limit: number): Promise<readonly DeadLetter[]>;
  count(): Promise<number>;
  /** Owed again; the next sweep finds it. `worth`: until when (epoch ms) it is worth saying. False when it is no dead letter. */
  retry(id: string, worth: (mt: OwedMt) => number): Promise<boolean>;
  discard(id: string): Promise<boolean>;
}

export function createDeadLetters(base: StoreBase): DeadLetters {
  const { run, redis, keys } = base;
  const all = Array.from({ length: keys.partitions }, (_, partition) => keys.dead(partition));
  return {
    async list(limit) {
      const ids = await Promise.all(all.map((dead) => redis.zrevrange(dead, 0, limit - 1)));
      const letters = await Promise.all(ids.flat().map((id) => letterOf(base, id)));
      const found = letters.filter((letter) => letter !== undefined);
      return found.sort((a, b) => b.at - a.at).slice(0, limit);
    },
    async count() {
      // One whose retention is over is listed until somebody looks, or another one comes.
      const over = base.now() - base.retention.deadLetters;
      const counts = await Promise.all(all.map((dead) => redis.zcount(dead, `(${over}`, '+inf')));
      return counts.reduce((sum, count) => sum + count, 0);
    },
    async retry(id, worth) {
      if (!keys.knows(id)) return false;
      const p = partitionOf(id);
      const mt = mtFrom(new Map(Object.entries(await redis.hgetall(keys.mt(id)))));
      if (mt === undefined) return false;
      const args = [id, base.now(), worth(mt)];
      return (await run('retry-mt', [keys.mt(id), keys.wake(p), keys.dead(p)], args)) === DONE;
    },
    async discard(id) {
      if (!keys.knows(id)) return false;
      const p = partitionOf(id);
      return (await run('discard-mt', [keys.mt(id), keys.outbox(p), keys.dead(p)], [id, base.now()])) === DONE;
    },
  };
}

async function letterOf({ redis, keys }: StoreBase, id: string): Promise<DeadLetter | undefined> {
  const fields = new Map(Object.entries(await redis.hgetall(keys.mt(id))));
  const mt = mtFrom(fields);
  if (mt === undefined || fields.get('state') !== 'dead') {
    // Its retention is over, or the text was said after all.
    await redis.zrem(keys.dead(partitionOf(id)), id);
    return undefined;
  }
  const { orderId, kind, shortCode } = mt;
  const at = Number(fields.get('updatedAt') ?? 0);
  return { id, orderId, kind, shortCode, to: lastThree(mt.msisdn), reason: fields.get('reason') ?? '', at };
}
