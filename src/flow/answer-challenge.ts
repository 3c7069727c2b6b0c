import type { Challenge } from '../domain/challenge.ts';
import { sameCode } from '../domain/challenge.ts';
import { foldWord } from '../domain/request.ts';
import type { Request } from '../domain/request.ts';
import type { Order } from '../domain/order.ts';
import type { Incoming, Next } from './incoming.ts';
import { NOTHING, orderArgs, owedFor, sayNext } from './incoming.ts';
import type { Answered, AnswerStep, PendingChallenge, Ports } from './ports.ts';
import { deriveCode } from './say.ts';

type Answer = Request & { readonly kind: 'confirm' | 'code' };
type Challenged = Order & { readonly challenge: Challenge };

/** YES or a code: finds the order it answers, then one step counts the try and moves the order. */
export async function answerChallenge(p: Ports, incoming: Incoming, answer: Answer): Promise<Next> {
  const open = await challenged(p, incoming.subscriber.pending);
  if (answer.kind === 'code') return answerCode(p, incoming, answer.code, open);
  const word = answer.keyword;
  const asked = open.filter(({ challenge }) => challenge.kind === 'confirm');
  const named = word === undefined ? asked : asked.filter(({ frozen }) => foldWord(frozen.keyword) === word);
  const [only, another] = named;
  if (only === undefined) return noneOpen(p, incoming, (order) => order.challenge.kind === 'confirm');
  if (another !== undefined)
    return plain(p, incoming, 'which', { services: named.map(({ frozen }) => frozen.keyword).join(', ') });
  return settleAnswer(p, incoming, only, true);
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
  const { dedupe, msisdn, now } = incoming;
  return sayNext(
    await p.subscribers.stop({ dedupe, msisdn, orders, services: [], owe, now, leaseFor: p.settings().leaseFor }),
  );
}

async function challenged(p: Ports, pending: readonly PendingChallenge[]): Promise<readonly Challenged[]> {
  const orders = await Promise.all(pending.map(({ orderId }) => p.orders.load(orderId)));
  return orders.filter((order): order is Challenged => order?.challenge !== undefined);
}

function isItsCode(p: Ports, { challenge }: Challenged, code: string): boolean {
  const right = deriveCode(p, challenge.keyId, challenge.id);
  return challenge.kind === 'otp' && right !== undefined && sameCode(right, code);
}

/** E16: the subscriber's own late answer hears "expired"; wrong, none and foreign share one text. */
async function noneOpen(p: Ports, incoming: Incoming, isOwn: (order: Challenged) => boolean): Promise<Next> {
  const lately = await challenged(p, incoming.subscriber.lately);
  const own = lately.find(isOwn);
  return own === undefined
    ? plain(p, incoming, 'wrong-answer', {})
    : plain(p, incoming, 'expired', orderArgs(own.frozen));
}

async function plain(
  p: Ports,
  incoming: Incoming,
  kind: 'which' | 'wrong-answer' | 'expired',
  args: Readonly<Record<string, string | number>>,
): Promise<Next> {
  const mt = owedFor(p, incoming, kind, args);
  return sayNext(await p.mts.owe(incoming.dedupe, mt, incoming.now, p.settings().leaseFor));
}

async function settleAnswer(p: Ports, incoming: Incoming, order: Challenged, right: boolean): Promise<Next> {
  const answered = await p.orders.answer(answerStep(p, incoming, order, right));
  p.note('challenge.answered', { order: order.frozen.id, kind: order.challenge.kind, outcome: answered.kind });
  return afterAnswer(p, incoming, answered);
}

function answerStep(p: Ports, incoming: Incoming, { frozen, challenge }: Challenged, right: boolean): AnswerStep {
  const charges = frozen.chargeKind !== 'free' && p.charging.open() && !isSuspended(p, frozen.providerId);
  const args = orderArgs(frozen);
  return {
    dedupe: incoming.dedupe,
    orderId: frozen.id,
    challengeId: challenge.id,
    right,
    to: charges ? 'charging' : 'confirmed',
    charge: charges ? p.charging.newIdentity(frozen.id, Math.floor(incoming.now / 1000)) : undefined,
    wrong: owedFor(p, incoming, 'wrong-answer', args),
    locked: owedFor(p, incoming, 'declined', args),
    late: owedFor(p, incoming, 'expired', args),
    now: incoming.now,
    leaseFor: p.settings().leaseFor,
  };
}

/** E17: read again before charging; a suspended provider's order goes through `confirmed`, where it is declined. */
function isSuspended(p: Ports, providerId: string): boolean {
  return p.catalogue().providers.get(providerId)?.suspended === true;
}

async function afterAnswer(p: Ports, incoming: Incoming, answered: Answered): Promise<Next> {
  switch (answered.kind) {
    case 'passed':
      return { kind: 'settle', held: answered.held };
    case 'wrong':
    case 'locked':
    case 'late':
      return sayNext(answered.owed);
    case 'moved':
      return plain(p, incoming, 'wrong-answer', {});
    case 'repeat':
      return NOTHING;
  }
}
