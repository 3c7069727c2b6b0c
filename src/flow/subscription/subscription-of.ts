import { dayText } from '../../domain/calendar.ts';
import { isRecurring } from '../../domain/catalogue.ts';
import type { OwedMt } from '../../domain/notice.ts';
import type { Order } from '../../domain/order.ts';
import type { Subscription } from '../../domain/subscription.ts';
import { beginSubscription, renewed } from '../../domain/subscription.ts';
import { owedAbout } from '../incoming.ts';
import type { Ports } from '../ports/ports.ts';

/** What a placed order leaves, or the subscription that it renews; undefined for a service that is paid once. */
export function subscriptionOf(p: Ports, { frozen, renewal }: Order, now: number): Subscription | undefined {
  if (!isRecurring(frozen)) return undefined;
  const rules = p.settings().subscriptions;
  return renewal === undefined ? beginSubscription(frozen, now, rules) : renewed(renewal, frozen.price, now, rules);
}

/** What a placed order says: ordered, or a receipt for the period that was charged, with the day of the next charge. */
export function placedText(p: Ports, { frozen, renewal }: Order, left: Subscription | undefined): OwedMt {
  const next = left === undefined ? {} : { next: dayText(left.dueAt, p.settings().subscriptions.zone) };
  if (renewal === undefined) return owedAbout(p, frozen, 'ordered', next);
  return owedAbout(p, frozen, renewal.state === 'suspended' ? 'resumed' : 'renewed', next);
}
