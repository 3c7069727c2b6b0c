import type { FrozenOrder, Order, OrderState } from '../domain/order.ts';
import type { OutboxEntry } from '../flow/ports/outbox.ts';
import type { ProvideEvent } from '../flow/ports/ports.ts';
import { asksFirst, tellingId } from '../flow/charge/provide.ts';
import { someAtOnce } from './at-once.ts';
import type { Consumer } from './consumer.ts';

export interface ProvisionWork {
  readonly load: (orderId: string) => Promise<Order | undefined>;
  /** Puts the telling into the queue; rejects when it could not: then the entry comes again. The same id twice is one job. */
  readonly queue: (id: string) => Promise<void>;
  /** What else follows from an order that was placed; repeatable. */
  readonly placed: (order: Order) => Promise<void>;
}

/**
 * Leaves a job for what a provider is told after its subscriber: after-notice orders, and every end (E10), also of what was
 * provided before its notice and then came to nothing.
 */
export function createProvisionConsumer(work: ProvisionWork): Consumer {
  return {
    name: 'provision',
    async handle(entries) {
      const told = entries.filter(isTold);
      const orders = await someAtOnce(told, ({ last, subject }) => work.load(last ?? subject));
      await someAtOnce([...told.entries()], async ([at, entry]) => {
        const order = orders[at];
        if (order !== undefined) await follow(work, entry, order);
      });
    },
  };
}

async function follow({ queue, placed }: ProvisionWork, entry: OutboxEntry, order: Order): Promise<void> {
  const event = eventOf(entry, order);
  if (event !== undefined) await queue(tellingId(order.frozen.id, event, entry.at));
  if (isPlaced(entry)) await placed(order);
}

function isTold(entry: OutboxEntry): boolean {
  return isPlaced(entry) || isUndone(entry) || (entry.type === 'subscription' && entry.state === 'ended');
}

function isPlaced({ type, state, from }: OutboxEntry): boolean {
  return type === 'order' && state === 'placed' && from !== 'placed';
}

/** Where a provider that is asked before the notice may have provided already; of a dispute the order itself tells. */
const ASKED: readonly string[] = ['charged', 'reserved', 'committing', 'disputed'] satisfies readonly OrderState[];
const UNDONE: readonly string[] = ['refunding', 'uncharged', 'cancelled'] satisfies readonly OrderState[];

function isUndone({ type, state, from }: OutboxEntry): boolean {
  return type === 'order' && ASKED.includes(from) && UNDONE.includes(state);
}

function eventOf(entry: OutboxEntry, order: Order): ProvideEvent | undefined {
  const { frozen } = order;
  if (frozen.provision === undefined) return undefined;
  if (entry.type === 'subscription') return 'ended';
  return isUndone(entry) ? undoneEvent(entry, order) : placedEvent(entry, frozen);
}

/** A period that came to nothing leaves a subscription, whose own end is told. */
function undoneEvent({ from }: OutboxEntry, order: Order): ProvideEvent | undefined {
  const { frozen } = order;
  if (from === 'disputed' && !wasAsked(order)) return undefined;
  return asksFirst(frozen) && frozen.renewal === undefined ? 'ended' : undefined;
}

/**
 * Whether a disputed order's provider may have been asked: only a grant leads there. What was placed since is taken back as every
 * placed order is, its subscription goes on or tells its own end. Where that was told before, on the way to a refund, it is told
 * again: a repeat, and an order never heard of, are nothing new to a provider (docs/provisioning.md), one too few is a service
 * given for nothing.
 */
function wasAsked({ verdict, refundAsked }: Order): boolean {
  return verdict?.kind === 'granted' && refundAsked !== true;
}

/** What the OCS never answered was never put to the provider, whenever that is asked: a person settled it. */
function placedEvent({ from }: OutboxEntry, { provision, renewal }: FrozenOrder): ProvideEvent | undefined {
  if (provision === 'before-notice' && from !== 'disputed') return undefined;
  return renewal === undefined ? 'placed' : 'renewed';
}
