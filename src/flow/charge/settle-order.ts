import { sourcesOf } from '../../lib/fsm.ts';
import type { ChargeIdentity, ChargeRequest } from '../../domain/charge.ts';
import { ORDER_TABLE, sentSince } from '../../domain/order.ts';
import type { Order } from '../../domain/order.ts';
import { lastTry } from '../../domain/subscription.ts';
import { isCapped, tellCapped } from '../subscription/capped-renewal.ts';
import { endSubscription } from '../subscription/end-subscription.ts';
import { giveOnSilence } from './give-early.ts';
import { owedAbout } from '../incoming.ts';
import type { HeldOrder, PermitAt, Ports } from '../ports/ports.ts';
import { placeFree, recordDebit } from './record-charge.ts';
import { refundOrder } from './refund-order.ts';
import type { Settled } from '../ports/settled.ts';
import { REST } from '../ports/settled.ts';
import { sayInline } from '../say/say.ts';
import { settleCharged } from './settle-charged.ts';
import { settleReserved } from './settle-reserved.ts';
import { markOf } from '../terms/spending.ts';
import { isSuspended } from '../terms/suspended.ts';
import { keepingLease } from '../keep-lease.ts';
import { stepBack, stillHeld, waitForOcs, whyShut } from './waiting.ts';

/** The order was stored a moment ago by this process, which holds its lease: `charging` was not sent yet (E1). */
export function settleFresh(p: Ports, held: HeldOrder): Promise<Settled> {
  return held.order.state === 'charging' ? sendCharge(p, held, false) : settleOrder(p, held);
}

/** Takes an order as far as it goes now. Whoever finds it in `charging` treats the charge as sent (E1). */
export async function settleOrder(p: Ports, held: HeldOrder): Promise<Settled> {
  switch (held.order.state) {
    case 'challenged':
      return closeWindow(p, held);
    case 'confirmed':
      return permitCharge(p, held);
    case 'charging':
    case 'charge-unknown':
      return resendCharge(p, held);
    case 'reserved':
    case 'committing':
      return settleReserved(p, held);
    case 'charged':
      return settleCharged(p, held);
    case 'refunding':
      return refundOrder(p, held);
    default:
      return REST;
  }
}

/** E16: silence is a no. A window that is still open is looked at when it closes. */
async function closeWindow(p: Ports, { order, lease }: HeldOrder): Promise<Settled> {
  const endsAt = order.challenge?.windowEndsAt ?? 0;
  if (p.clock.now() >= endsAt) return endOrder(p, order, 'expire');
  await p.orders.release(order.frozen.id, lease.fence, endsAt);
  return REST;
}

async function permitCharge(p: Ports, held: HeldOrder): Promise<Settled> {
  const { frozen } = held.order;
  const now = p.clock.now();
  if (await isSuspended(p, frozen)) return endOrder(p, held.order, 'decline');
  if (now > lastChance(p, held.order)) return giveUp(p, held.order);
  if (frozen.chargeKind === 'free') return placeFree(p, held);
  if (!p.charging.open()) return waitForOcs(p, held, whyShut(p));
  const identity = p.charging.newIdentity(frozen.id, Math.floor(now / 1000));
  const order = await p.orders.permit(frozen.id, held.lease.fence, identity, {
    now,
    ...countedNow(p, held.order, now),
  });
  return order === undefined ? notPermitted(p, held) : sendCharge(p, { ...held, order }, false);
}

/** Its tries go on for weeks: what it counts towards is the month that it is charged in. */
function countedNow(p: Ports, { frozen, renewal }: Order, now: number): Pick<PermitAt, 'counts'> {
  return renewal === undefined ? {} : { counts: { spend: markOf(p, frozen.price, now) } };
}

/**
 * E11: a renewal that was denied ends with its calendar as by its last try; one that the OCS never answered, or that a spend cap
 * held back from its last tries, only skips its period.
 */
async function giveUp(p: Ports, order: Order): Promise<Settled> {
  if (order.denied === undefined || (await isCapped(p, order.frozen))) return endOrder(p, order, 'give-up');
  await endSubscription(p, order, 'unpaid');
  return endOrder(p, order, 'unpaid');
}

/** Somebody else has it, or moved it; else it is a renewal whose next try would pass a spend cap. */
async function notPermitted(p: Ports, held: HeldOrder): Promise<Settled> {
  if (held.order.renewal === undefined || !(await stillHeld(p, held))) return REST;
  await tellCapped(p, held.order.frozen);
  return waitForOcs(p, held, 'a spend cap is used up');
}

