import { isRecurring } from '../../domain/catalogue.ts';
import type { Challenge } from '../../domain/challenge.ts';
import { sameCode } from '../../domain/challenge.ts';
import { foldWord } from '../../domain/fold.ts';
import type { Request } from '../../domain/request.ts';
import type { NoticeKind } from '../../domain/notice.ts';
import type { Order } from '../../domain/order.ts';
import { alreadyText } from './already-text.ts';
import { answerOnly } from '../enquiry/answer-only.ts';
import { deriveCode } from '../say/code.ts';
import type { Incoming, Next } from '../incoming.ts';
import { answering, listFor, NOTHING, orderArgs, owedFor, sayNext } from '../incoming.ts';
import type { Answered, AnswerStep, OrderRef, Ports, SpendAsk } from '../ports/ports.ts';
import { agreeToSpend, answeredMark, askedNow, declineOverCap } from '../terms/spending.ts';
import { stopOrders } from '../stop/stop-orders.ts';
import { serviceNamed, servicesNamed } from '../stop/stop-service.ts';
import { isSuspended } from '../terms/suspended.ts';

type Answer = Request & { readonly kind: 'confirm' | 'code' };
export type Challenged = Order & { readonly challenge: Challenge };

/** YES or a code: finds the order it answers, then one step counts the try and moves the order. */
export async function answerChallenge(p: Ports, incoming: Incoming, answer: Answer): Promise<Next> {
  const open = await challenged(p, incoming.subscriber.pending);
  if (answer.kind === 'code') return answerCode(p, incoming, answer.code, open);
  const asks = isBare(answer) ? await newestAsks(p, incoming, open) : [];
  return asks.length > 0 ? agreeToSpend(p, incoming, asks) : confirm(p, incoming, answer, open);
}

type Confirm = Answer & { readonly kind: 'confirm' };

/** Nothing but when it comes tells what it answers. */
function isBare({ keyword, orderId }: Confirm): boolean {
  return keyword === undefined && orderId === undefined;
}

/**
 * YES: to the order that it names, or to the only one that waits for it, unless it is late for one that has asked since. With any other
 * words it agrees to nothing, and hears what would.
 */
async function confirm(p: Ports, incoming: Incoming, answer: Confirm, open: readonly Challenged[]): Promise<Next> {
  const sold = answer.keyword === undefined ? undefined : serviceNamed(p, incoming, answer.keyword);
  const asked = open.filter(({ challenge }) => challenge.kind === 'confirm');
  const isNamed = (order: Challenged): boolean => names(answer, sold, order);
  const meant = meantBy(answer, sold, asked);
  const [only, another] = meant;
  if (only === undefined) return noneOpen(p, incoming, (order) => order.challenge.kind === 'confirm' && isNamed(order));
  const words = meant.map(({ frozen }) => frozen.keyword);
  if (another !== undefined) {
    const asking = answering(incoming, Math.max(...meant.map(({ frozen }) => frozen.openedAt)));
    return answerOnly(p, asking, 'which', { services: listFor(p, incoming, words) });
  }
  const late = isBare(answer) ? await lateFor(p, incoming, only) : undefined;
  if (late !== undefined) return answerOnly(p, incoming, 'expired', orderArgs(late.frozen));
  return isNamed(only) && isPlain(answer, only, open)
    ? settleAnswer(p, incoming, only, true)
    : answerOnly(p, incoming, 'confirm-with', { services: only.frozen.keyword });
}

/** Words that name nothing that is sold are about whatever waits. */
function meantBy(answer: Confirm, sold: string | undefined, asked: readonly Challenged[]): readonly Challenged[] {
  const named = asked.filter((order) => names(answer, sold, order));
  return named.length === 0 && sold === undefined && answer.orderId === undefined ? asked : named;
}

