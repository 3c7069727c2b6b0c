import type { ChargeIdentity, ChargeRequest, ChargeVerdict, CreditAnswer } from '../../domain/charge.ts';
import { isGivenBack, isTaken, readAnswer, settles, takenBy } from '../../domain/charge.ts';
import type { Money } from '../../domain/money.ts';
import { moneyText } from '../../domain/money.ts';
import type { NoticeKind, OwedMt } from '../../domain/notice.ts';
import type { Order } from '../../domain/order.ts';
import { sentSince } from '../../domain/order.ts';
import { owedAbout } from '../incoming.ts';
import type { HeldOrder, Ports } from '../ports/ports.ts';
import { sayRecorded } from '../say/say.ts';
import type { Settled } from '../ports/settled.ts';
import { REST } from '../ports/settled.ts';
import { keepingLease } from '../keep-lease.ts';
import { stillHeld, tellDisputed, waitForOcs, waitUnsent, whyShut } from './waiting.ts';

/** E6: a refund has its own Session-Id, stored once before the first send, and is resent until answered. */
export async function refundOrder(p: Ports, held: HeldOrder): Promise<Settled> {
  const { frozen } = held.order;
  const now = p.clock.now();
  if (!p.charging.open()) return waitForOcs(p, held, whyShut(p));
  const permitted = await p.orders.permitRefund(
    frozen.id,
    held.lease.fence,
    p.charging.newIdentity(frozen.id, Math.floor(now / 1000)),
    now,
  );
  if (permitted?.order.refund === undefined) return REST;
  const { order, again } = permitted;
  if (now - sentSince(order, permitted.order.refund) > p.settings().duplicateMemory) return disputeRefund(p, held);
  return sendRefund(p, { ...held, order }, again);
}

async function sendRefund(p: Ports, held: HeldOrder, again: boolean): Promise<Settled> {
  const { refund } = held.order;
  if (refund === undefined || !(await stillHeld(p, held))) return REST;
  const request = requestOf(p, held.order, refund, again);
  const answer = await keepingLease(p, held, () => p.charging.send(request));
  if (answer.kind !== 'answer') {
    const reason = `refund: ${answer.reason}`;
    return answer.kind === 'silent'
      ? waitForOcs(p, held, reason)
      : waitUnsent(p, held, { what: 'refund', again, reason });
  }
  const verdict = readRefund(held.order, answer);
  if (settles(answer, again)) return recordRefund(p, held.order, { sessionId: refund.sessionId, verdict });
  return waitUnsent(p, held, { what: 'refund', again, reason: `refund: the OCS answered ${verdict.resultCode}` });
}

/** What is to be given back is what was taken, whatever the price. */
export function readRefund({ verdict, frozen }: Order, answer: CreditAnswer): ChargeVerdict {
  return readAnswer(answer, takenBy(verdict, frozen.price));
}

function requestOf(p: Ports, order: Order, refund: ChargeIdentity, retransmit: boolean): ChargeRequest {
  const { msisdn, serviceIdentifier, price, id: orderId } = order.frozen;
  return {
    identity: p.charging.adopt(refund),
    action: 'refund',
    msisdn,
    serviceIdentifier,
    price: takenBy(order.verdict, price),
    orderId,
    retransmit,
    resends: retransmit ? order.waits : 0,
    refundInformation: informationIn(order.verdict),
  };
}

function informationIn(verdict: ChargeVerdict | undefined): string | undefined {
  return verdict !== undefined && 'refundInformation' in verdict ? verdict.refundInformation : undefined;
}

/** The definite answer to a refund. */
interface RefundAnswer {
  readonly sessionId: string;
  readonly verdict: ChargeVerdict;
}

/** A compare-and-set from any process (E5): what was owed for it is stored by the same step, then said. */
export async function recordRefund(p: Ports, order: Order, { sessionId, verdict }: RefundAnswer): Promise<Settled> {
  const { frozen } = order;
  const taken = takenBy(order.verdict, frozen.price);
  const reason = isGivenBack(verdict) ? undefined : whyDisputed(verdict, taken);
  const recorded = await p.orders.recordRefund({
    orderId: frozen.id,
    sessionId,
    verdict,
    reason,
    owe: reason === undefined ? await paidBackText(p, order) : undefined,
    now: p.clock.now(),
    leaseFor: p.settings().leaseFor,
  });
  if (recorded.kind === 'repeat') return noteRepeated(p, frozen.id, { sessionId, verdict });
  p.note('refund.recorded', {
    order: frozen.id,
    state: recorded.state,
    result: verdict.resultCode,
    ...(reason && { reason }),
  });
  await sayRecorded(p, recorded);
  if (reason === undefined) return REST;
  p.note('order.disputed', { order: frozen.id, reason });
  await tellDisputed(p, order);
  return { kind: 'dead', reason };
}

/** E6: a refund is over only where all of it was given back; how much is missing is in the OCS's books. */
function whyDisputed(verdict: ChargeVerdict, taken: Money): string {
  if (verdict.kind !== 'partial') return `the OCS refused the refund with ${verdict.resultCode}`;
  const { granted, resultCode } = verdict;
  const part = granted === undefined ? 'an amount that it does not name' : moneyText({ ...taken, minor: granted });
  return `the OCS gave back ${part} of ${moneyText(taken)} (${resultCode})`;
}

/**
 * E6: an order has one refund. What another one gave back, or this one after a person ruled on it, no order accounts for, so
 * a person must hear of it; a second answer to what is refunded is no news.
 */
async function noteRepeated(p: Ports, orderId: string, { sessionId, verdict }: RefundAnswer): Promise<Settled> {
  const order = await p.orders.load(orderId);
  const fields = { order: orderId, state: order?.state, result: verdict.resultCode };
  const known = order?.state === 'refunded' && order.refund?.sessionId === sessionId;
  p.note(isTaken(verdict) && !known ? 'charge.orphan' : 'charge.repeat', fields);
  return REST;
}

/** What the subscriber reads when all of it is back; who has ordered it again since has it. */
export async function paidBackText(p: Ports, order: Order): Promise<OwedMt> {
  const { frozen, verdict } = order;
  const { subscriptions } = await p.subscribers.read(frozen.msisdn);
  const hasIt = subscriptions.some(({ serviceId }) => serviceId === frozen.serviceId);
  const kind = hasIt ? 'paid-back' : kindOf(order);
  return owedAbout(p, frozen, kind, { price: moneyText(takenBy(verdict, frozen.price)) });
}

/** A period that was paid back ends no subscription, a STOP does. */
function kindOf({ renewal, stopRequested, refundText }: Order): NoticeKind {
  if (refundText !== undefined) return refundText;
  return renewal !== undefined && !stopRequested ? 'paid-back' : 'refunded';
}

async function disputeRefund(p: Ports, { order, lease }: HeldOrder): Promise<Settled> {
  const reason = 'the refund was not answered within the duplicate memory of the OCS';
  await p.orders.dispute(order.frozen.id, lease.fence, reason, p.clock.now());
  p.note('order.disputed', { order: order.frozen.id, reason });
  await tellDisputed(p, order);
  return { kind: 'dead', reason };
}
