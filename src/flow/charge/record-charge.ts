import type { ChargeAction, ChargeVerdict, CreditAnswer } from '../../domain/charge.ts';
import { isTaken, readAnswer, settles } from '../../domain/charge.ts';
import type { FrozenOrder, Order, OrderState } from '../../domain/order.ts';
import { DENIED } from './denied-text.ts';
import { owedAbout } from '../incoming.ts';
import { placedFields } from './note-placed.ts';
import { endOpenSession, settleOrphan } from './open-session.ts';
import type { HeldOrder, Ports, Recorded, RecordStep } from '../ports/ports.ts';
import { isRatedOtherwise } from '../terms/rated.ts';
import { watchRating } from '../terms/rating.ts';
import { readRefund, recordRefund, refundOrder } from './refund-order.ts';
import { sayRecorded } from '../say/say.ts';
import type { Settled } from '../ports/settled.ts';
import { REST } from '../ports/settled.ts';
import { asksFirst } from './provide.ts';
import { settleCharged } from './settle-charged.ts';
import { settleReserved } from './settle-reserved.ts';
import { recordLateClosing } from './record-closing.ts';
import { deniedRenewal } from '../subscription/denied-renewal.ts';
import { placedText, subscriptionOf } from '../subscription/subscription-of.ts';
import { stepBack, unchargedText, waitForOcs } from './waiting.ts';

/** A credit answer to a debit that this process sent and waited for. */
export async function recordDebit(
  p: Ports,
  held: HeldOrder,
  answer: CreditAnswer,
  retransmit: boolean,
): Promise<Settled> {
  const { order } = held;
  const verdict = readCharge(order.frozen, answer);
  if (!settles(answer, retransmit)) {
    // E2: an error answer means nobody debited now, but it clears no earlier silence.
    const reason = `the OCS answered ${verdict.resultCode}`;
    return retransmit ? waitForOcs(p, held, reason) : stepBack(p, held, reason);
  }
  await watchRating(p, order.frozen, verdict, answer.failedAvp);
  const sessionId = order.charge?.sessionId ?? '';
  const recorded = await record(p, order, sessionId, verdict);
  // E5: a late denial from one peer was first, and another one has taken the money all the same.
  if (recorded.kind === 'repeat') await settleOrphan(p, order.frozen.id, { sessionId, verdict });
  else noteRating(p, order.frozen, answer, verdict);
  const settled = await afterRecord(p, held, recorded);
  if (recorded.kind === 'recorded') await endOpenSession(p, order, { sessionId, verdict }, recorded.state);
  return settled;
}

function readCharge({ chargeKind, price }: FrozenOrder, answer: CreditAnswer): ChargeVerdict {
  return readAnswer(answer, price, chargeKind !== 'reserve');
}

/** A free service asks no OCS: it is granted and placed by one step. */
export async function placeFree(p: Ports, held: HeldOrder): Promise<Settled> {
  const recorded = await record(p, held.order, '', { kind: 'granted', free: true, resultCode: 0 });
  return afterRecord(p, held, recorded);
}

/** An answer that came after its sender had stopped waiting. */
export interface Late {
  readonly orderId: string;
  readonly sessionId: string;
  readonly action: ChargeAction;
  readonly answer: CreditAnswer;
}

/** E5: whichever process hears it records it, and the first definite one wins. */
export async function recordLate(p: Ports, late: Late): Promise<void> {
  const { orderId, action, answer } = late;
  // A question that nobody waits for any more: no money was asked for.
  if (action === 'balance' || action === 'price') return;
  const order = await p.orders.load(orderId);
  if (order === undefined) p.note('charge.orphan', { order: orderId, result: answer.resultCode });
  else if (action === 'commit' || action === 'release') await recordLateClosing(p, order, action, answer);
  else await recordLateMoney(p, order, { ...late, action });
}

async function recordLateMoney(
  p: Ports,
  order: Order,
  { action, sessionId, answer }: Late & { readonly action: 'debit' | 'reserve' | 'refund' },
): Promise<void> {
  const { frozen } = order;
  const verdict = action === 'refund' ? readRefund(order, answer) : readCharge(frozen, answer);
  if (!settles(answer, true)) return;
  if (action === 'refund') {
    await recordRefund(p, order, { sessionId, verdict });
    return;
  }
  const recorded = await record(p, order, sessionId, verdict);
  if (isUnfinished(recorded)) await p.later.settle(frozen.id, order.fence, 0, `${recorded.state} by a late answer`);
  if (recorded.kind === 'repeat') {
    await settleOrphan(p, frozen.id, { sessionId, verdict });
    return;
  }
  noteRating(p, frozen, answer, verdict);
  await endOpenSession(p, order, { sessionId, verdict }, recorded.state);
}

