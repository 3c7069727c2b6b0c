import { createHash, randomBytes } from 'node:crypto';
import { hex, orderId, partitionOfHash, partitionTag } from '../../src/domain/ids.ts';
import type { Challenge } from '../../src/domain/challenge.ts';
import type { ChargeIdentity, ChargeVerdict } from '../../src/domain/charge.ts';
import type { NoticeKind, OwedMt } from '../../src/domain/notice.ts';
import type { FrozenOrder, OrderState } from '../../src/domain/order.ts';
import type { RenewalRules, Subscription } from '../../src/domain/subscription.ts';
import { beginSubscription } from '../../src/domain/subscription.ts';
import type {
  AnswerStep,
  CloseStep,
  Dedupe,
  OpenStep,
  RecordStep,
  RefundStep,
  Resolution,
  ResolveStep,
  StopStep,
} from '../../src/flow/ports/ports.ts';
import { hash, PARTITIONS } from './support.ts';

const HOUR = 3_600_000;

/** Reminded a day before, tried again after a day and two, paused after one. */
export const RULES: RenewalRules = {
  zone: () => 0,
  reminder: { day: 0, week: 24 * HOUR, month: 24 * HOUR },
  priceNotice: 0,
  retries: [24 * HOUR, 48 * HOUR],
  grace: 24 * HOUR,
};

export const LEASE = 10_000;
export const MSISDN = '254700000123';
export const GRANTED: ChargeVerdict = { kind: 'granted', free: false, resultCode: 2001 };
export const FREE: ChargeVerdict = { kind: 'granted', free: true, resultCode: 4011 };
export const DENIED: ChargeVerdict = { kind: 'denied', reason: 'balance', resultCode: 4012 };
export const PARTIAL: ChargeVerdict = { kind: 'partial', granted: 200, resultCode: 2001 };

export function partitionOfMsisdn(msisdn: string): number {
  return partitionOfHash(hash(msisdn), PARTITIONS);
}

export function dedupe(key: string = randomBytes(8).toString('hex')): Dedupe {
  return { key, window: 60_000 };
}

export function frozen(over: Partial<FrozenOrder> = {}): FrozenOrder {
  const msisdn = over.msisdn ?? MSISDN;
  const openedAt = over.openedAt ?? 1_700_000_000_000;
  return {
    id: orderId(partitionOfMsisdn(msisdn), openedAt, randomBytes(10)),
    msisdn,
    shortCode: '4242',
    link: 'north',
    serviceId: 'news',
    serviceIdentifier: 7,
    providerId: 'acme',
    providerName: 'Acme',
    title: 'Daily news',
    keyword: 'NEWS',
    price: { minor: 500, currency: 'KES', decimals: 2 },
    priceText: 'KES 5.00',
    period: 'once',
    chargeKind: 'event',
    grantOnUnknown: false,
    textVersion: '1',
    language: 'en',
    channel: 'sms',
    decision: { interaction: 'notice', score: 90, band: 'trusted', verdicts: [], won: 'credit', policyVersion: '1' },
    openedAt,
    ...over,
  };
}

export function charge(sessionId: string = `orderd.test;1;${randomBytes(4).readUInt32BE()};x`): ChargeIdentity {
  return { sessionId, requestNumber: 0, endToEnd: 7, originHost: 'orderd.test', eventTimestamp: 1_700_000_000 };
}

export function challenge(over: Partial<Challenge> = {}): Challenge {
  return {
    id: hex(randomBytes(16)),
    kind: 'otp',
    keyId: 'k1',
    maxTries: 3,
    codeEndsAt: 1_700_000_300_000,
    windowEndsAt: 1_700_003_600_000,
    ...over,
  };
}

export function owed(id: string, kind: NoticeKind, over: Partial<OwedMt> = {}): OwedMt {
  return {
    id: `${id}-${kind}`,
    orderId: undefined,
    kind,
    args: { title: 'Daily news' },
    language: 'en',
    channel: 'sms',
    msisdn: MSISDN,
    shortCode: '4242',
    link: 'north',
    challengeId: undefined,
    keyId: undefined,
    owedAt: 1_700_000_000_000,
    notAfter: 1_700_086_400_000,
    ...over,
  };
}

