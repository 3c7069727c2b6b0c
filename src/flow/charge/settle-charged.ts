import type { Order } from '../../domain/order.ts';
import { owedAbout } from '../incoming.ts';
import { placedFields } from './note-placed.ts';
import type { HeldOrder, Ports, Provided, Recorded } from '../ports/ports.ts';
import { endNotProvided, provide, refundTextFor } from './provide.ts';
import { refundOrder } from './refund-order.ts';
import { sayRecorded } from '../say/say.ts';
import type { Settled } from '../ports/settled.ts';
import { REST } from '../ports/settled.ts';
import { placedText, subscriptionOf } from '../subscription/subscription-of.ts';
import { keepingLease } from '../keep-lease.ts';
import { unchargedText, waitForOcs } from './waiting.ts';

/** E10, before-notice: the money is taken, the provider is asked, and only then the order is placed and told. */
export async function settleCharged(p: Ports, held: HeldOrder): Promise<Settled> {
  const { order } = held;
  const provided = order.stopRequested ? STOPPED : await keepingLease(p, held, () => provide(p, order));
  if (provided.kind === 'wait') return waitForOcs(p, held, provided.reason);
  // First: after a crash behind it the order is still charged, and the provider is asked, and refuses, again.
  await endRefused(p, order, provided);
  const recorded = provided.kind === 'done' ? await place(p, order) : await giveBack(p, order, provided);
  noteRecorded(p, order, recorded);
  if (recorded.kind === 'repeat') return REST;
  await sayRecorded(p, recorded);
  return recorded.state === 'refunding' ? payBack(p, held) : REST;
}

function noteRecorded(p: Ports, { frozen }: Order, { kind, state }: Recorded): void {
  if (kind === 'repeat') p.note('charge.repeat', { order: frozen.id, state });
  else if (state === 'placed') p.note('order.placed', { state, ...placedFields(p, frozen) });
  else p.note('charge.recorded', { order: frozen.id, state });
}

async function endRefused(p: Ports, order: Order, provided: Provided): Promise<void> {
  if (provided.kind === 'failed' && provided.refused) await endNotProvided(p, order);
}

/** As it is stored now: with what its refund will say. */
async function payBack(p: Ports, held: HeldOrder): Promise<Settled> {
  const order = await p.orders.load(held.order.frozen.id);
  return order === undefined ? REST : refundOrder(p, { ...held, order });
}

const STOPPED = { kind: 'failed', reason: 'a stop came', refused: false } as const;

function place(p: Ports, order: Order): Promise<Recorded> {
  const now = p.clock.now();
  const subscription = subscriptionOf(p, order, now);
  return p.orders.provided({
    to: 'placed',
    subscription,
    owe: placedText(p, order, subscription),
    told: undefined,
    ...common(p, order, now),
  });
}

/** What took no money goes nowhere: the order was free, or the OCS said so (4011). */
function giveBack(p: Ports, order: Order, { refused }: Provided & { readonly kind: 'failed' }): Promise<Recorded> {
  const step = { subscription: undefined, ...common(p, order, p.clock.now()) };
  if (step.free)
    return p.orders.provided({
      to: 'uncharged',
      owe: owedAbout(p, order.frozen, 'not-provided'),
      told: undefined,
      ...step,
    });
  return p.orders.provided({ to: 'refunding', owe: undefined, told: refundTextFor(order, refused), ...step });
}

function common(p: Ports, order: Order, now: number) {
  const { frozen, verdict } = order;
  const free = verdict?.kind === 'granted' && verdict.free;
  const oweStopped = free ? unchargedText(p, order) : undefined;
  return { orderId: frozen.id, free, oweStopped, now, leaseFor: p.settings().leaseFor };
}
