import { describe, expect, it } from 'vitest';
import type { Subscription } from '../../src/domain/subscription.ts';
import { orderSummary } from '../../src/noc/order-view.ts';
import { subscriberView } from '../../src/noc/subscriber-view.ts';
import { MSISDN, NOW, order } from './fakes.ts';

const one = (serviceId: string, dueAt: number): Subscription =>
  ({
    serviceId,
    title: `Title of ${serviceId}`,
    price: { minor: 2000, currency: 'KES', decimals: 2 },
    period: 'week',
    state: 'active',
    since: NOW,
    dueAt,
  }) as Subscription;

describe('what staff see of a subscriber', () => {
  const subscriptions = [one('gold', NOW + 1), one('news', NOW + 2)];
  const numbers = new Map([
    ['gold', 2],
    ['news', 1],
  ]);
  const view = subscriberView({ msisdn: MSISDN, subscriptions, numbers, orders: [order('placed'), order()] });

  it('has their services in the order of their LIST, so that both speak of the same thing', () => {
    expect(view.subscriptions).toMatchObject([
      { number: 1, service: 'news', price: 'KES 20.00' },
      { number: 2, service: 'gold' },
    ]);
  });

  it('has their orders as every list of orders has them', () => {
    expect(view.orders).toEqual([orderSummary(order('placed')), orderSummary(order())]);
  });

  it('has three digits of their number', () => {
    expect(view.subscriber).toBe('…678');
    expect(JSON.stringify(view)).not.toContain(MSISDN);
  });
});
