import type { Redis } from 'ioredis';
import { entryFrom } from './stream.ts';
import { fieldsOf } from '../replies.ts';

/** Entries of one read. */
const PAGE = 1000;

/**
 * The orders and texts of which some group has not acknowledged an entry: its consumers read from here what they write of them. A
 * stream without a group is kept for those that come.
 */
export async function unreadIn(redis: Redis, partition: number, stream: string): Promise<ReadonlySet<string>> {
  const subjects = new Set<string>();
  for (const first of await firstsIn(redis, stream)) {
    for await (const [id, flat] of entriesFrom(redis, stream, first)) {
      const { subject, last = subject } = entryFrom(partition, id, flat);
      // By the last order of a subscription its provider is told that it has ended.
      subjects.add(subject).add(last);
    }
  }
  return subjects;
}

async function* entriesFrom(redis: Redis, stream: string, first: string): AsyncGenerator<[string, string[]]> {
  for (let from = first; ;) {
    const page = await redis.xrange(stream, from, '+', 'COUNT', PAGE);
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    from = after(last[0]);
  }
}

/** Where each group has to go on reading, what is in hand included. */
async function firstsIn(redis: Redis, stream: string): Promise<readonly string[]> {
  if ((await redis.exists(stream)) === 0) return [];
  const groups = (await redis.call('XINFO', 'GROUPS', stream)) as readonly (readonly string[])[];
  if (groups.length === 0) return ['-'];
  return Promise.all(
    groups.map(async (flat) => {
      const group = fieldsOf(flat);
      const [, pending] = (await redis.xpending(stream, group.get('name') ?? '')) as [number, string | null];
      return pending ?? after(group.get('last-delivered-id') ?? '');
    }),
  );
}

/** As XRANGE begins behind an id. */
function after(id: string): string {
  return `(${id}`;
}
