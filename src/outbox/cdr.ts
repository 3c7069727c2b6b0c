import { chargeRow } from '../domain/charge-row.ts';
import type { Order } from '../domain/order.ts';
import type { OutboxEntry } from '../flow/ports/outbox.ts';
import type { CdrFiles } from './cdr-files.ts';
import type { Cdr, CdrMoney } from './cdr-record.ts';
import type { Consumer } from './consumer.ts';
import { nameOf } from './entry-name.ts';
import { writtenOnce } from './written-once.ts';

/** States that a biller hears of: placed, and every end. */
const TOLD: ReadonlySet<string> = new Set([
  'placed',
  'refused',
  'declined',
  'expired',
  'cancelled',
  'uncharged',
  'refunded',
  'closed',
  'disputed',
]);

export type LoadOrder = (orderId: string) => Promise<Order | undefined>;

/** Writes a line for each order that was placed or ended. An entry that comes again is looked for in the files first. */
export function createCdrConsumer(files: CdrFiles, load: LoadOrder): Consumer {
  const write = writtenOnce(files, async (fresh) => {
    const records = await Promise.all(fresh.map(async (entry) => cdrOf(entry, await load(entry.subject))));
    return records.filter((record) => record !== undefined);
  });
  return {
    name: 'cdr',
    handle: (entries, again) => write(entries.filter(isTold), again),
  };
}

function isTold({ type, state, from }: OutboxEntry): boolean {
  return type === 'order' && state !== from && TOLD.has(state);
}

/** undefined for an order whose retention is over: it was told long ago, or the group was made after its time. */
function cdrOf(entry: OutboxEntry, order: Order | undefined): Cdr | undefined {
  if (order === undefined) return undefined;
  const { frozen, verdict } = order;
  return {
    entry: nameOf(entry),
    time: new Date(entry.at).toISOString(),
    orderId: frozen.id,
    state: entry.state,
    cause: entry.cause,
    msisdn: frozen.msisdn,
    shortCode: frozen.shortCode,
    serviceId: frozen.serviceId,
    providerId: frozen.providerId,
    price: frozen.price.minor,
    currency: frozen.price.currency,
    period: frozen.period,
    channel: frozen.channel,
    interaction: frozen.decision.interaction,
    openedAt: new Date(frozen.openedAt).toISOString(),
    ...moneyOf(order),
    resultCode: verdict?.resultCode ?? null,
  };
}

const NEVER_CHARGED: CdrMoney = {
  sessionId: null,
  sentAt: null,
  free: null,
  refundSessionId: null,
  refundSentAt: null,
};

function moneyOf(order: Order): CdrMoney {
  const row = chargeRow(order);
  if (row === undefined) return NEVER_CHARGED;
  const { sessionId, sentAt, free, refundSessionId = null, refundSentAt = null } = row;
  return { sessionId, sentAt, free, refundSessionId, refundSentAt };
}
