import { sourcesOf } from '../lib/fsm.ts';
import type { ChargeIdentity } from '../domain/charge.ts';
import { isGivenBack } from '../domain/charge.ts';
import type { OwedMt } from '../domain/notice.ts';
import type { LaterSend, Order, OrderEvent, OrderState } from '../domain/order.ts';
import { ORDER_TABLE } from '../domain/order.ts';
import type { Orders, Permitted, Recorded, RecordStep, RefundStep } from '../flow/ports.ts';
import type { Keys } from './keys.ts';
import { dueMember } from './keys.ts';
import { justOwed, oweArg } from './mt-record.ts';
import { GONE } from './order-consent.ts';
import type { Reply } from './scripts.ts';
import { DONE, partsOf, RECORD } from './replies.ts';
import type { StoreBase } from './store-base.ts';
import { moveKeys, orderOf } from './store-base.ts';
import { CLOSES, PERMITS, REFUNDS, targetOf } from './transitions.ts';

type Charging = Pick<
  Orders,
  'permit' | 'stepBack' | 'silence' | 'dispute' | 'permitRefund' | 'handBack' | 'recordRefund'
>;

/** Charges and refunds: the lease's fence for sending, compare-and-set for recording (E1 to E6). */
export function createCharging(base: StoreBase): Charging {
  return {
    permit: (orderId, fence, charge, now) => permit(base, orderId, fence, { charge, now }),
    stepBack: (orderId, fence, now) => fenced(base, 'step-back', orderId, { fence, now }),
    silence: (orderId, fence, now) => fenced(base, 'mark-silent', orderId, { fence, now }),
    dispute: (orderId, fence, reason, now) => fenced(base, 'dispute-order', orderId, { fence, now, reason }),
    permitRefund: (orderId, fence, refund, now) => permitRefund(base, orderId, fence, { refund, now }),
    handBack: (orderId, fence, what) => handBack(base, orderId, fence, what),
    recordRefund: (step) => recordRefund(base, step),
  };
}

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

const FENCED = {
  'step-back': { event: 'step-back', to: 'confirmed' },
  'mark-silent': { event: 'silence', to: 'charge-unknown' },
  'dispute-order': { event: 'dispute', to: 'disputed' },
} as const satisfies Readonly<Record<string, { readonly event: OrderEvent; readonly to: OrderState }>>;

async function fenced(
  base: StoreBase,
  name: keyof typeof FENCED,
  orderId: string,
  arg: { readonly fence: number; readonly now: number; readonly reason?: string },
): Promise<boolean> {
  const { event, to } = FENCED[name];
  const { orders } = base.retention;
  const cancelled = name === 'step-back' ? { cancelled: targetOf('cancelled', orders) } : {};
  const from = sourcesOf(ORDER_TABLE, event);
  const reply = await moveOrder(base, name, orderId, { arg: { ...arg, from, to: targetOf(to, orders), ...cancelled } });
  return reply === DONE;
}

async function permit(
  base: StoreBase,
  orderId: string,
  fence: number,
  { charge, now }: { readonly charge: ChargeIdentity; readonly now: number },
): Promise<Order | undefined> {
  const to = targetOf('charging', base.retention.orders);
  const identity = { charge: JSON.stringify(charge), chargeSession: charge.sessionId };
  const reply = await moveOrder(base, 'permit-charge', orderId, {
    arg: { fence, from: PERMITS, to, ...identity, now },
  });
  return orderIfDone(base, reply);
}

function orderIfDone(base: StoreBase, reply: Reply | undefined): Order | undefined {
  if (reply === undefined) return undefined;
  const parts = partsOf(reply);
  return parts.code === DONE ? orderOf(base, parts.fields(1)) : undefined;
}

export function permittedIfDone(base: StoreBase, reply: Reply | undefined): Permitted | undefined {
  const order = orderIfDone(base, reply);
  return reply === undefined || order === undefined ? undefined : { order, again: partsOf(reply).number(2) === 1 };
}

/** What a step that places leaves with the subscriber; nothing for a service that is paid once. */
export function subscriptionArg(keys: Keys, subscription: RecordStep['subscription']): object {
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

async function permitRefund(
  base: StoreBase,
  orderId: string,
  fence: number,
  { refund, now }: { readonly refund: ChargeIdentity; readonly now: number },
): Promise<Permitted | undefined> {
  if (!base.keys.knows(orderId)) return undefined;
  const step = { fence, from: REFUNDS.permits, refund: JSON.stringify(refund), now };
  return permittedIfDone(base, await base.run('permit-refund', [base.keys.order(orderId)], [JSON.stringify(step)]));
}

async function handBack(base: StoreBase, orderId: string, fence: number, what: LaterSend): Promise<boolean> {
  if (!base.keys.knows(orderId)) return false;
  const step = { fence, from: what === 'refund' ? REFUNDS.permits : CLOSES[what].decided, what };
  return (await base.run('hand-back', [base.keys.order(orderId)], [JSON.stringify(step)])) === DONE;
}

async function recordRefund(base: StoreBase, step: RefundStep): Promise<Recorded> {
  const { keys, retention, owner } = base;
  const { orderId, sessionId } = step;
  const given = isGivenBack(step.verdict);
  const more = [step.owe === undefined ? keys.order(orderId) : keys.mt(step.owe.id)];
  const arg = {
    sessionId,
    from: REFUNDS[given ? 'given' : 'refused'],
    to: targetOf(given ? 'refunded' : 'disputed', retention.orders),
    verdict: JSON.stringify(step.verdict),
    ...(step.reason === undefined ? {} : { reason: step.reason }),
    ...(step.owe === undefined ? {} : { owe: oweArg(step.owe) }),
    now: step.now,
    leaseFor: step.leaseFor,
    owner,
  };
  return recorded(await moveOrder(base, 'record-refund', orderId, { more, arg }), step);
}
