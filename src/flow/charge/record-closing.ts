import type { ChargeVerdict, CreditAnswer } from '../../domain/charge.ts';
import { readClosing } from '../../domain/charge.ts';
import type { NoticeKind } from '../../domain/notice.ts';
import type { Closing, Order } from '../../domain/order.ts';
import { DENIED } from './denied-text.ts';
import { owedAbout } from '../incoming.ts';
import { placedFields } from './note-placed.ts';
import { tellDisputed, unchargedText } from './waiting.ts';
import type { CloseStep, Ports, Recorded } from '../ports/ports.ts';
import { isRatedOtherwise } from '../terms/rated.ts';
import { sayRecorded } from '../say/say.ts';
import type { Settled } from '../ports/settled.ts';
import { REST } from '../ports/settled.ts';
import { placedText, subscriptionOf } from '../subscription/subscription-of.ts';

/** How a reservation's last interrogation ended. */
export interface ClosingEnd {
  readonly closing: Closing['kind'];
  readonly done: boolean;
  /** undefined when no answer came within the memory of the OCS. */
  readonly resultCode: number | undefined;
  /** What a subscriber reads whose order was released. */
  readonly released: NoticeKind;
}

/** What a subscriber reads whose order was released, when nothing more is known. */
export function releasedFor({ verdict, renewal, closing }: Order): NoticeKind {
  if (closing?.because === 'not-provided') return 'not-provided';
  if (renewal !== undefined) return 'not-renewed';
  return heldTooLittle(verdict) ?? 'not-charged';
}

function heldTooLittle(verdict: ChargeVerdict | undefined): NoticeKind | undefined {
  if (verdict?.kind === 'denied') return DENIED[verdict.reason];
  return verdict?.kind === 'partial' ? 'no-balance' : undefined;
}

/** A compare-and-set from any process (E5): what was owed for it is stored by the same step, then said. */
export async function recordClosed(p: Ports, order: Order, end: ClosingEnd): Promise<Settled> {
  const step = end.closing === 'commit' ? commitStep(p, order, end) : releaseStep(p, order, end);
  const recorded = await p.orders.recordClosing(step);
  noteClosed(p, order, step, recorded);
  await sayRecorded(p, recorded);
  if (recorded.kind !== 'recorded' || recorded.state !== 'disputed') return REST;
  await tellDisputed(p, order);
  return { kind: 'dead', reason: step.reason ?? 'disputed' };
}

function common(p: Ports, { frozen }: Order, { resultCode, closing }: ClosingEnd) {
  return { orderId: frozen.id, kind: closing, resultCode, now: p.clock.now(), leaseFor: p.settings().leaseFor };
}

function commitStep(p: Ports, order: Order, end: ClosingEnd): CloseStep {
  const base = { cause: end.closing, oweStopped: undefined, ...common(p, order, end) };
  if (!end.done) {
    const { resultCode: code } = end;
    const reason = `the OCS ${code === undefined ? 'did not answer' : `refused (${code})`} the commit`;
    return { to: 'disputed', reason, subscription: undefined, owe: undefined, ...base };
  }
  const subscription = subscriptionOf(p, order, base.now);
  return { to: 'placed', reason: undefined, subscription, owe: placedText(p, order, subscription), ...base };
}

/** Nothing was used, so nothing is debited, whatever the OCS says of it. */
function releaseStep(p: Ports, order: Order, end: ClosingEnd): CloseStep {
  return {
    cause: order.closing?.because ?? end.closing,
    to: 'uncharged',
    reason: undefined,
    subscription: undefined,
    owe: owedAbout(p, order.frozen, end.released),
    oweStopped: unchargedText(p, order),
    ...common(p, order, end),
  };
}

function noteClosed(p: Ports, { frozen }: Order, step: CloseStep, recorded: Recorded): void {
  const { kind, resultCode, reason } = step;
  const { state } = recorded;
  const fields = { order: frozen.id, state, closing: kind, result: resultCode };
  if (recorded.kind === 'repeat') p.note('charge.repeat', fields);
  else if (state === 'disputed') p.note('order.disputed', { order: frozen.id, reason });
  else if (state === 'placed')
    p.note('order.placed', { state, closing: kind, result: resultCode, ...placedFields(p, frozen) });
  else p.note('charge.released', fields);
}

/** E5: the answer came after its sender had stopped waiting. */
export async function recordLateClosing(
  p: Ports,
  order: Order,
  closing: Closing['kind'],
  answer: CreditAnswer,
): Promise<void> {
  const { kind, resultCode } = readClosing(answer, closing, true);
  if (kind === 'not-processed') return;
  await recordClosed(p, order, { closing, done: kind === 'done', resultCode, released: releasedFor(order) });
  const after = await p.orders.load(order.frozen.id);
  if (closing === 'commit' && kind === 'done') noteDebited(p, order, after, answer);
  if (after?.state === 'refunding')
    await p.later.settle(order.frozen.id, after.fence, 0, 'refund after a late answer to a commit');
}

function noteDebited(p: Ports, { frozen, state }: Order, after: Order | undefined, answer: CreditAnswer): void {
  if (after?.state !== state) isRatedOtherwise(p, frozen, answer);
  // E8: a person ended it as not charged, and the OCS has debited it after all.
  if (after?.state === 'uncharged')
    p.note('charge.orphan', { order: frozen.id, state: after.state, result: answer.resultCode });
}
