import type { Eraser } from '../flow/ports/erasure.ts';
import type { EvidenceSource } from '../flow/ports/evidence.ts';
import type { Mts, Orders, Quotas, Subscribers, Subscriptions, Wake } from '../flow/ports/ports.ts';
import type { Dialogues } from '../flow/ports/ussd.ts';
import type { RedisHandle } from './connection.ts';
import type { DeadLetters } from './dead-letters.ts';
import { createDeadLetters } from './dead-letters.ts';
import { createEraser } from './eraser.ts';
import { createEvidenceSource } from './evidence-source.ts';
import { createKeys } from './keys.ts';
import type { Leases } from './leases.ts';
import { createLeases } from './leases.ts';
import { createDialogues } from './dialogues.ts';
import { createMts } from './mts.ts';
import { createCharging } from './orders/charging.ts';
import { createClosing } from './orders/closing.ts';
import { createConsent } from './orders/consent.ts';
import type { OrderIndex } from './orders/views.ts';
import { createOrderIndex } from './orders/views.ts';
import { createRecording } from './orders/recording.ts';
import { createProviding } from './orders/providing.ts';
import { createOpening } from './orders/opening.ts';
import { fixPartitions } from './partitions.ts';
import type { OutboxView } from './outbox/depth.ts';
import { createOutboxView } from './outbox/depth.ts';
import type { Retention } from './store-base.ts';
import { createStoreBase, RETENTION } from './store-base.ts';
import { createQuotas } from './quotas.ts';
import { createSubscribers } from './subscribers.ts';
import { createSubscriptions } from './subscriptions.ts';
import { createWake } from './wake.ts';

export type { DeadLetter, DeadLetters } from './dead-letters.ts';
export type { OrderIndex } from './orders/views.ts';
export type { GroupDepth, OutboxView } from './outbox/depth.ts';
export type { Retention } from './store-base.ts';

export interface StoreSettings {
  readonly partitions: number;
  /** Names this process in leases, e.g. host and pid. */
  readonly owner: string;
  readonly retention?: Partial<Retention>;
  /** HMAC of an MSISDN, 32 octets; the key lives outside Redis. */
  readonly hash: (msisdn: string) => Uint8Array;
  /** Wall time, epoch ms. */
  readonly now: () => number;
}

export interface Stores {
  readonly orders: Orders;
  readonly mts: Mts;
  readonly subscribers: Subscribers;
  readonly subscriptions: Subscriptions;
  readonly wake: Wake;
  readonly dialogues: Dialogues;
  readonly quotas: Quotas;
  readonly leases: Leases;
  readonly deadLetters: DeadLetters;
  readonly index: OrderIndex;
  readonly outbox: OutboxView;
  readonly evidence: EvidenceSource;
  readonly eraser: Eraser;
}

/** The store ports over one Redis. Rejects when that Redis was set up with another partition count (E22). */
export async function createStores(handle: RedisHandle, settings: StoreSettings): Promise<Stores> {
  const { redis, run, call, prefix } = handle;
  await fixPartitions(redis, prefix, settings.partitions);
  const base = createStoreBase({
    redis,
    run,
    call,
    keys: createKeys(prefix, settings.partitions, settings.hash),
    owner: settings.owner,
    retention: { ...RETENTION, ...settings.retention },
    now: settings.now,
  });
  return {
    orders: {
      ...createOpening(base),
      ...createConsent(base),
      ...createCharging(base),
      ...createRecording(base),
      ...createClosing(base),
      ...createProviding(base),
    },
    mts: createMts(base),
    subscribers: createSubscribers(base),
    subscriptions: createSubscriptions(base),
    wake: createWake(base),
    dialogues: createDialogues(base),
    quotas: createQuotas(handle, settings.now),
    leases: createLeases(base),
    deadLetters: createDeadLetters(base),
    index: createOrderIndex(base),
    outbox: createOutboxView(handle, settings.partitions),
    evidence: createEvidenceSource(base),
    eraser: createEraser(base),
  };
}
