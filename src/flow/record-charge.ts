import { isRecurring } from '../domain/catalogue.ts';
import type { ChargeAction, ChargeVerdict, CreditAnswer, DenialReason } from '../domain/charge.ts';
import { readAnswer, settles } from '../domain/charge.ts';
import type { NoticeKind } from '../domain/notice.ts';
import type { FrozenOrder } from '../domain/order.ts';
import type { Subscription } from '../domain/subscription.ts';
import { owedAbout } from './incoming.ts';
import type { HeldOrder, Ports, Recorded, RecordStep } from './ports.ts';
import { recordRefund, refundOrder } from './refund-order.ts';
import { sayRecorded } from './say.ts';
import type { Settled } from './settled.ts';
import { REST } from './settled.ts';
import { stepBack, tellUncharged, waitForOcs } from './waiting.ts';

/** What a denied charge is called when the subscriber reads of it. */
const DENIED: Readonly<Record<DenialReason, NoticeKind>> = {
  balance: 'no-balance',
  'not-allowed': 'not-allowed',
  'unknown-user': 'not-allowed',
  rating: 'not-charged',
  failed: 'not-charged',
};

/** A credit answer to a debit that this process sent and waited for. */
export async function recordDebit(
  p: Ports,
  held: HeldOrder,
  answer: CreditAnswer,
  retransmit: boolean,
): Promise<Settled> {
  const { order } = held;
  const verdict = readAnswer(answer, order.frozen.price);
  if (!settles(verdict, retransmit)) {
    // E2: an error answer means nobody debited now, but it clears no earlier silence.
    const reason = `the OCS answered ${verdict.resultCode}`;
    return retransmit ? waitForOcs(p, held, reason) : stepBack(p, held, reason);
  }
  const recorded = await record(p, order.frozen, order.charge?.sessionId ?? '', verdict);
  return afterRecord(p, held, recorded);
}

/** A free service asks no OCS: it is granted and placed by one step. */
export async function placeFree(p: Ports, held: HeldOrder): Promise<Settled> {
  const recorded = await record(p, held.order.frozen, '', { kind: 'granted', free: true, resultCode: 0 });
  return afterRecord(p, held, recorded);
}

/** E5: an answer that came after its sender stopped waiting; any process may record it, and the first one wins. */
export async function recordLate(
  p: Ports,
  late: {
    readonly orderId: string;
    readonly sessionId: string;
    readonly action: ChargeAction;
    readonly answer: CreditAnswer;
  },
): Promise<void> {
  const order = await p.orders.load(late.orderId);
  if (order === undefined) {
    p.note('charge.orphan', { order: late.orderId, result: late.answer.resultCode });
    return;
  }
  const verdict = readAnswer(late.answer, order.frozen.price);
  if (!settles(verdict, true)) return;
  if (late.action === 'refund') {
    await recordRefund(p, order, verdict);
    return;
  }
  const recorded = await record(p, order.frozen, late.sessionId, verdict);
  if (recorded.kind === 'recorded' && recorded.state === 'refunding') {
    await p.later.settle(order.frozen.id, order.fence, 0, 'refund after a late answer');
  }
}

/** Records and says what is owed for it; the store holds both before anything is said. */
async function record(p: Ports, frozen: FrozenOrder, sessionId: string, verdict: ChargeVerdict): Promise<Recorded> {
  const now = p.clock.now();
  const recorded = await p.orders.record({
    orderId: frozen.id,
    sessionId,
    verdict,
    ...outcomeOf(p, frozen, verdict, now),
    now,
    leaseFor: p.settings().leaseFor,
  });
  noteRecorded(p, frozen, verdict, recorded);
  await sayRecorded(p, recorded);
  if (stoppedForFree(verdict, recorded)) await tellUncharged(p, frozen);
  return recorded;
}

/** E14: a stop came before a grant that took no money: nothing is placed, and nothing is to be paid back. */
function stoppedForFree(verdict: ChargeVerdict, recorded: Recorded): boolean {
  return verdict.kind === 'granted' && recorded.kind === 'recorded' && recorded.state === 'uncharged';
}

function noteRecorded(p: Ports, frozen: FrozenOrder, verdict: ChargeVerdict, recorded: Recorded): void {
  const event =
    recorded.kind === 'repeat' ? 'charge.repeat' : recorded.state === 'placed' ? 'order.placed' : 'charge.recorded';
  p.note(event, { order: frozen.id, state: recorded.state, verdict: verdict.kind, result: verdict.resultCode });
}

function outcomeOf(
  p: Ports,
  frozen: FrozenOrder,
  verdict: ChargeVerdict,
  now: number,
): Pick<RecordStep, 'to' | 'subscription' | 'owe'> {
  switch (verdict.kind) {
    case 'granted':
      return { to: 'placed', subscription: subscriptionOf(frozen, now), owe: owedAbout(p, frozen, 'ordered') };
    case 'denied':
      return { to: 'uncharged', subscription: undefined, owe: owedAbout(p, frozen, DENIED[verdict.reason]) };
    case 'partial':
    case 'not-processed':
      return { to: 'refunding', subscription: undefined, owe: undefined };
  }
}

function subscriptionOf(frozen: FrozenOrder, since: number): Subscription | undefined {
  if (!isRecurring(frozen) || frozen.period === 'once') return undefined;
  const { serviceId, providerId, id, title, keyword, price, period } = frozen;
  return { serviceId, providerId, orderId: id, title, keyword, price, period, since };
}

async function afterRecord(p: Ports, held: HeldOrder, recorded: Recorded): Promise<Settled> {
  if (recorded.kind !== 'recorded' || recorded.state !== 'refunding') return REST;
  const order = await p.orders.load(held.order.frozen.id);
  return order === undefined ? REST : refundOrder(p, { ...held, order });
}
