import type { NoticeKind, OwedMt } from '../../domain/notice.ts';
import type { FrozenOrder, LaterSend, Order } from '../../domain/order.ts';
import { stillWaits } from '../../domain/order.ts';
import { nextWait } from '../../domain/retry.ts';
import { owedAbout } from '../incoming.ts';
import type { HeldOrder, Ports } from '../ports/ports.ts';
import { sayOnce } from '../say/say.ts';
import type { Settled } from '../ports/settled.ts';
import { REST } from '../ports/settled.ts';

/**
 * E5: whether the right to send is still ours. The step that gave it compared the fence a moment ago; when half of the
 * lease has gone since (the process stood still), the store is asked again, for another process may have sent meanwhile.
 */
export async function stillHeld(p: Ports, { order, lease }: HeldOrder): Promise<boolean> {
  const { leaseFor } = p.settings();
  const now = p.clock.now();
  return lease.until - now > leaseFor / 2 || p.orders.renew(order.frozen.id, lease.fence, now + leaseFor);
}

/** E3: nothing was sent, or nothing was done with it. A STOP that came meanwhile has cancelled the order then (E14). */
export async function stepBack(p: Ports, held: HeldOrder, reason: string): Promise<Settled> {
  const { frozen } = held.order;
  await p.orders.stepBack(frozen.id, held.lease.fence, p.clock.now(), unchargedText(p, held.order));
  const order = await p.orders.load(frozen.id);
  if (order?.state !== 'cancelled') return waitForOcs(p, held, reason);
  p.note('order.ended', { order: frozen.id, state: order.state });
  return REST;
}

/** E14: a STOP was acknowledged while a charge was on its way, and no money moved: its outcome. */
export function unchargedText(p: Ports, order: Order): OwedMt {
  return owedAbout(p, order.frozen, unchargedFor(order));
}

/** What a subscriber reads whose STOP came before any money moved. */
export function unchargedFor({ renewal }: Pick<Order, 'renewal'>): NoticeKind {
  return renewal === undefined ? 'declined' : 'not-renewed';
}

/** Why no charge may be sent now, in words for staff. */
export function whyShut(p: Ports): string {
  return p.charging.shutBecause?.() ?? 'no Diameter peer is open';
}

export async function waitForOcs(p: Ports, { order, lease }: HeldOrder, reason: string): Promise<Settled> {
  const { settle, leaseFor } = p.settings();
  const ms = nextWait(settle, order.waits, (p.random(1)[0] ?? 0) / 256);
  await p.orders.release(order.frozen.id, lease.fence, p.clock.now() + ms + leaseFor);
  p.note('order.waits', { order: order.frozen.id, state: order.state, ms, reason });
  if (order.waits === 0 && order.renewal === undefined) await tellItWaits(p, order.frozen);
  return { kind: 'wait', ms, reason };
}

/** Of a refund, commit or release. */
interface Unsent {
  readonly what: LaterSend;
  readonly again: boolean;
  readonly reason: string;
}

/** As `stepBack` for a charge: what did not leave, or was not processed, waits for its first send. A silence before keeps T (E2). */
export async function waitUnsent(p: Ports, held: HeldOrder, { what, again, reason }: Unsent): Promise<Settled> {
  if (!again) await p.orders.handBack(held.order.frozen.id, held.lease.fence, what);
  return waitForOcs(p, held, reason);
}

/** The OCS refused to commit or to give back: a person looks into its books, and whoever heard nothing yet is told to wait. */
export async function tellDisputed(p: Ports, order: Order): Promise<void> {
  const { frozen, renewal, stopRequested, givenEarly, refundText } = order;
  if (renewal !== undefined || stopRequested || givenEarly === true || refundText !== undefined) return;
  await sayOnce(p, owedAbout(p, frozen, 'waiting'));
}

/** Once per order: whoever is not told soon orders again. */
export async function tellItWaits(p: Ports, frozen: FrozenOrder): Promise<void> {
  const order = await p.orders.load(frozen.id);
  if (order !== undefined && stillWaits(order)) await sayOnce(p, owedAbout(p, frozen, 'waiting'));
}
