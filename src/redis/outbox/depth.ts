import { partitionTag } from '../../domain/ids.ts';
import type { RedisHandle } from '../connection.ts';
import { fieldsOf } from '../replies.ts';

export interface GroupDepth {
  readonly group: string;
  /** Given out and not acknowledged. */
  readonly pending: number;
  /** Not given out yet; undefined where Redis cannot tell (before 7.0). */
  readonly behind: number | undefined;
}

export interface OutboxDepth {
  readonly entries: number;
  /** Epoch ms of the oldest entry that some group has not acknowledged; undefined when there is none. */
  readonly oldest: number | undefined;
  readonly groups: readonly GroupDepth[];
}

/** How full the outbox is, and whose fault that is. */
export interface OutboxView {
  depth(): Promise<OutboxDepth>;
  /**
   * Forgets a consumer that was switched off for good: until then, every entry is kept for it (E24). False when no
   * partition knows it.
   */
  forget(group: string): Promise<boolean>;
}

export function createOutboxView({ redis, prefix }: RedisHandle, partitions: number): OutboxView {
  const streams = Array.from({ length: partitions }, (_, index) => `{${prefix}:${partitionTag(index)}}:outbox`);
  const groupsIn = async (stream: string): Promise<readonly GroupDepth[]> => {
    if ((await redis.exists(stream)) === 0) return [];
    const groups = (await redis.call('XINFO', 'GROUPS', stream)) as readonly (readonly string[])[];
    return groups.map(groupFrom);
  };
  return {
    async depth() {
      const lengths = await Promise.all(streams.map((stream) => redis.xlen(stream)));
      const groups = await Promise.all(streams.map(groupsIn));
      // What all have acknowledged is trimmed: the first that is kept is the oldest that one still needs.
      const firsts = await Promise.all(streams.map((stream) => redis.xrange(stream, '-', '+', 'COUNT', 1)));
      const times = firsts.flat().map(([id]) => Number.parseInt(id, 10));
      return {
        entries: lengths.reduce((sum, length) => sum + length, 0),
        oldest: times.length === 0 ? undefined : Math.min(...times),
        groups: summed(groups.flat()),
      };
    },
    async forget(group) {
      const known = await Promise.all(streams.map(groupsIn));
      const having = streams.filter((_, index) => known[index]?.some((one) => one.group === group));
      await Promise.all(having.map((stream) => redis.xgroup('DESTROY', stream, group)));
      return having.length > 0;
    },
  };
}

function groupFrom(flat: readonly string[]): GroupDepth {
  const fields = fieldsOf(flat);
  const lag = fields.get('lag') as unknown;
  return {
    group: fields.get('name') ?? '',
    pending: Number(fields.get('pending')),
    behind: typeof lag === 'number' ? lag : undefined,
  };
}

function summed(depths: readonly GroupDepth[]): readonly GroupDepth[] {
  const sums = new Map<string, GroupDepth>();
  for (const { group, pending, behind } of depths) {
    const sum = sums.get(group);
    if (sum === undefined) sums.set(group, { group, pending, behind });
    else sums.set(group, { group, pending: sum.pending + pending, behind: plus(sum.behind, behind) });
  }
  return [...sums.values()].sort((a, b) => (a.group < b.group ? -1 : 1));
}

function plus(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a + b;
}
