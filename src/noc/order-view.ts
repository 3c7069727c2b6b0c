import { moneyText } from '../domain/money.ts';
import { lastThree } from '../domain/msisdn.ts';
import type { Order } from '../domain/order.ts';
import { decisionText } from '../domain/policy.ts';

/** One order in a list. Times are ISO 8601 in UTC; the MSISDN shows its last three digits (E19). */
export interface OrderSummary {
  readonly id: string;
  readonly state: string;
  readonly openedAt: string;
  readonly subscriber: string;
  readonly keyword: string;
  readonly title: string;
  readonly provider: string;
  readonly price: string;
  readonly interaction: string;
}

/** One order with everything that answers a complaint, codes and full numbers excepted. */
export interface OrderDetail extends OrderSummary {
  readonly updatedAt: string;
  readonly period: string;
  readonly channel: string;
  /** Where another one was asked for: which, and why it was not taken (P6). */
  readonly channelAsked: string | undefined;
  readonly channelBecause: string | undefined;
  /** Texts that left over another channel than they were meant to. */
  readonly fallbacks: readonly FallbackView[];
  readonly link: string;
  readonly shortCode: string;
  readonly textVersion: string;
  readonly decision: DecisionView;
  readonly challenge: ChallengeView | undefined;
  readonly charge: ChargeView | undefined;
  /** Result-Code of the last try of a renewal that is tried again. */
  readonly deniedWith: number | undefined;
  /** Session-Id of the refund, when there is one (E6). */
  readonly refund: string | undefined;
  readonly stopRequested: boolean;
  readonly waits: number;
}

interface FallbackView {
  readonly text: string;
  readonly from: string;
  readonly to: string;
  readonly because: string;
  readonly at: string;
}

interface DecisionView {
  readonly text: string;
  readonly score: number | undefined;
  readonly band: string;
  readonly policyVersion: string;
  readonly rules: readonly { readonly rule: string; readonly asks: string; readonly because: string }[];
}

interface ChallengeView {
  readonly kind: string;
  readonly wrongAnswers: number;
  readonly maxTries: number;
  readonly codeEndsAt: string;
  readonly windowEndsAt: string;
}

interface ChargeView {
  readonly sessionId: string;
  readonly requestNumber: number;
  readonly eventTimestamp: string;
  /** Some send went unanswered: resends carry T (E2). */
  readonly unanswered: boolean;
  readonly verdict: string;
  readonly resultCode: number | undefined;
}

export function orderSummary({ frozen, state }: Order): OrderSummary {
  return {
    id: frozen.id,
    state,
    openedAt: iso(frozen.openedAt),
    subscriber: lastThree(frozen.msisdn),
    keyword: frozen.keyword,
    title: frozen.title,
    provider: frozen.providerName,
    price: moneyText(frozen.price),
    interaction: frozen.decision.interaction,
  };
}

export function orderDetail(order: Order): OrderDetail {
  const { frozen, updatedAt, refund, stopRequested, waits } = order;
  const { decision } = frozen;
  return {
    ...orderSummary(order),
    updatedAt: iso(updatedAt),
    period: frozen.period,
    channel: frozen.channel,
    channelAsked: frozen.channelAsked,
    channelBecause: frozen.channelBecause,
    fallbacks: (order.fallbacks ?? []).map(({ at, ...one }) => ({ ...one, at: iso(at) })),
    link: frozen.link,
    shortCode: frozen.shortCode,
    textVersion: frozen.textVersion,
    decision: {
      text: decisionText(decision),
      score: decision.score,
      band: decision.band,
      policyVersion: decision.policyVersion,
      rules: decision.verdicts,
    },
    challenge: challengeView(order),
    charge: chargeView(order),
    deniedWith: order.denied?.resultCode,
    refund: refund?.sessionId,
    stopRequested,
    waits,
  };
}

function challengeView({ challenge, tries }: Order): ChallengeView | undefined {
  if (challenge === undefined) return undefined;
  const { kind, maxTries, codeEndsAt, windowEndsAt } = challenge;
  return { kind, wrongAnswers: tries, maxTries, codeEndsAt: iso(codeEndsAt), windowEndsAt: iso(windowEndsAt) };
}

function chargeView({ charge, unanswered, verdict }: Order): ChargeView | undefined {
  if (charge === undefined) return undefined;
  const { sessionId, requestNumber, eventTimestamp } = charge;
  return {
    sessionId,
    requestNumber,
    eventTimestamp: iso(eventTimestamp * 1000),
    unanswered,
    verdict: verdict?.kind ?? 'none yet',
    resultCode: verdict?.resultCode,
  };
}

export function iso(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
