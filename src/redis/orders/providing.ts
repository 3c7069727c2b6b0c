import { partitionOf } from '../../domain/ids.ts';
import type { OrderState } from '../../domain/order.ts';
import type { AskRefundStep, Orders, ProvideStep, Recorded } from '../../flow/ports/ports.ts';
import { oweArg } from '../mt-record.ts';
import { moreKey, moveOrder, recorded, subscriptionArg } from './steps.ts';
import type { StoreBase } from '../store-base.ts';
import { targetOf } from '../transitions.ts';

type Providing = Pick<Orders, 'provided' | 'askRefund'>;

/** What comes of asking the provider (E10), and refunds of what was placed. */
export function createProviding(base: StoreBase): Providing {
  return {
    provided: (step) => provided(base, step),
    askRefund: (step) => askRefund(base, step),
  };
}

async function provided(base: StoreBase, step: ProvideStep): Promise<Recorded> {
  const { keys, retention, owner } = base;
  const { owe, oweStopped, now, leaseFor, told } = step;
  const arg = {
    from: ['charged'] satisfies OrderState[],
    to: targetOf(step.to, retention.orders),
    stopped: targetOf(step.free ? 'uncharged' : 'refunding', retention.orders),
    ...(told === undefined ? {} : { told }),
    ...subscriptionArg(keys, step.subscription),
    ...(owe === undefined ? {} : { owe: oweArg(owe) }),
    ...(oweStopped === undefined ? {} : { oweStopped: oweArg(oweStopped) }),
    now,
    leaseFor,
    owner,
  };
  const due = keys.due(partitionOf(step.orderId));
  const more = [moreKey(base, step.orderId, owe), due, moreKey(base, step.orderId, oweStopped)];
  return recorded(await moveOrder(base, 'provide-order', step.orderId, { more, arg }), step);
}

async function askRefund(base: StoreBase, step: AskRefundStep): Promise<Recorded> {
  const arg = {
    from: ['placed'] satisfies OrderState[],
    to: targetOf('refunding', base.retention.orders),
    asked: JSON.stringify(step.asked),
    told: step.told,
    now: step.now,
  };
  const reply = await moveOrder(base, 'ask-refund', step.orderId, { arg });
  return recorded(reply, { owe: undefined, now: step.now, leaseFor: 0 });
}
