import type { Challenge } from '../domain/challenge.ts';
import { sameCode } from '../domain/challenge.ts';
import { foldWord } from '../domain/request.ts';
import type { Request } from '../domain/request.ts';
import type { Order } from '../domain/order.ts';
import { answerOnly } from './answer-only.ts';
import type { Incoming, Next } from './incoming.ts';
import { listFor, NOTHING, orderArgs, owedFor, sayNext } from './incoming.ts';
import type { Answered, AnswerStep, PendingChallenge, Ports, SpendAsk } from './ports.ts';
import { deriveCode } from './say.ts';
import { agreeToSpend, askedNow, declineOverCap } from './spending.ts';
import { stopOrders } from './stop-orders.ts';
import { isSuspended } from './suspended.ts';

type Answer = Request & { readonly kind: 'confirm' | 'code' };
export type Challenged = Order & { readonly challenge: Challenge };

/** YES or a code: finds the order it answers, then one step counts the try and moves the order. */
export async function answerChallenge(p: Ports, incoming: Incoming, answer: Answer): Promise<Next> {
  const open = await challenged(p, incoming.subscriber.pending);
  if (answer.kind === 'code') return answerCode(p, incoming, answer.code, open);
  const word = answer.keyword;
  const asks = word === undefined ? await newestAsks(p, incoming, open) : [];
  if (asks.length > 0) return agreeToSpend(p, incoming, asks);
  const asked = open.filter(({ challenge }) => challenge.kind === 'confirm');
  const isNamed = ({ frozen }: Challenged): boolean => word === undefined || foldWord(frozen.keyword) === word;
  const named = asked.filter(isNamed);
  const [only, another] = named;
  if (only === undefined) return noneOpen(p, incoming, (order) => order.challenge.kind === 'confirm' && isNamed(order));
  const words = named.map(({ frozen }) => frozen.keyword);
  if (another !== undefined) return answerOnly(p, incoming, 'which', { services: listFor(p, incoming, words) });
  if (word === undefined && only.challenge.needsKeyword === true)
    return answerOnly(p, incoming, 'confirm-with', { services: only.frozen.keyword });
  return settleAnswer(p, incoming, only, true);
}

/** A bare YES answers the newest question (E16): the one about this month's spending where no order has asked since, by YES or by code. */
async function newestAsks(p: Ports, incoming: Incoming, open: readonly Challenged[]): Promise<readonly SpendAsk[]> {
  const asks = askedNow(p, incoming);
  if (asks.length === 0) return [];
  const orders = [...open, ...(await challenged(p, incoming.subscriber.lately))];
  const last = Math.max(0, ...orders.map(({ frozen }) => frozen.openedAt));
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

/** NO: silence would do the same later; nothing was charged. */
export async function refuseChallenge(p: Ports, incoming: Incoming): Promise<Next> {
  const orders = incoming.subscriber.pending.map(({ orderId }) => orderId);
  if (orders.length === 0) return noneOpen(p, incoming, () => false);
  const owe = owedFor(p, incoming, 'refused-by-you', {});
  return stopOrders(p, incoming, { orders, services: [], owe });
}

export async function challenged(p: Ports, pending: readonly PendingChallenge[]): Promise<readonly Challenged[]> {
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
  const answered = await p.orders.answer(answerStep(p, incoming, order, { right, charges }));
  p.note('challenge.answered', { order: order.frozen.id, kind: order.challenge.kind, outcome: answered.kind });
  if (answered.kind === 'over-cap') return declineOverCap(p, incoming, order, answered.span);
  return afterAnswer(p, incoming, answered);
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

function answerStep(
  p: Ports,
  incoming: Incoming,
  { frozen, challenge }: Challenged,
  { right, charges }: Judged,
): AnswerStep {
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
    wrong,
    locked: owedFor(p, incoming, 'declined', args),
    late: right ? owedFor(p, incoming, 'expired', args) : wrong,
    now: incoming.now,
    leaseFor: p.settings().leaseFor,
  };
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
      return sayNext(answered.owed);
    case 'moved':
      return answerOnly(p, incoming, 'wrong-answer');
    case 'repeat':
      return NOTHING;
  }
}
