import type { Order } from '../domain/order.ts';
import type { OutboxEntry } from '../flow/outbox.ts';
import type { CdrFiles } from './cdr-files.ts';
import type { Cdr } from './cdr-record.ts';
import type { Consumer } from './consumer.ts';
import { nameOf } from './evidence/records.ts';

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
  return {
    name: 'cdr',
    async handle(entries, again) {
      const told = entries.filter(({ type, state, from }) => type === 'order' && state !== from && TOLD.has(state));
      const written = again ? await files.among(told.map(nameOf)) : new Set<string>();
      const fresh = told.filter((entry) => !written.has(nameOf(entry)));
      const records = await Promise.all(fresh.map(async (entry) => cdrOf(entry, await load(entry.subject))));
      await files.append(records.filter((record) => record !== undefined));
    },
  };
}

/** undefined for an order whose retention is over: it was told long ago, or the group was made after its time. */
function cdrOf(entry: OutboxEntry, order: Order | undefined): Cdr | undefined {
  if (order === undefined) return undefined;
  const { frozen, charge, verdict } = order;
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
    sessionId: charge?.sessionId ?? null,
    resultCode: verdict?.resultCode ?? null,
  };
}