/** A reservation costs nothing before its commit. */
function noteRating(p: Ports, frozen: FrozenOrder, answer: CreditAnswer, verdict: ChargeVerdict): void {
  if (isTaken(verdict) && frozen.chargeKind !== 'reserve') isRatedOtherwise(p, frozen, answer);
}

const NEXT = { refunding: refundOrder, charged: settleCharged, reserved: settleReserved } as const;

function isNext(state: OrderState): state is keyof typeof NEXT {
  return state in NEXT;
}

function isUnfinished({ kind, state }: Recorded): boolean {
  return kind === 'recorded' && isNext(state);
}

/** Records and says what is owed for it; the store holds both before anything is said. */
async function record(p: Ports, order: Order, sessionId: string, verdict: ChargeVerdict): Promise<Recorded> {
  const { frozen } = order;
  const now = p.clock.now();
  const outcome = outcomeOf(p, order, verdict, now);
  const recorded = await p.orders.record({
    orderId: frozen.id,
    sessionId,
    verdict,
    ...outcome,
    oweStopped: stopsForNothing(verdict, outcome) ? unchargedText(p, order) : undefined,
    now,
    leaseFor: p.settings().leaseFor,
  });
  noteRecorded(p, frozen, verdict, recorded);
  await sayRecorded(p, recorded);
  return recorded;
}

/** E14: where a stop came before an answer that took no money, nothing is placed, tried again or to be paid back. */
function stopsForNothing(verdict: ChargeVerdict, { to }: Pick<RecordStep, 'to'>): boolean {
  return to === 'confirmed' || (to === 'placed' && verdict.kind === 'granted' && verdict.free);
}

function noteRecorded(p: Ports, frozen: FrozenOrder, verdict: ChargeVerdict, recorded: Recorded): void {
  const event = eventOf(verdict, recorded);
  p.note(event, {
    state: recorded.state,
    verdict: verdict.kind,
    result: verdict.resultCode,
    ...(event === 'order.placed' ? placedFields(p, frozen) : { order: frozen.id }),
  });
}

/** E7: what was given on silence and is denied later is nobody's debt to the subscriber: a person must hear of it. */
function eventOf(verdict: ChargeVerdict, recorded: Recorded) {
  if (recorded.kind === 'repeat') return 'charge.repeat';
  if (recorded.state !== 'placed') return 'charge.recorded';
  return verdict.kind === 'granted' ? 'order.placed' : 'order.given-unpaid';
}

function outcomeOf(
  p: Ports,
  order: Order,
  verdict: ChargeVerdict,
  now: number,
): Pick<RecordStep, 'to' | 'subscription' | 'owe' | 'renewal'> {
  const { frozen, renewal } = order;
  switch (verdict.kind) {
    case 'granted': {
      if (frozen.chargeKind === 'reserve' && !verdict.free) return RESERVED;
      if (asksFirst(frozen)) return CHARGED;
      const subscription = subscriptionOf(p, order, now);
      return { to: 'placed', subscription, owe: placedText(p, order, subscription) };
    }
    case 'denied':
      if (renewal !== undefined) return deniedRenewal(p, { ...order, renewal }, verdict.reason);
      return deniedFirst(p, frozen, verdict);
    case 'partial':
    case 'not-processed':
      if (frozen.chargeKind === 'reserve') return heldInPart(p, order);
      return { to: 'refunding', subscription: undefined, owe: undefined };
  }
}

/** No money moved: a renewal waits for what is missing as after any denial, and what is held is released beside it. */
function heldInPart(p: Ports, order: Order) {
  const { renewal } = order;
  return renewal === undefined ? RESERVED : deniedRenewal(p, { ...order, renewal }, 'balance');
}

function deniedFirst(p: Ports, frozen: FrozenOrder, { reason, opened }: ChargeVerdict & { readonly kind: 'denied' }) {
  if (frozen.chargeKind === 'reserve' && opened === true) return RESERVED;
  return { to: 'uncharged', subscription: undefined, owe: owedAbout(p, frozen, DENIED[reason]) } as const;
}

/** E10: the provider is asked before anybody is told. */
const CHARGED = { to: 'charged', subscription: undefined, owe: undefined } as const;

/** Less than asked, or nothing, is released from there: the session is open, and wants its end. */
const RESERVED = { to: 'reserved', subscription: undefined, owe: undefined } as const;

async function afterRecord(p: Ports, held: HeldOrder, recorded: Recorded): Promise<Settled> {
  if (!isUnfinished(recorded)) return REST;
  const order = await p.orders.load(held.order.frozen.id);
  if (order === undefined) return REST;
  return isNext(recorded.state) ? NEXT[recorded.state](p, { ...held, order }) : REST;
}
