import type { Period } from './catalogue.ts';
import type { Money } from './money.ts';

/** What a placed order leaves for a recurring service. */
export interface Subscription {
  readonly serviceId: string;
  readonly providerId: string;
  readonly orderId: string;
  readonly title: string;
  /** The word that ends it: STOP <keyword>. */
  readonly keyword: string;
  readonly price: Money;
  readonly period: Exclude<Period, 'once'>;
  /** Epoch milliseconds. */
  readonly since: number;
}