/** E16: the newest question that a YES answers, where its window is over and `open` is an older one. */
async function lateFor(p: Ports, incoming: Incoming, open: Challenged): Promise<Challenged | undefined> {
  const lately = await challenged(p, incoming.subscriber.lately);
  return lately.findLast((order) => order.challenge.kind === 'confirm' && askedAt(order) > askedAt(open));
}

/** E16: not where a code was asked for since, and a YES may be meant for that. */
function isNewest(order: Challenged, open: readonly Challenged[]): boolean {
  return open.every((other) => askedAt(other) <= askedAt(order));
}

function askedAt({ frozen, challenge }: Challenged): number {
  return challenge.issuedAt ?? frozen.openedAt;
}

function names({ keyword, orderId }: Confirm, sold: string | undefined, { frozen }: Challenged): boolean {
  if (orderId !== undefined) return frozen.id === orderId;
  return keyword === undefined || foldWord(frozen.keyword) === keyword || frozen.serviceId === sold;
}

/** Nothing else is said, and what is said can be meant for no other order. */
function isPlain(answer: Confirm, order: Challenged, open: readonly Challenged[]): boolean {
  if (answer.more === true) return false;
  if (answer.keyword !== undefined) return true;
  return order.challenge.needsKeyword !== true && (!isBare(answer) || isNewest(order, open));
}

/**
 * A bare YES answers the newest question (E16): the one about this month's spending where no order has asked since, by YES or by code,
 * whatever became of it. A second YES to an order that was placed is no answer to what it asked before.
 */
async function newestAsks(p: Ports, incoming: Incoming, open: readonly Challenged[]): Promise<readonly SpendAsk[]> {
  const asks = askedNow(p, incoming);
  if (asks.length === 0) return [];
  const orders = [...open, ...(await challenged(p, incoming.subscriber.lately))];
  const last = Math.max(incoming.subscriber.lastAsked ?? 0, ...orders.map(askedAt));
  return asks.filter(({ at }) => at > last);
}

/** A code settles only its own order; a wrong one counts against the newest code that is open. */
async function answerCode(p: Ports, incoming: Incoming, code: string, open: readonly Challenged[]): Promise<Next> {
  const asked = open.filter(({ challenge }) => challenge.kind === 'otp');
  const own = asked.find((order) => isItsCode(p, order, code));
  const tried = own ?? asked.at(-1);
  if (tried === undefined) return noneOpen(p, incoming, (order) => isItsCode(p, order, code));
  return settleAnswer(p, incoming, tried, own !== undefined);
}

type Refusal = Request & { readonly kind: 'refuse' };

/** NO: silence would do the same later; nothing was charged. Where its words name services it is about no other order. */
export async function refuseChallenge(p: Ports, incoming: Incoming, answer: Refusal): Promise<Next> {
  const refused = refusedBy(p, incoming, answer);
  if (refused.length === 0) return noneOpen(p, incoming, () => false);
  const owe = owedFor(p, incoming, 'refused-by-you', {});
  return stopOrders(p, incoming, { orders: refused.map(({ orderId }) => orderId), services: [], owe });
}

/** Of a screen: its order; where that has ended, what waits for the same service now. */
function refusedBy(p: Ports, incoming: Incoming, { words, orderId }: Refusal): readonly OrderRef[] {
  const { pending } = incoming.subscriber;
  const own = pending.filter((order) => order.orderId === orderId);
  if (own.length > 0) return own;
  const sold = servicesNamed(p, incoming, words);
  const isAll = sold.length === 0 && orderId === undefined;
  return isAll ? pending : pending.filter(({ serviceId }) => sold.includes(serviceId));
}

export async function challenged(p: Ports, pending: readonly OrderRef[]): Promise<readonly Challenged[]> {
  const orders = await Promise.all(pending.map(({ orderId }) => p.orders.load(orderId)));
  return orders.filter((order): order is Challenged => order?.challenge !== undefined);
}

function isItsCode(p: Ports, { challenge }: Challenged, code: string): boolean {
  const right = deriveCode(p, challenge);
  return challenge.kind === 'otp' && right !== undefined && sameCode(right, code);
}

