import { sourcesOf } from '../../lib/fsm.ts';
import type { ChargeIdentity } from '../../domain/charge.ts';
import { isGivenBack } from '../../domain/charge.ts';
import type { OwedMt } from '../../domain/notice.ts';
import type { LaterSend, Order, OrderEvent, OrderState } from '../../domain/order.ts';
import { ORDER_TABLE } from '../../domain/order.ts';
import type { Orders, Permitted, PermitAt, Recorded, RefundStep } from '../../flow/ports/ports.ts';
import { oweArg } from '../mt-record.ts';
import { moreKey, moveOrder, orderIfDone, permittedIfDone, recorded } from './steps.ts';
import { DONE } from '../replies.ts';
import type { StoreBase } from '../store-base.ts';
import { CLOSES, PERMITS, REFUNDS, targetOf } from '../transitions.ts';

type Charging = Pick<
  Orders,
  'permit' | 'stepBack' | 'silence' | 'dispute' | 'permitRefund' | 'handBack' | 'recordRefund'
>;

/** Charges and refunds: the lease's fence for sending, compare-and-set for recording (E1 to E6). */
export function createCharging(base: StoreBase): Charging {
  return {
    permit: (orderId, fence, charge, at) => permit(base, orderId, fence, { charge, ...at }),
    stepBack: (orderId, fence, now, oweStopped) => stepBack(base, orderId, oweStopped, { fence, now }),
    silence: (orderId, fence, now) => fenced(base, 'mark-silent', orderId, { fence, now }),
    dispute: (orderId, fence, reason, now) => fenced(base, 'dispute-order', orderId, { fence, now, reason }),
    permitRefund: (orderId, fence, refund, now) => permitRefund(base, orderId, fence, { refund, now }),
    handBack: (orderId, fence, what) => handBack(base, orderId, fence, what),
    recordRefund: (step) => recordRefund(base, step),
  };
}

const FENCED = {
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
  const from = sourcesOf(ORDER_TABLE, event);
  const reply = await moveOrder(base, name, orderId, {
    arg: { from, to: targetOf(to, base.retention.orders), ...arg },
  });
  return reply === DONE;
}

async function stepBack(
  base: StoreBase,
  orderId: string,
  owe: OwedMt | undefined,
  at: { readonly fence: number; readonly now: number },
): Promise<boolean> {
  const { owner, retention } = base;
  const from = sourcesOf(ORDER_TABLE, 'step-back');
  const to = targetOf('confirmed', retention.orders);
  const cancelled = targetOf('cancelled', retention.orders);
  const arg = { from, to, cancelled, ...(owe === undefined ? {} : { oweStopped: oweArg(owe) }), owner, ...at };
  const more = [moreKey(base, orderId, owe)];
  return (await moveOrder(base, 'step-back', orderId, { more, arg })) === DONE;
}

async function permit(
  base: StoreBase,
  orderId: string,
  fence: number,
  { charge, now, counts }: PermitAt & { readonly charge: ChargeIdentity },
): Promise<Order | undefined> {
  const to = targetOf('charging', base.retention.orders);
  const identity = { charge: JSON.stringify(charge), chargeSession: charge.sessionId };
  const spend = counts && { spend: counts.spend === undefined ? '' : JSON.stringify(counts.spend) };
  const reply = await moveOrder(base, 'permit-charge', orderId, {
    arg: { fence, from: PERMITS, to, ...identity, ...spend, now },
  });
  return orderIfDone(base, reply);
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
