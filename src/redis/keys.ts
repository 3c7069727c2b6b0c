import { hex, partitionOf, partitionOfHash, partitionTag } from '../domain/ids.ts';

/** The subscriber as keys name it: never the number, only its HMAC (E19). */
export interface SubscriberAt {
  readonly partition: number;
  /** 128 bits of the HMAC, hex. */
  readonly name: string;
}

/**
 * Every key that one step touches carries one hash tag, `{<prefix>:<partition>}`, so a step stays atomic on Redis
 * Cluster too (E22).
 */
export interface Keys {
  readonly partitions: number;
  /** False for an id that none of our partitions made. */
  knows(id: string): boolean;
  subscriberOf(msisdn: string): SubscriberAt;
  /** Names a subscriber in one word, partition first, as ids do. */
  subscriberId(at: SubscriberAt): string;
  subscriberIn(id: string): SubscriberAt;
  order(orderId: string): string;
  mt(mtId: string): string;
  dedupe(partition: number, key: string): string;
  subscriber(at: SubscriberAt): string;
  dialogue(at: SubscriberAt): string;
  /** The subscriber's orders by time. */
  ordersOf(at: SubscriberAt): string;
  /** Answers of one kind in this hour. */
  answers(at: SubscriberAt, kind: 'help' | 'stop'): string;
  /** What the subscriber stopped within the hour, by service or `*`: when that was heard. */
  stopped(at: SubscriberAt): string;
  receipt(partition: number, smsc: string, messageId: string): string;
  earlyReceipt(partition: number, smsc: string, messageId: string): string;
  wake(partition: number): string;
  /** Subscriptions by when to look at them: members are `dueMember`. */
  due(partition: number): string;
  outbox(partition: number): string;
  census(partition: number): string;
  recent(partition: number): string;
  dead(partition: number): string;
}

/** A subscription in its partition's due set. */
export function dueMember({ name }: SubscriberAt, serviceId: string): string {
  return `${name}:${serviceId}`;
}

export function createKeys(prefix: string, partitions: number, hash: (msisdn: string) => Uint8Array): Keys {
  const tag = (partition: number): string => `{${prefix}:${partitionTag(partition)}}:`;
  const tags = Array.from({ length: partitions }, (_, partition) => tag(partition));
  const at = (partition: number, name: string): string => (tags[partition] ?? tag(partition)) + name;
  // One order asks for its subscriber a dozen times, and the digest of a number is remembered as one object.
  const named = new WeakMap<Uint8Array, SubscriberAt>();
  return {
    partitions,
    knows: (id) => partitionOf(id) < partitions,
    subscriberOf(msisdn) {
      const mac = hash(msisdn);
      const known = named.get(mac);
      if (known !== undefined) return known;
      const found = { partition: partitionOfHash(mac, partitions), name: hex(mac.subarray(0, 16)) };
      named.set(mac, found);
      return found;
    },
    subscriberId: ({ partition, name }) => `${partitionTag(partition)}-${name}`,
    subscriberIn: (id) => ({ partition: partitionOf(id), name: id.slice(id.indexOf('-') + 1) }),
    order: (orderId) => at(partitionOf(orderId), `order:${orderId}`),
    mt: (mtId) => at(partitionOf(mtId), `mt:${mtId}`),
    dedupe: (partition, key) => at(partition, `dedupe:${key}`),
    subscriber: ({ partition, name }) => at(partition, `sub:${name}`),
    dialogue: ({ partition, name }) => at(partition, `ussd:${name}`),
    ordersOf: ({ partition, name }) => at(partition, `orders:${name}`),
    answers: ({ partition, name }, kind) => at(partition, `answers:${kind}:${name}`),
    stopped: ({ partition, name }) => at(partition, `stopped:${name}`),
    receipt: (partition, smsc, messageId) => at(partition, `rcpt:${smsc}:${messageId}`),
    earlyReceipt: (partition, smsc, messageId) => at(partition, `early:${smsc}:${messageId}`),
    wake: (partition) => at(partition, 'wake'),
    due: (partition) => at(partition, 'due'),
    outbox: (partition) => at(partition, 'outbox'),
    census: (partition) => at(partition, 'census'),
    recent: (partition) => at(partition, 'recent'),
    dead: (partition) => at(partition, 'dead'),
  };
}
