import { isErrorAnswer, readClosing } from '../../domain/charge.ts';
import type { ChargeRequest, Closed } from '../../domain/charge.ts';
import type { NoticeKind } from '../../domain/notice.ts';
import type { Closing, Order } from '../../domain/order.ts';
import type { HeldOrder, Ports } from '../ports/ports.ts';
import { endNotProvided, provide } from './provide.ts';
import { isRatedOtherwise } from '../terms/rated.ts';
import { recordClosed, releasedFor } from './record-closing.ts';
import { refundOrder } from './refund-order.ts';
import type { Settled } from '../ports/settled.ts';
import { REST } from '../ports/settled.ts';
import { isSuspended } from '../terms/suspended.ts';
import { keepingLease } from '../keep-lease.ts';
import { stillHeld, waitForOcs, waitUnsent, whyShut } from './waiting.ts';

/** E10: what was reserved is provided, then committed, and only then told. Whatever stands against it releases it. */
export async function settleReserved(p: Ports, held: HeldOrder): Promise<Settled> {
  const { order } = held;
  // Decided before: this is a resend, by whoever holds the lease now (E1).
  if (order.closing !== undefined) return resendClosing(p, held, order.closing);
  if ((await whyNot(p, order)) !== undefined) return close(p, held, 'release');
  const provided = await keepingLease(p, held, () => provide(p, order));
  if (provided.kind === 'wait') return waitForOcs(p, held, provided.reason);
  if (provided.kind === 'failed' && provided.refused) await endNotProvided(p, order);
  return provided.kind === 'done' ? close(p, held, 'commit') : close(p, held, 'release', 'not-provided');
}

/** E14, E17, and the units' Validity-Time (RFC 8506 8.33): after it the OCS may have let them go. */
async function whyNot(p: Ports, order: Order): Promise<string | undefined> {
  const { frozen, verdict } = order;
  if (order.stopRequested) return 'a stop came';
  if (verdict?.kind === 'partial' || verdict?.kind === 'denied') return 'less was reserved than asked';
  if (await isSuspended(p, frozen)) return 'the provider is suspended';
  return isOver(p, order) ? 'the reservation is over' : undefined;
}

function isOver(p: Ports, { verdict, updatedAt }: Order): boolean {
  const validity = verdict?.kind === 'granted' ? verdict.session?.validity : undefined;
  return validity !== undefined && p.clock.now() - updatedAt >= validity * 1000;
}

/** The last interrogation of the session: same Session-Id, next CC-Request-Number (RFC 8506 8.2), stored before it is sent. */
async function close(p: Ports, held: HeldOrder, kind: Closing['kind'], because?: Closing['because']): Promise<Settled> {
  const { frozen, charge } = held.order;
  if (charge === undefined) return { kind: 'dead', reason: `order ${frozen.id} is reserved without a charge` };
  if (!p.charging.open()) return waitForOcs(p, held, whyShut(p));
  const now = p.clock.now();
  const fresh = p.charging.newIdentity(frozen.id, Math.floor(now / 1000));
  const { sessionId } = charge;
  const identity = { ...fresh, sessionId, requestNumber: p.charging.endNumber(sessionId) };
  const sent = await permitAndSend(p, held, { kind, identity, because });
  if (sent !== undefined) return sent;
  return kind === 'commit' ? releaseIfStopped(p, held) : REST;
}

/** Undefined where the step refuses. */
async function permitAndSend(p: Ports, held: HeldOrder, wanted: Closing): Promise<Settled | undefined> {
  const permitted = await p.orders.permitClosing(held.order.frozen.id, held.lease.fence, wanted, p.clock.now());
  const closing = permitted?.order.closing;
  if (permitted === undefined || closing === undefined) return undefined;
  return sendClosing(p, { ...held, order: permitted.order }, closing, permitted.again);
}

/** E14: the step refuses a commit after a stop; then what was reserved is released. */
async function releaseIfStopped(p: Ports, held: HeldOrder): Promise<Settled> {
  const order = await p.orders.load(held.order.frozen.id);
  if (order?.state !== 'reserved' || !order.stopRequested) return REST;
  return close(p, { ...held, order }, 'release');
}

/**
 * E4: a commit is not resent after the memory of the OCS; a release that nobody answered has lapsed by itself long since. The
 * age counts from the decision, whether or not a send left since: what was reserved before it does not wait for one.
 */
async function resendClosing(p: Ports, held: HeldOrder, closing: Closing): Promise<Settled> {
  const { order } = held;
  const age = p.clock.now() - closing.identity.eventTimestamp * 1000;
  if (age > p.settings().duplicateMemory) {
    const end = { closing: closing.kind, done: false, resultCode: undefined, released: releasedFor(order) };
    return recordClosed(p, order, end);
  }
  if (!p.charging.open()) return waitForOcs(p, held, whyShut(p));
  return (await permitAndSend(p, held, closing)) ?? REST;
}

async function sendClosing(p: Ports, held: HeldOrder, closing: Closing, again: boolean): Promise<Settled> {
  const { kind: what } = closing;
  if (!(await stillHeld(p, held))) return REST;
  const request = closingOf(p, held.order, closing, again);
  const answer = await keepingLease(p, held, () => p.charging.send(request));
  if (answer.kind === 'silent') return waitForOcs(p, held, `${what}: ${answer.reason}`);
  if (answer.kind === 'not-sent') return waitUnsent(p, held, { what, again, reason: `${what}: ${answer.reason}` });
  const closed = readClosing(answer, what, again);
  if (what === 'commit' && closed.kind === 'done') isRatedOtherwise(p, held.order.frozen, answer);
  if (closed.kind !== 'not-processed') return afterAnswer(p, held, closing, closed);
  const reason = `${what}: the OCS answered ${closed.resultCode}`;
  return isErrorAnswer(closed.resultCode) ? waitUnsent(p, held, { what, again, reason }) : waitForOcs(p, held, reason);
}

function closingOf(p: Ports, order: Order, { kind, identity }: Closing, retransmit: boolean): ChargeRequest {
  const { msisdn, serviceIdentifier, price, id } = order.frozen;
  const session = order.verdict !== undefined && 'session' in order.verdict ? order.verdict.session : undefined;
  return {
    identity: p.charging.adopt(identity),
    action: kind,
    msisdn,
    serviceIdentifier,
    price,
    orderId: id,
    retransmit,
    resends: retransmit ? order.waits : 0,
    session,
  };
}

async function afterAnswer(
  p: Ports,
  held: HeldOrder,
  closing: Closing,
  { kind, resultCode }: Closed,
): Promise<Settled> {
  const released = await textFor(p, held.order);
  const settled = await recordClosed(p, held.order, {
    closing: closing.kind,
    done: kind === 'done',
    resultCode,
    released,
  });
  const order = await p.orders.load(held.order.frozen.id);
  return order?.state === 'refunding' ? refundOrder(p, { ...held, order }) : settled;
}

async function textFor(p: Ports, order: Order): Promise<NoticeKind> {
  return (await isSuspended(p, order.frozen)) ? 'suspended' : releasedFor(order);
}
