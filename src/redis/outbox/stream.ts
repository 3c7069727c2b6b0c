import { partitionTag } from '../../domain/ids.ts';
import type { Fallback } from '../../domain/channel.ts';
import type { Heard } from '../../domain/evidence/heard.ts';
import type { OutboxEntry, OutboxStream } from '../../flow/ports/outbox.ts';
import { present } from '../../lib/present.ts';
import type { RedisHandle } from '../connection.ts';

export interface OutboxGroup {
  readonly partitions: number;
  /** This consumer's group. */
  readonly group: string;
  /** Names this process within the group. */
  readonly consumer: string;
  /** Every group there is: nothing is trimmed before all of them have it. */
  readonly groups: readonly string[];
}

type RawEntry = readonly [id: string, fields: readonly string[] | null];

/** Consumers that owe nothing are forgotten after this, milliseconds. */
const FORGET_IDLE = 3_600_000;

/** One group's view of the outbox streams. Reads never block, so it shares the store's connection. */
export function createOutboxStream({ redis, run, call, prefix }: RedisHandle, settings: OutboxGroup): OutboxStream {
  const { partitions, group, consumer } = settings;
  const key = (partition: number): string => `{${prefix}:${partitionTag(partition)}}:outbox`;

  async function readFrom(from: '>' | '0', partition: number, count: number): Promise<readonly OutboxEntry[]> {
    const args = ['GROUP', group, consumer, 'COUNT', count, 'STREAMS', key(partition), from] as const;
    const reply = (await call(['XREADGROUP', ...args])) as readonly (readonly [string, readonly RawEntry[]])[] | null;
    return wholeOf(partition, reply?.[0]?.[1] ?? []);
  }

  return {
    partitions,
    async join() {
      for (let partition = 0; partition < partitions; partition++) {
        await redis.xgroup('CREATE', key(partition), group, '0', 'MKSTREAM').catch((error: unknown) => {
          if (!String(error).includes('BUSYGROUP')) throw error;
        });
      }
    },
    read: (partition, count) => readFrom('>', partition, count),
    given: (partition, count) => readFrom('0', partition, count),
    async recover(partition, idleMs, count) {
      const args = [key(partition), group, consumer, idleMs, '0', 'COUNT', count] as const;
      const [, raw] = (await call(['XAUTOCLAIM', ...args])) as readonly [string, readonly (RawEntry | null)[]];
      return wholeOf(
        partition,
        raw.filter((one) => one !== null),
      );
    },
    async acknowledge(partition, ids) {
      if (ids.length > 0) await call(['XACK', key(partition), group, ...ids]);
    },
    async oldestPending(partition) {
      const [count, oldest] = (await call(['XPENDING', key(partition), group])) as readonly [number, string | null];
      return count === 0 || oldest === null ? undefined : Number.parseInt(oldest, 10);
    },
    async trim(partition) {
      const step = { groups: settings.groups, forgetIdle: FORGET_IDLE };
      return Number(await run('trim-outbox', [key(partition)], [JSON.stringify(step)]));
    },
  };
}

/** One that was deleted while it was given out has a name and nothing else. */
function wholeOf(partition: number, entries: readonly RawEntry[]): readonly OutboxEntry[] {
  return entries.flatMap(([id, flat]) => (flat === null ? [] : [entryFrom(partition, id, flat)]));
}

/** As commands/includes/tell.lua puts it. */
type About = readonly [
  ...[type: OutboxEntry['type'], subject: string, state: string, from: string, cause: string],
  ...[serviceId: string, providerId: string, since: string, at: string],
];

/** Fields of their own in entries of an earlier build, which an upgrade finds. */
const APART = ['type', 'id', 'state', 'from', 'cause', 'serviceId', 'providerId', 'since', 'at'];

export function entryFrom(partition: number, id: string, flat: readonly string[]): OutboxEntry {
  const fields: Partial<Record<string, string>> = {};
  for (let at = 0; at + 1 < flat.length; at += 2) fields[flat[at] ?? ''] = flat[at + 1] ?? '';
  const about = fields['about']?.split(' ') ?? APART.map((name) => fields[name] ?? '');
  const [type, subject, state, from, cause, serviceId, providerId, since, at] = about as unknown as About;
  const times = { since: Number(since), at: Number(at) };
  return { partition, id, type, subject, state, from, cause, serviceId, providerId, ...times, ...besides(fields) };
}

type Besides = Pick<OutboxEntry, 'who' | 'heard' | 'last' | 'denied' | 'fallback' | 'said'>;

function besides({ who, heard, last, denied, fallback, said }: Partial<Record<string, string>>): Besides {
  return present<Besides>({
    who,
    heard: heard === undefined ? undefined : (JSON.parse(heard) as Heard),
    last,
    denied: denied === undefined ? undefined : (JSON.parse(denied) as NonNullable<OutboxEntry['denied']>),
    fallback: fallback === undefined ? undefined : (JSON.parse(fallback) as Fallback),
    said,
  });
}
