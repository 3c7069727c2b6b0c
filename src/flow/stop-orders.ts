import type { Incoming, Next } from './incoming.ts';
import { sayNext } from './incoming.ts';
import type { Ports, StopStep } from './ports.ts';

/** E14: one step cancels, marks what is being charged, ends subscriptions and acknowledges. */
export async function stopOrders(
  p: Ports,
  { dedupe, msisdn, now, subscriber }: Incoming,
  what: Pick<StopStep, 'orders' | 'services' | 'complaint' | 'owe' | 'also'>,
): Promise<Next> {
  const held = await p.subscribers.stop({ dedupe, msisdn, now, leaseFor: p.settings().leaseFor, ...what });
  if (held === undefined) return sayNext(held);
  const { complaint } = what;
  if (complaint !== undefined)
    p.note('complaint.recorded', { provider: complaint.providerId, service: complaint.serviceId });
  // What was only marked ends when its charge is answered, and is noted then.
  for (const { orderId } of subscriber.pending)
    if (what.orders.includes(orderId)) p.note('order.ended', { order: orderId, state: 'cancelled' });
  return sayNext(held);
}
