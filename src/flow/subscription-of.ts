import { isRecurring } from '../domain/catalogue.ts';
import type { FrozenOrder } from '../domain/order.ts';
import type { Subscription } from '../domain/subscription.ts';

/** What a placed order leaves; undefined for a service that is paid once. `since`: epoch milliseconds. */
export function subscriptionOf(frozen: FrozenOrder, since: number): Subscription | undefined {
  if (!isRecurring(frozen) || frozen.period === 'once') return undefined;
  const { serviceId, providerId, id, title, keyword, price, period } = frozen;
  return { serviceId, providerId, orderId: id, title, keyword, price, period, since };
}
