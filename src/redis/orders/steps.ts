/** What the steps that move one order share. */
import type { OwedMt } from '../../domain/notice.ts';
import type { Order, OrderState } from '../../domain/order.ts';
import type { Permitted, Recorded, RecordStep } from '../../flow/ports/ports.ts';
import type { Keys } from '../keys.ts';
import { dueMember } from '../keys.ts';
import { justOwed } from '../mt-record.ts';
import { GONE } from './consent.ts';
import type { Reply } from '../scripts.ts';
import { DONE, partsOf, RECORD } from '../replies.ts';
import type { StoreBase } from '../store-base.ts';
import { moveKeys, orderOf } from '../store-base.ts';

/** A step that moves one order; undefined when the order does not exist. */
export async function moveOrder(
  base: StoreBase,
  name: string,
  orderId: string,
  step: { readonly more?: readonly string[]; readonly arg: object },
): Promise<Reply | undefined> {
  const at = await base.subscriberOf(orderId);
  if (at === undefined) return undefined;
  const keys = [...moveKeys(base, orderId, at), ...(step.more ?? [])];
  return base.run(name, keys, [JSON.stringify({ id: orderId, ...step.arg })]);
}

/** The key of a text that the step may owe; where there is none, its order's stands in. */
export function moreKey({ keys }: StoreBase, orderId: string, owe: OwedMt | undefined): string {
  return owe === undefined ? keys.order(orderId) : keys.mt(owe.id);
}

export function orderIfDone(base: StoreBase, reply: Reply | undefined): Order | undefined {
  if (reply === undefined) return undefined;
  const parts = partsOf(reply);
  return parts.code === DONE ? orderOf(base, parts.fields(1)) : undefined;
}

export function permittedIfDone(base: StoreBase, reply: Reply | undefined): Permitted | undefined {
  const order = orderIfDone(base, reply);
  return reply === undefined || order === undefined ? undefined : { order, again: partsOf(reply).number(2) === 1 };
}

/** What a step that places leaves with the subscriber; nothing for a service that is paid once. */
export function subscriptionArg(
  keys: Keys,
  subscription: RecordStep['subscription'],
): {
  readonly subscription?: string;
  readonly serviceId?: string;
  readonly lookAt?: number;
  readonly dueMember?: string;
} {
  if (subscription === undefined) return {};
  const { serviceId, lookAt, msisdn } = subscription;
  const member = dueMember(keys.subscriberOf(msisdn), serviceId);
  return { subscription: JSON.stringify(subscription), serviceId, lookAt, dueMember: member };
}

interface OweStep {
  readonly owe: OwedMt | undefined;
  readonly now: number;
  readonly leaseFor: number;
}

export function recorded(reply: Reply | undefined, step: OweStep): Recorded {
  if (reply === undefined) return { kind: 'repeat', state: GONE };
  const parts = partsOf(reply);
  const state = (parts.text(1) || GONE) as OrderState;
  if (parts.code === RECORD.repeat) return { kind: 'repeat', state };
  const fence = parts.number(2);
  const owed = step.owe === undefined || fence === 0 ? undefined : justOwed(step.owe, fence, step);
  return { kind: 'recorded', state, owed };
}
