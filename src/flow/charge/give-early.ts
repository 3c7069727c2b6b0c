import type { HeldOrder, Ports } from '../ports/ports.ts';
import { asksFirst } from './provide.ts';
import { sayInline } from '../say/say.ts';
import { placedText, subscriptionOf } from '../subscription/subscription-of.ts';

/**
 * E7, docs/adr/0006: a service with grantOnUnknown is given when the OCS stays silent; its charge stays open until a
 * definite answer. A server that says DDFH TERMINATE_OR_BUFFER (RFC 8506 8.15) is stricter, and beats that.
 */
export async function giveOnSilence(p: Ports, { order, lease }: HeldOrder): Promise<void> {
  const { frozen } = order;
  if (!frozen.grantOnUnknown || frozen.chargeKind !== 'event' || asksFirst(frozen) || order.givenEarly === true) return;
  if (p.charging.terms?.().ddfh === 'terminate-or-buffer') return;
  const now = p.clock.now();
  const subscription = subscriptionOf(p, order, now);
  const owed = await p.orders.giveEarly({
    orderId: frozen.id,
    fence: lease.fence,
    subscription,
    owe: placedText(p, order, subscription),
    now,
    leaseFor: p.settings().leaseFor,
  });
  if (owed === undefined) return;
  p.note('order.given-early', { order: frozen.id });
  await sayInline(p, owed);
}