/** A renewal waits as long as its retry calendar does; what was asked about first may have been answered as late as its window ended. */
function lastChance(p: Ports, { frozen, challenge, renewal }: Order): number {
  const { settle, subscriptions } = p.settings();
  if (renewal !== undefined) return lastTry(renewal, subscriptions) + settle.cap;
  return (challenge?.windowEndsAt ?? frozen.openedAt) + settle.maxAge;
}

/** E4: after the OCS's memory a resend could debit again, so a person decides. */
async function resendCharge(p: Ports, held: HeldOrder): Promise<Settled> {
  const { frozen, charge } = held.order;
  if (charge === undefined)
    return { kind: 'dead', reason: `order ${frozen.id} is ${held.order.state} without a charge` };
  const now = p.clock.now();
  if (now - sentSince(held.order, charge) > p.settings().duplicateMemory) {
    const reason = 'no answer from the OCS within its duplicate memory';
    await p.orders.silence(frozen.id, held.lease.fence, now);
    await p.orders.dispute(frozen.id, held.lease.fence, reason, now);
    p.note('order.disputed', { order: frozen.id, reason });
    return { kind: 'dead', reason };
  }
  if (!p.charging.open()) return waitForOcs(p, held, whyShut(p));
  return sendCharge(p, held, true);
}

async function sendCharge(p: Ports, held: HeldOrder, retransmit: boolean): Promise<Settled> {
  const { order, lease } = held;
  if (order.charge === undefined) return { kind: 'dead', reason: `order ${order.frozen.id} has no charge to send` };
  if (!(await stillHeld(p, held))) return REST;
  const request = chargeOf(p, order, order.charge, retransmit || order.unanswered);
  const answer = await keepingLease(p, held, () => p.charging.send(request));
  switch (answer.kind) {
    case 'answer':
      return recordDebit(p, held, answer, request.retransmit);
    case 'silent':
      await p.orders.silence(order.frozen.id, lease.fence, p.clock.now());
      p.note('order.charge-unknown', { order: order.frozen.id, reason: answer.reason, again: order.unanswered });
      await giveOnSilence(p, held);
      return waitForOcs(p, held, `no answer from the OCS (${answer.reason})`);
    case 'not-sent':
      return request.retransmit ? waitForOcs(p, held, answer.reason) : stepBack(p, held, answer.reason);
  }
}

/** The first interrogation: a debit, or the reservation of a service that is charged by session (RFC 8506 5, 6). */
function chargeOf(p: Ports, order: Order, charge: ChargeIdentity, retransmit: boolean): ChargeRequest {
  const { msisdn, serviceIdentifier, price, id, chargeKind } = order.frozen;
  const action = chargeKind === 'reserve' ? 'reserve' : 'debit';
  const resends = retransmit ? order.waits : 0;
  const identity = p.charging.adopt(charge);
  return { identity, action, msisdn, serviceIdentifier, price, orderId: id, retransmit, resends };
}

/** What ends an order that was never charged, and what the subscriber reads of it, or of a renewal; silence at an expiry. */
const ENDS = {
  expire: { event: 'expire', to: 'expired', first: undefined, renewal: 'not-renewed' },
  decline: { event: 'decline', to: 'declined', first: 'suspended', renewal: 'not-renewed' },
  'give-up': { event: 'give-up', to: 'uncharged', first: 'not-charged', renewal: 'not-renewed' },
  unpaid: { event: 'give-up', to: 'uncharged', first: 'not-charged', renewal: 'ended' },
} as const;

async function endOrder(p: Ports, { frozen, renewal }: Order, why: keyof typeof ENDS): Promise<Settled> {
  const { event, to, ...told } = ENDS[why];
  const notice = told[renewal === undefined ? 'first' : 'renewal'];
  const ended = await p.orders.end({
    orderId: frozen.id,
    to,
    from: sourcesOf(ORDER_TABLE, event),
    dedupe: undefined,
    owe: notice === undefined ? undefined : owedAbout(p, frozen, notice),
    now: p.clock.now(),
    leaseFor: p.settings().leaseFor,
  });
  if (ended.kind === 'ended') p.note('order.ended', { order: frozen.id, state: to });
  if (ended.kind === 'ended' && ended.owed !== undefined) await sayInline(p, ended.owed);
  return REST;
}
