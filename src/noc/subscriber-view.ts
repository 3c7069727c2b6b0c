import { moneyText } from '../domain/money.ts';
import { lastThree } from '../domain/msisdn.ts';
import type { Order } from '../domain/order.ts';
import type { Subscription } from '../domain/subscription.ts';
import { iso, orderSummary } from './order-view.ts';
import type { SubscriberView } from './sources.ts';

export interface Found {
  readonly msisdn: string;
  readonly subscriptions: readonly Subscription[];
  readonly numbers: ReadonlyMap<string, number>;
  readonly orders: readonly Order[];
}

/** E19: the last three digits stand for the number, whoever asked for it. */
export function subscriberView({ msisdn, subscriptions, numbers, orders }: Found): SubscriberView {
  return {
    subscriber: lastThree(msisdn),
    subscriptions: subscriptions
      .map(({ serviceId, title, price, period, state, since, dueAt }) => ({
        number: numbers.get(serviceId) ?? 0,
        service: serviceId,
        title,
        price: moneyText(price),
        period,
        state,
        since: iso(since),
        dueAt: iso(dueAt),
      }))
      .sort((left, right) => left.number - right.number),
    orders: orders.map(orderSummary),
  };
}