/** A text that answers an MO: its id begins with the subscriber's partition. */
export function reply(kind: NoticeKind, msisdn: string = MSISDN): OwedMt {
  const name = createHash('sha1').update(randomBytes(8)).digest('hex').slice(0, 16);
  return owed(`${partitionTag(partitionOfMsisdn(msisdn))}-${name}`, kind, { msisdn });
}

export function openStep(state: OrderState, over: Partial<OpenStep> = {}): OpenStep {
  const order = over.frozen ?? frozen();
  return {
    dedupe: dedupe(),
    frozen: order,
    state,
    charge: state === 'charging' ? charge() : undefined,
    challenge: state === 'challenged' ? challenge() : undefined,
    owe: undefined,
    supersedes: undefined,
    now: order.openedAt,
    receivedAt: order.openedAt,
    leaseFor: LEASE,
    ...over,
  };
}

export function answerStep(opened: OpenStep, right: boolean, over: Partial<AnswerStep> = {}): AnswerStep {
  const { msisdn } = opened.frozen;
  return {
    dedupe: dedupe(),
    orderId: opened.frozen.id,
    challengeId: opened.challenge?.id ?? '',
    right,
    to: 'charging',
    charge: charge(),
    wrong: reply('wrong-answer', msisdn),
    locked: reply('declined', msisdn),
    late: reply('expired', msisdn),
    codeOver: reply('code-over', msisdn),
    already: undefined,
    now: opened.now + 1000,
    leaseFor: LEASE,
    ...over,
  };
}

export function recordStep(opened: OpenStep, verdict: ChargeVerdict, over: Partial<RecordStep> = {}): RecordStep {
  const to = verdict.kind === 'granted' ? 'placed' : verdict.kind === 'denied' ? 'uncharged' : 'refunding';
  return {
    orderId: opened.frozen.id,
    sessionId: opened.charge?.sessionId ?? '',
    verdict,
    to,
    subscription: undefined,
    owe: to === 'refunding' ? undefined : owed(opened.frozen.id, to === 'placed' ? 'ordered' : 'no-balance'),
    now: opened.now + 2000,
    leaseFor: LEASE,
    ...over,
  };
}

export function closeStep(opened: OpenStep, to: CloseStep['to'], over: Partial<CloseStep> = {}): CloseStep {
  const { id } = opened.frozen;
  return {
    orderId: id,
    kind: to === 'uncharged' ? 'release' : 'commit',
    cause: to === 'uncharged' ? 'release' : 'commit',
    to,
    resultCode: 2001,
    reason: undefined,
    subscription: undefined,
    owe: to === 'disputed' ? undefined : owed(id, to === 'placed' ? 'ordered' : 'not-charged'),
    oweStopped: to === 'uncharged' ? owed(id, 'declined') : undefined,
    now: opened.now + 3000,
    leaseFor: LEASE,
    ...over,
  };
}

export function refundStep(opened: OpenStep, verdict: ChargeVerdict, over: Partial<RefundStep> = {}): RefundStep {
  const { id } = opened.frozen;
  return {
    orderId: id,
    sessionId: '',
    verdict,
    reason: undefined,
    owe: verdict.kind === 'denied' ? undefined : owed(id, 'refunded'),
    now: opened.now + 3000,
    leaseFor: LEASE,
    ...over,
  };
}

export function resolveStep(
  opened: OpenStep,
  outcome: Resolution['outcome'],
  over: Partial<ResolveStep> = {},
): ResolveStep {
  const now = opened.now + 4000;
  return {
    orderId: opened.frozen.id,
    resolution: { outcome, why: 'the OCS log shows it', who: 'noc-1', at: now },
    subscription: undefined,
    owe: outcome === 'refund' ? undefined : owed(opened.frozen.id, outcome === 'placed' ? 'ordered' : 'not-charged'),
    now,
    leaseFor: LEASE,
    ...over,
  };
}

export function subscription(order: FrozenOrder, since = 1_700_000_002_000): Subscription {
  return beginSubscription({ ...order, period: 'week' }, since, RULES);
}

/** A STOP that names the order. */
export function stopStep({ frozen: { id }, now }: OpenStep, over: Partial<StopStep> = {}): StopStep {
  return {
    dedupe: dedupe(),
    msisdn: MSISDN,
    orders: [id],
    services: [],
    owe: reply('stop-requested'),
    now,
    leaseFor: LEASE,
    ...over,
  };
}
