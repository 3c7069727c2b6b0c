import type { ChargeRequest, ChargeVerdict } from '../../domain/charge.ts';
import { isTaken, readClosing } from '../../domain/charge.ts';
import type { Order } from '../../domain/order.ts';
import type { Ports, Recorded } from '../ports/ports.ts';

/** What an OCS granted for an order, and under which session. */
export interface Granted {
  readonly sessionId: string;
  readonly verdict: ChargeVerdict;
}

/**
 * E8: an end is an end, and what was denied for sure is another charge when it is tried again (E11). The OCS took money all the
 * same, which no order accounts for, so a person must pay it back; what it only reserved is released. A second answer to what
 * was recorded as taken is no news.
 */
export async function settleOrphan(p: Ports, orderId: string, granted: Granted): Promise<void> {
  const { sessionId, verdict } = granted;
  if (!isTaken(verdict)) return;
  const order = await p.orders.load(orderId);
  if (order === undefined || (order.charge?.sessionId === sessionId && isTaken(order.verdict))) return;
  if (isNobodys(order, sessionId) && (await endSession(p, order, granted))) return;
  p.note('charge.orphan', { order: orderId, state: order.state, result: verdict.resultCode });
}

/** A reservation that its order does not end itself. */
function isNobodys({ frozen, charge, state }: Order, sessionId: string): boolean {
  return frozen.chargeKind === 'reserve' && !(state === 'reserved' && charge?.sessionId === sessionId);
}

/**
 * RFC 8506 7: a service that is free or denied leaves the session open that the command opened, as does a renewal of which too
 * little was reserved. A reserved order ends it itself.
 */
export async function endOpenSession(
  p: Ports,
  order: Order,
  granted: Granted,
  state: Recorded['state'],
): Promise<void> {
  const { verdict } = granted;
  if (order.frozen.chargeKind !== 'reserve' || state === 'reserved') return;
  if (verdict.kind === 'partial' || ('opened' in verdict && verdict.opened)) await endSession(p, order, granted);
}

/** One release, as best can be: nothing is stored for it, and an OCS lets go by itself of what nobody ends. */
async function endSession(p: Ports, order: Order, granted: Granted): Promise<boolean> {
  const answer = await p.charging.send(releaseOf(p, order, granted));
  const ended = answer.kind === 'answer' && readClosing(answer, 'release').kind === 'done';
  const came = answer.kind === 'answer' ? answer.resultCode : answer.reason;
  p.note(ended ? 'session.ended' : 'session.left-open', { order: order.frozen.id, came });
  return ended;
}

function releaseOf(p: Ports, { frozen }: Order, { sessionId, verdict }: Granted): ChargeRequest {
  const { id: orderId, msisdn, serviceIdentifier, price } = frozen;
  const fresh = p.charging.newIdentity(orderId, Math.floor(p.clock.now() / 1000));
  return {
    identity: { ...fresh, sessionId, requestNumber: p.charging.endNumber(sessionId) },
    action: 'release',
    msisdn,
    serviceIdentifier,
    price,
    orderId,
    retransmit: false,
    session: 'session' in verdict ? verdict.session : undefined,
  };
}
