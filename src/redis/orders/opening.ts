import { partitionOf } from '../../domain/ids.ts';
import type { OwedMt } from '../../domain/notice.ts';
import type { Order } from '../../domain/order.ts';
import type { HeldOrder, Opened, OpenStep, Orders } from '../../flow/ports/ports.ts';
import type { SubscriberAt } from '../keys.ts';
import { justOwed } from '../mt-record.ts';
import { isHeld, openArgs } from './open-args.ts';
import type { Parts } from '../replies.ts';
import { DONE, OPEN, partsOf } from '../replies.ts';
import type { StoreBase } from '../store-base.ts';
import { orderOf } from '../store-base.ts';
import { UNFINISHED } from '../transitions.ts';

interface OpeningBase extends StoreBase {
  readonly args: ReturnType<typeof openArgs>;
}

type Opening = Pick<Orders, 'open' | 'load' | 'take' | 'renew' | 'release'>;

/** Opening an order, reading it, and the lease that its sender needs (E1, E5). */
export function createOpening(base: StoreBase): Opening {
  const { run, keys, owner } = base;
  const opening = { args: openArgs(base), ...base };
  return {
    open: (step, otherwise) => open(opening, step, otherwise),
    load: base.loadOrder,
    async take(orderId, now, leaseFor, fence): Promise<HeldOrder | undefined> {
      if (!keys.knows(orderId)) return undefined;
      const step = { id: orderId, from: UNFINISHED, now, leaseFor, owner, fence };
      const reply = partsOf(await run('take-order', lookKeys(base, orderId), [JSON.stringify(step)]));
      if (reply.code !== DONE) return undefined;
      return { order: orderOf(base, reply.fields(2)), lease: { fence: reply.number(1), until: now + leaseFor } };
    },
    renew: async (orderId, fence, until) =>
      (await run('renew-lease', lookKeys(base, orderId), [`o:${orderId}`, fence, until])) === DONE,
    async release(orderId, fence, wakeAt) {
      await run('release-lease', lookKeys(base, orderId), [`o:${orderId}`, fence, wakeAt]);
    },
  };
}

function lookKeys({ keys }: StoreBase, orderId: string): readonly string[] {
  return [keys.order(orderId), keys.wake(partitionOf(orderId))];
}

async function open(base: OpeningBase, step: OpenStep, otherwise: OwedMt | undefined): Promise<Opened> {
  const at = base.keys.subscriberOf(step.frozen.msisdn);
  const reply = partsOf(await base.run('open-order', openKeys(base, step, at, otherwise), base.args(step, otherwise)));
  switch (reply.code) {
    case OPEN.repeat:
      return { kind: 'repeat' };
    case OPEN.already:
      if (otherwise === undefined) throw new TypeError('a step owed a text that was not given');
      return { kind: 'already', owed: justOwed(otherwise, reply.number(1), step) };
    case OPEN.overCap:
      return { kind: 'over-cap' };
    case OPEN.stopped:
      return { kind: 'stopped' };
    default:
      return opened(base, step, reply);
  }
}

function opened(base: StoreBase, step: OpenStep, reply: Parts): Opened {
  const order = justOpened(step, reply.number(1));
  base.rememberSubscriber(order);
  return {
    kind: 'opened',
    held: { order, lease: { fence: order.fence, until: isHeld(step) ? step.now + step.leaseFor : step.now } },
    owed: step.owe === undefined ? undefined : justOwed(step.owe, reply.number(2), step),
  };
}

function openKeys(
  { keys }: StoreBase,
  step: OpenStep,
  at: SubscriberAt,
  otherwise: OwedMt | undefined,
): readonly string[] {
  const order = keys.order(step.frozen.id);
  const { partition } = at;
  const mt = step.owe ?? otherwise;
  return [
    keys.dedupe(partition, step.dedupe.key),
    order,
    keys.subscriber(at),
    mt === undefined ? order : keys.mt(mt.id),
    keys.wake(partition),
    keys.outbox(partition),
    keys.census(partition),
    keys.recent(partition),
    keys.ordersOf(at),
    step.supersedes === undefined ? order : keys.order(step.supersedes),
    keys.stopped(at),
  ];
}

function justOpened(step: OpenStep, fence: number): Order {
  return {
    frozen: step.frozen,
    state: step.state,
    challenge: step.challenge,
    tries: 0,
    charge: step.charge,
    unanswered: false,
    refund: undefined,
    verdict: undefined,
    stopRequested: false,
    fence,
    waits: 0,
    updatedAt: step.now,
  };
}
