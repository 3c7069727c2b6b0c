import { hex, partitionOfHash, partitionTag } from '../domain/ids.ts';
import type { LateMessage, PartStore, PutPart, StoredPart } from '../flow/ports/part-store.ts';
import type { RedisHandle } from './connection.ts';
import { partsOf } from './replies.ts';
import type { Reply } from './scripts.ts';
import { createSealing } from './sealing.ts';
import type { Sealing } from './sealing.ts';

interface PartSettings {
  readonly partitions: number;
  /** HMAC of a text, 32 octets; the key lives outside Redis, and all processes of one Redis share it. */
  readonly hash: (text: string) => Uint8Array;
  /** Epoch milliseconds, by the store's clock. */
  readonly now: () => number;
  /** How long equal MOs are one (E13), milliseconds: those that their SMSC names by an id, and those that it does not. */
  readonly dedupeWindow: (named: boolean) => number;
}

/** How long parts stay for somebody who can hand them over, beyond their deadline. */
const KEPT = 86_400_000;

/** A claimed message comes back after this, should it not be handed over; most that one look takes of a partition. */
const CLAIM = 15_000;
const SLICE = 100;

const PUT = { waiting: 1, complete: 2, repeat: 3 } as const;

/** Rejects while Redis is away, and for parts that another key sealed: then the part is not acknowledged. */
export function createPartStore(handle: RedisHandle, settings: PartSettings): PartStore {
  const [{ hash, partitions, now }, { run }] = [settings, handle];
  const sealing = createSealing(hash('parts of long messages'));
  const tag = (partition: number): string => `{${handle.prefix}:${partitionTag(partition)}}`;
  const parts = (partition: number, id: string): string => `${tag(partition)}:parts:${id}`;
  const due = (partition: number): string => `${tag(partition)}:parts-due`;

  /** The message is one key, so its step has one slot whatever the partition; its own HMAC spreads it (E22). */
  function at(key: string): { readonly partition: number; readonly id: string } {
    const mac = hash(`parts/${key}`);
    return { partition: partitionOfHash(mac, partitions), id: hex(mac.subarray(0, 16)) };
  }

  async function lateOf(partition: number): Promise<readonly LateMessage[]> {
    const members = await run('claim-due', [due(partition)], [now(), SLICE, now() + CLAIM]);
    const ids = members as readonly string[];
    const hashes = await Promise.all(ids.map((id) => handle.redis.hgetall(parts(partition, id))));
    const late = ids.map((id, index) => lateFrom({ partition, id }, hashes[index] ?? {}, sealing));
    return late.filter((message) => message !== undefined);
  }

  return {
    async put(part) {
      const { key, sequence, total, link } = part;
      const { partition, id } = at(key);
      const digests = digestsOf(part, hash);
      const about = { sequence, total, link, id, displaced: `${id}:${digests.digest}${digests.mo ?? ''}` };
      const step = { pdu: sealing.seal(part.pdu), ...about, ...digests, ...timesOf(part, settings) };
      const keys = [parts(partition, id), due(partition), parts(partition, about.displaced)];
      return putFrom(await run('put-part', keys, [JSON.stringify(step)]), sealing);
    },
    async done(key) {
      const { partition, id } = at(key);
      await run('done-parts', [parts(partition, id), due(partition)], [id, 0]);
    },
    async late() {
      return (await Promise.all(Array.from({ length: partitions }, (_, partition) => lateOf(partition)))).flat();
    },
    async dropLate({ partition, id, fields, held }) {
      const keys = [parts(partition, id), due(partition)];
      await (held ? run('done-parts', keys, [id, 1]) : run('drop-parts', keys, [id, fields]));
    },
  };
}

/** What tells a repeat: of the text, and of the SMSC's id where it gives one. */
function digestsOf(
  { data, smscId }: StoredPart,
  hash: PartSettings['hash'],
): { readonly digest: string; readonly mo?: string } {
  const digestOf = (text: string): string => hex(hash(text).subarray(0, 16));
  const digest = digestOf(`part/${Buffer.from(data).toString('base64')}`);
  return smscId === undefined ? { digest } : { digest, mo: digestOf(`mo/${smscId}`) };
}

function timesOf({ timeout, smscId }: StoredPart, { now, dedupeWindow }: PartSettings) {
  const known = Math.max(timeout, dedupeWindow(smscId !== undefined));
  return { timeout, known, keep: timeout + KEPT, now: now(), until: now() + timeout };
}

/**
 * Whole, it is held for the SMSC's next try of its last part, unless a new message took its name: then no try finds it.
 * A message that is gone has no parts; it is told all the same, so that its entry is dropped. One that another key sealed is left to
 * whoever has that key, and keeps nothing else back.
 */
function lateFrom(
  at: Pick<LateMessage, 'partition' | 'id'>,
  hash: Readonly<Record<string, string>>,
  sealing: Sealing,
): LateMessage | undefined {
  const numbered = Object.entries(hash).filter(([field]) => field.startsWith('pdu:'));
  const bySequence = numbered.sort(([left], [right]) => Number(left.slice(4)) - Number(right.slice(4)));
  const about = { fields: Object.keys(hash).length, link: hash['link'] ?? '', total: Number(hash['total'] ?? 0) };
  const held = numbered.length > 0 && numbered.length === about.total && !at.id.includes(':');
  try {
    return { held, pdus: bySequence.map(([, pdu]) => sealing.open(pdu)), ...at, ...about };
  } catch {
    return undefined;
  }
}

function putFrom(reply: Reply, sealing: Sealing): PutPart {
  const { code } = partsOf(reply);
  if (code === PUT.repeat) return { kind: 'repeat' };
  if (code === PUT.waiting) return { kind: 'waiting' };
  const [, ...sealed] = reply as readonly [number, ...string[]];
  return { kind: 'complete', pdus: sealed.map((pdu) => sealing.open(pdu)) };
}
