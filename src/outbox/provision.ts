import type { Order } from '../domain/order.ts';
import type { OutboxEntry } from '../flow/outbox.ts';
import type { ProvideEvent } from '../flow/ports.ts';
import { tellingId } from '../flow/provide.ts';
import type { Consumer } from './consumer.ts';

export interface ProvisionWork {
  readonly load: (orderId: string) => Promise<Order | undefined>;
  /** Puts the telling into the queue; rejects when it could not: then the entry comes again. The same id twice is one job. */
  readonly queue: (id: string) => Promise<void>;
  /** What else follows from an order that was placed; repeatable. */
  readonly placed: (order: Order) => Promise<void>;
}

/** Leaves a job for what a provider is told after its subscriber: after-notice orders, and every end (E10). */
export function createProvisionConsumer(work: ProvisionWork): Consumer {
  return {
    group: 'provision',
    async handle(entries) {
      const told = entries.filter(isTold);
      const orders = await Promise.all(told.map(({ last, subject }) => work.load(last ?? subject)));
      for (const [at, entry] of told.entries()) {
        const order = orders[at];
        if (order !== undefined) await follow(work, entry, order);
      }
    },
  };
}

async function follow({ queue, placed }: ProvisionWork, entry: OutboxEntry, order: Order): Promise<void> {
  const event = eventOf(entry, order);
  if (event !== undefined) await queue(tellingId(order.frozen.id, event, entry.at));
  if (entry.type === 'order') await placed(order);
}

function isTold({ type, state, from }: OutboxEntry): boolean {
  return (
    (type === 'order' && state === 'placed' && from !== 'placed') || (type === 'subscription' && state === 'ended')
  );
}

function eventOf({ type }: OutboxEntry, { frozen: { provision, renewal } }: Order): ProvideEvent | undefined {
  if (provision === undefined) return undefined;
  if (type === 'subscription') return 'ended';
  if (provision === 'before-notice') return undefined;
  return renewal === undefined ? 'placed' : 'renewed';
}
