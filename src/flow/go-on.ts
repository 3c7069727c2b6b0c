import type { Next } from './incoming.ts';
import type { HeldOrder, Ports } from './ports/ports.ts';
import { sayInline, sayLater, sayMt, sayUndelivered } from './say/say.ts';
import { settleFresh, settleOrder } from './charge/settle-order.ts';
import type { Settled } from './ports/settled.ts';
import { REST } from './ports/settled.ts';

/** Goes on inline after the MO was acknowledged; what must wait becomes a job. */
export async function goOn(p: Ports, next: Next): Promise<void> {
  if (next.kind === 'settle') await leaveToJob(p, next.held, await settleFresh(p, next.held));
  if (next.kind === 'say') await sayInline(p, next.held);
}

async function leaveToJob(p: Ports, { order, lease }: HeldOrder, settled: Settled): Promise<void> {
  if (settled.kind === 'wait') await p.later.settle(order.frozen.id, lease.fence, settled.ms, settled.reason);
}

/**
 * The worker's way in: takes the order over, then the same flow as the first try. A job that waited says under which `fence`: where the
 * order was taken up since, another job waits for it, or the sweep makes one when that lease ends.
 */
export async function resumeOrder(p: Ports, orderId: string, fence?: number): Promise<Settled> {
  const held = await p.orders.take(orderId, p.clock.now(), p.settings().leaseFor, fence);
  if (held === undefined) return REST;
  const settled = await settleOrder(p, held);
  return settled.kind === 'wait' ? { fence: held.lease.fence, ...settled } : settled;
}

/** The same for a text. One that this process has no bind for goes back to those that have one (E23). */
export async function resumeMt(p: Ports, mtId: string, fence?: number): Promise<Settled> {
  const held = await p.mts.take(mtId, p.clock.now(), p.settings().leaseFor, fence);
  if (held === undefined) return resumeUndelivered(p, mtId);
  const settled = await sayMt(p, held);
  if (settled.kind !== 'wait' || settled.over?.elsewhere !== true) return settled;
  await sayLater(p, held, settled);
  return REST;
}

/** Said, and its receipt applied, by a process that came no further. */
async function resumeUndelivered(p: Ports, mtId: string): Promise<Settled> {
  const mt = await p.mts.undelivered(mtId);
  if (mt !== undefined) await sayUndelivered(p, mt);
  return REST;
}
