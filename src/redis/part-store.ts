import { hex, partitionOfHash, partitionTag } from '../domain/ids.ts';
import type { RedisHandle } from './connection.ts';
import { partsOf } from './replies.ts';
import type { Reply } from './scripts.ts';
import { createSealing } from './sealing.ts';
import type { Sealing } from './sealing.ts';

/** One part of a long MO, as the SMSC links hand it over. */
export interface StoredPart {
  /** What the parts of one message share. It holds the sender's number, so only its HMAC goes to Redis (E19). */
  readonly key: string;
  /** 1 to `total`. */
  readonly sequence: number;
  readonly total: number;
  /** The part's own text: another one under the same number is another message. */
  readonly data: Uint8Array;
  readonly pdu: Uint8Array;
  /** Milliseconds from the first part on. */
  readonly timeout: number;
}

type PutPart =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'complete'; readonly pdus: readonly Uint8Array[] }
  | { readonly kind: 'repeat' };

/** The links' PartStore: parts of one message meet here, whichever processes they reach. */
export interface PartStore {
  put(part: StoredPart): Promise<PutPart>;
  done(key: string): Promise<void>;
}

interface PartSettings {
  readonly partitions: number;
  /** HMAC of a text, 32 octets; the key lives outside Redis, and all processes of one Redis share it. */
  readonly hash: (text: string) => Uint8Array;
}

const PUT = { waiting: 1, complete: 2, repeat: 3 } as const;

/** Rejects while Redis is away, and for parts that another key sealed: then the part is not acknowledged. */
export function createPartStore({ run, prefix }: RedisHandle, { partitions, hash }: PartSettings): PartStore {
  const sealing = createSealing(hash('parts of long messages'));
  const digestOf = (text: string): string => hex(hash(text).subarray(0, 16));

  /** The message is one key, so its step has one slot whatever the partition; its own HMAC spreads it (E22). */
  function at(key: string): string {
    const mac = hash(`parts/${key}`);
    return `{${prefix}:${partitionTag(partitionOfHash(mac, partitions))}}:parts:${hex(mac.subarray(0, 16))}`;
  }

  return {
    async put({ key, sequence, total, data, pdu, timeout }) {
      const digest = digestOf(`part/${Buffer.from(data).toString('base64')}`);
      const step = { sequence, total, digest, pdu: sealing.seal(pdu), timeout };
      return putFrom(await run('put-part', [at(key)], [JSON.stringify(step)]), sealing);
    },
    async done(key) {
      await run('done-parts', [at(key)], []);
    },
  };
}

function putFrom(reply: Reply, sealing: Sealing): PutPart {
  const { code } = partsOf(reply);
  if (code === PUT.repeat) return { kind: 'repeat' };
  if (code === PUT.waiting) return { kind: 'waiting' };
  const [, ...sealed] = reply as readonly [number, ...string[]];
  return { kind: 'complete', pdus: sealed.map((pdu) => sealing.open(pdu)) };
}
