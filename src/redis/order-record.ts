import type { Challenge } from '../domain/challenge.ts';
import type { Fallback } from '../domain/channel.ts';
import type { ChargeIdentity, ChargeVerdict } from '../domain/charge.ts';
import type { Closing, FrozenOrder, Order, OrderState } from '../domain/order.ts';
import type { NoticeKind } from '../domain/notice.ts';
import type { Subscription } from '../domain/subscription.ts';

/**
 * An order's hash: `frozen` is never rewritten; what Lua compares has fields of its own, besides these: chargeSession,
 * challengeId, closingKind, closed, hold, leaseUntil, retrying, told:<id of a text>.
 */
export function orderFrom(fields: ReadonlyMap<string, string>): Order | undefined {
  const frozen = fields.get('frozen');
  if (frozen === undefined) return undefined;
  return {
    frozen: JSON.parse(frozen) as FrozenOrder,
    state: fields.get('state') as OrderState,
    challenge: json(fields.get('challenge')) as Challenge | undefined,
    tries: count(fields.get('tries')),
    charge: json(fields.get('charge')) as ChargeIdentity | undefined,
    unanswered: fields.get('unanswered') === '1',
    closing: json(fields.get('closing')) as Closing | undefined,
    givenEarly: fields.get('givenEarly') === '1',
    fallbacks: json(fields.get('fallbacks') ?? '[]') as readonly Fallback[],
    refund: json(fields.get('refund')) as ChargeIdentity | undefined,
    renewal: json(fields.get('renewal')) as Subscription | undefined,
    refundAsked: fields.has('refundAsked'),
    refundText: fields.get('refundText') as NoticeKind | undefined,
    sentFrom: fields.has('sentFrom') ? count(fields.get('sentFrom')) : undefined,
    verdict: json(fields.get('verdict')) as ChargeVerdict | undefined,
    denied: json(fields.get('denied')) as ChargeVerdict | undefined,
    spent: fields.has('spent') ? count(fields.get('spent')) : undefined,
    stopRequested: fields.get('stopRequested') === '1',
    fence: count(fields.get('fence')),
    waits: count(fields.get('waits')),
    updatedAt: count(fields.get('updatedAt')),
  };
}

function json(text: string | undefined): unknown {
  return text === undefined ? undefined : JSON.parse(text);
}

function count(text: string | undefined): number {
  return Number(text ?? '0');
}
