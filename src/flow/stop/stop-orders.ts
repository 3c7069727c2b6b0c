import type { Incoming, Next } from '../incoming.ts';
import { NOTHING, sayNext } from '../incoming.ts';
import type { Ports, StopStep } from '../ports/ports.ts';

type What = Pick<StopStep, 'orders' | 'services' | 'complaint' | 'owe' | 'also'>;

/** E14: one step cancels, marks what is being charged, ends subscriptions and acknowledges. */
export async function stopOrders(p: Ports, incoming: Incoming, what: What): Promise<Next> {
  return (await stopWithin(p, incoming, what)) ?? NOTHING;
}

/** The same; undefined when nothing was done: what is within `reach` is another than when the subscriber was read. */
export async function stopWithin(
  p: Ports,
  { dedupe, msisdn, now }: Incoming,
  what: What & Pick<StopStep, 'reach'>,
): Promise<Next | undefined> {
  const held = await p.subscribers.stop({ dedupe, msisdn, now, leaseFor: p.settings().leaseFor, ...what });
  if (held === 'more') return undefined;
  if (held === undefined) return NOTHING;
  const { complaint } = what;
  if (complaint !== undefined)
    p.note('complaint.recorded', { provider: complaint.providerId, service: complaint.serviceId });
  await noteCancelled(p, what.orders);
  return sayNext(held);
}

/** What was only marked ends when its charge is answered, or steps back, and is noted then. */
async function noteCancelled(p: Ports, ids: readonly string[]): Promise<void> {
  for (const order of await Promise.all(ids.map((id) => p.orders.load(id))))
    if (order?.state === 'cancelled') p.note('order.ended', { order: order.frozen.id, state: order.state });
}
