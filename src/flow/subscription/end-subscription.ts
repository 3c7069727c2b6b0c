import { subscriptionId } from '../../domain/ids.ts';
import type { Order } from '../../domain/order.ts';
import type { KeepStep, Ports } from '../ports/ports.ts';

/** A subscription that changes each time it is read is changed by somebody who reads it too. */
const TRIES = 5;

/**
 * Ends what this order began or renews, if it still goes on, and a renewal of it that is another order: this one has an end of its
 * own. Rejects where it changed under every try: whoever asked asks again.
 */
export async function endSubscription(p: Ports, { frozen }: Order, cause: KeepStep['cause']): Promise<void> {
  for (let tries = 0; tries < TRIES; tries++) {
    const { subscriptions } = await p.subscribers.read(frozen.msisdn);
    const was = subscriptions.find(({ serviceId }) => serviceId === frozen.serviceId);
    if (was === undefined || subscriptionId(frozen.id) !== was.orderId) return;
    const { leaseFor } = p.settings();
    const renewal = was.renewing === frozen.id ? undefined : was.renewing;
    const end = { was, subscription: undefined, cause, renewal, owe: undefined, now: p.clock.now(), leaseFor };
    if ((await p.subscriptions.keep(end)).kind === 'kept') return;
  }
  throw new Error(`the subscription of ${frozen.id} changed ${TRIES} times while it was to end`);
}