/** E16: the subscriber's own late answer hears "expired"; wrong, none and foreign share one text. */
export async function noneOpen(p: Ports, incoming: Incoming, isOwn: (order: Challenged) => boolean): Promise<Next> {
  const lately = await challenged(p, incoming.subscriber.lately);
  const own = lately.find(isOwn);
  return own === undefined
    ? answerOnly(p, incoming, 'wrong-answer')
    : answerOnly(p, incoming, 'expired', orderArgs(own.frozen));
}

async function settleAnswer(p: Ports, incoming: Incoming, order: Challenged, right: boolean): Promise<Next> {
  const charges = right && (await mayCharge(p, order));
  const answered = await p.orders.answer(await answerStep(p, incoming, order, { right, charges }));
  p.note('challenge.answered', { order: order.frozen.id, kind: order.challenge.kind, outcome: answered.kind });
  if (answered.kind === 'over-cap') return declineOverCap(p, incoming, order, answered.span);
  if (answered.kind === 'repeat' && order.challenge.kind === 'confirm') return askPlainly(p, incoming, order);
  return afterAnswer(p, incoming, answered);
}

/**
 * E13: equal words within the window are one MO, and one that is delivered again must not agree to a question that was asked since.
 * A person may have meant that question all the same, and hears how to answer it in words of their own.
 */
function askPlainly(p: Ports, incoming: Incoming, { frozen }: Challenged): Promise<Next> {
  return answerOnly(p, answering(incoming, frozen.openedAt), 'confirm-with', { services: frozen.keyword });
}

/** E3, E17: without an open peer, or with a suspended provider, the order goes through `confirmed`, where it waits or is declined. */
async function mayCharge(p: Ports, { frozen }: Challenged): Promise<boolean> {
  if (frozen.chargeKind === 'free' || (await isSuspended(p, frozen))) return false;
  return p.charging.open();
}

interface Judged {
  readonly right: boolean;
  readonly charges: boolean;
}

async function answerStep(
  p: Ports,
  incoming: Incoming,
  { frozen, challenge }: Challenged,
  { right, charges }: Judged,
): Promise<AnswerStep> {
  const args = orderArgs(frozen);
  // E16: wrong, none and foreign share one text, in time or late; only the subscriber's own answer hears that it is late.
  const wrong = owedFor(p, incoming, 'wrong-answer', {});
  return {
    dedupe: incoming.dedupe,
    orderId: frozen.id,
    challengeId: challenge.id,
    right,
    to: charges ? 'charging' : 'confirmed',
    charge: charges ? p.charging.newIdentity(frozen.id, Math.floor(incoming.now / 1000)) : undefined,
    spend: answeredMark(p, frozen, incoming.now),
    wrong,
    locked: owedFor(p, incoming, 'declined', args),
    late: right ? owedFor(p, incoming, 'expired', args) : wrong,
    codeOver: right ? owedFor(p, incoming, codeOver(p, challenge), args) : wrong,
    already: right && isRecurring(frozen) ? await alreadyText(p, incoming, frozen) : undefined,
    now: incoming.now,
    leaseFor: p.settings().leaseFor,
  };
}

/** Inside the window the order still waits: CODE serves another code where there is one to be had. */
function codeOver(p: Ports, { codes = 1 }: Challenge): NoticeKind {
  return codes < p.settings().challenge.codes.perOrder ? 'code-over' : 'code-limit';
}

async function afterAnswer(
  p: Ports,
  incoming: Incoming,
  answered: Exclude<Answered, { kind: 'over-cap' }>,
): Promise<Next> {
  switch (answered.kind) {
    case 'passed':
      return { kind: 'settle', held: answered.held };
    case 'wrong':
    case 'locked':
    case 'late':
    case 'code-over':
    case 'already':
      return sayNext(answered.owed);
    case 'moved':
      return answerOnly(p, incoming, 'wrong-answer');
    case 'repeat':
      return NOTHING;
  }
}
