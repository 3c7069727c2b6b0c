import { sourcesOf } from '../../lib/fsm.ts';
import { BY_A_PERSON } from '../../domain/charge.ts';
import type { Closing, OrderState } from '../../domain/order.ts';
import { ORDER_TABLE } from '../../domain/order.ts';
import { partitionOf } from '../../domain/ids.ts';
import type { CloseStep, GiveStep, HeldMt, Orders, Recorded, ResolveStep } from '../../flow/ports/ports.ts';
import { justOwed, oweArg } from '../mt-record.ts';
import { moreKey, moveOrder, permittedIfDone, recorded, subscriptionArg } from './steps.ts';
import { DONE, partsOf } from '../replies.ts';
import type { StoreBase } from '../store-base.ts';
import { CLOSES, leadingTo, stopArg, targetOf } from '../transitions.ts';

type Closings = Pick<Orders, 'permitClosing' | 'recordClosing' | 'giveEarly' | 'resolve'>;

/** What comes after a charge was reserved, or could not be settled: commit and release, E7, and a person's word. */
export function createClosing(base: StoreBase): Closings {
  return {
    permitClosing: (orderId, fence, closing, now) => permitClosing(base, orderId, { fence, closing, now }),
    recordClosing: (step) => recordClosing(base, step),
    giveEarly: (step) => giveEarly(base, step),
    resolve: (step) => resolve(base, step),
  };
}

async function permitClosing(
  base: StoreBase,
  orderId: string,
  { fence, closing, now }: { readonly fence: number; readonly closing: Closing; readonly now: number },
): ReturnType<Orders['permitClosing']> {
  const { kind } = closing;
  const arg = {
    fence,
    from: CLOSES[kind].permits,
    decided: CLOSES[kind].decided,
    kind,
    closing: JSON.stringify(closing),
    ...(kind === 'commit' ? { to: targetOf('committing', base.retention.orders) } : {}),
    now,
  };
  return permittedIfDone(base, await moveOrder(base, 'permit-closing', orderId, { arg }));
}

/** Where a stop that came before the answer leads instead (E14). */
const STOPPED = { placed: 'refunding', uncharged: 'cancelled', disputed: 'disputed' } as const;

async function recordClosing(base: StoreBase, step: CloseStep): Promise<Recorded> {
  const { kind, to, owe, oweStopped, now, leaseFor } = step;
  const { owner, retention, keys } = base;
  const arg = {
    kind,
    cause: step.cause,
    from: leadingTo(to, CLOSES[kind].records),
    to: targetOf(to, retention.orders),
    stopped: targetOf(STOPPED[to], retention.orders),
    ...(step.resultCode === undefined ? {} : { closed: step.resultCode }),
    ...(step.reason === undefined ? {} : { reason: step.reason }),
    ...subscriptionArg(keys, step.subscription),
    ...(owe === undefined ? {} : { owe: oweArg(owe) }),
    ...(oweStopped === undefined ? {} : { oweStopped: oweArg(oweStopped) }),
    now,
    leaseFor,
    owner,
  };
  const texts = [owe, oweStopped].map((mt) => moreKey(base, step.orderId, mt));
  const more = [...texts, keys.due(partitionOf(step.orderId))];
  const reply = await moveOrder(base, 'record-closing', step.orderId, { more, arg });
  const told = wasStopped(step, reply === undefined ? '' : partsOf(reply).text(1)) ? oweStopped : owe;
  return recorded(reply, { owe: told, now, leaseFor });
}

/** Which of the two texts the step owed, told by where it led. */
function wasStopped({ to }: CloseStep, state: string): boolean {
  return to !== 'disputed' && state === (STOPPED[to] satisfies OrderState);
}

async function giveEarly(base: StoreBase, step: GiveStep): Promise<HeldMt | undefined> {
  const { keys, owner } = base;
  const at = await base.subscriberOf(step.orderId);
  if (at === undefined) return undefined;
  const partition = partitionOf(step.orderId);
  const arg = {
    id: step.orderId,
    fence: step.fence,
    from: ['charge-unknown'] satisfies OrderState[],
    ...subscriptionArg(keys, step.subscription),
    owe: oweArg(step.owe),
    now: step.now,
    leaseFor: step.leaseFor,
    owner,
  };
  const names = [
    keys.order(step.orderId),
    keys.subscriber(at),
    keys.wake(partition),
    keys.outbox(partition),
    keys.mt(step.owe.id),
    keys.due(partition),
  ];
  const reply = partsOf(await base.run('give-early', names, [JSON.stringify(arg)]));
  return reply.code === DONE ? justOwed(step.owe, reply.number(1), step) : undefined;
}

const RESOLVES = { placed: 'place', uncharged: 'deny', refund: 'refund' } as const;
const LEADS = { placed: 'placed', uncharged: 'uncharged', refund: 'refunding' } as const;

/** Only out of `disputed`: everywhere else the OCS or the subscriber has the word. */
async function resolve(base: StoreBase, step: ResolveStep): Promise<Recorded> {
  const { outcome } = step.resolution;
  const { keys } = base;
  const { renewal } = step;
  const due = keys.due(partitionOf(step.orderId));
  const more = [moreKey(base, step.orderId, step.owe), due, keys.order(renewal ?? step.orderId)];
  const at = await base.subscriberOf(step.orderId);
  const arg = {
    from: sourcesOf(ORDER_TABLE, RESOLVES[outcome]).filter((state) => state === 'disputed'),
    to: targetOf(LEADS[outcome], base.retention.orders),
    refunding: targetOf('refunding', base.retention.orders),
    granted: JSON.stringify(BY_A_PERSON),
    resolution: JSON.stringify(step.resolution),
    name: at?.name ?? '',
    ...(renewal === undefined ? {} : { renewal, ...stopArg(base.retention.orders) }),
    ...subscriptionArg(keys, step.subscription),
    ...(step.owe === undefined ? {} : { owe: oweArg(step.owe) }),
    now: step.now,
    leaseFor: step.leaseFor,
    owner: base.owner,
  };
  return recorded(await moveOrder(base, 'resolve-order', step.orderId, { more, arg }), step);
}
