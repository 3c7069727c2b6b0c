import { isRecurring } from './catalogue.ts';
import type { FrozenOrder } from './order.ts';
import type { CreditReading, Decision, Interaction, Policy, Rule } from './policy.ts';
import { decide, INTERACTIONS, withVerdict } from './policy.ts';

/** What a stored order must tell to be decided again. */
export type Past = Pick<FrozenOrder, 'id' | 'openedAt' | 'price' | 'period' | 'decision'>;

export interface Otherwise {
  /** undefined: as it was read then. */
  readonly score: number | undefined;
  /** The policy's bands have other limits than they had: nothing holds a provider in the band that it was in. */
  readonly moved: boolean;
}

const AS_IT_WAS: Otherwise = { score: undefined, moved: false };

/** The same order under another policy, and under another score where one is given. */
export function replay(order: Past, policy: Policy, otherwise: Otherwise): Decision {
  const { decision, price, openedAt } = order;
  const spoke = (rule: string): boolean => decision.verdicts.some((verdict) => verdict.rule === rule);
  const again = decide(policy, {
    suspended: spoke('suspended'),
    stopped: spoke('rating'),
    firstOrder: spoke('first-order'),
    ...decision.facts,
    credit: creditOf(decision, otherwise),
    price,
    recurring: isRecurring(order),
    at: openedAt,
  });
  const limited = decision.verdicts.find(({ rule }) => LIMITS[rule]?.includes(again.interaction) === true);
  return limited === undefined ? again : withVerdict(again, limited);
}

/** What was used up then still is, for interactions that use it. */
const LIMITS: Readonly<Partial<Record<Rule, readonly Interaction[]>>> = {
  'code-limit': ['otp'],
  'order-limit': ['notice', 'confirm', 'otp'],
};

/** A score is in the band that it is in; nothing holds it elsewhere. Without one, what was read then. */
function creditOf({ score, band }: Decision, { score: other, moved }: Otherwise): CreditReading {
  if (other !== undefined) return { kind: 'known', score: other, ageMs: 0 };
  if (score === undefined) return { kind: 'unknown', reason: 'credit was unknown' };
  if (band === 'stale') return { kind: 'stale', score, ageMs: 0 };
  return { kind: 'known', score, ageMs: 0, ...(moved ? {} : { band }) };
}

export interface WhatIf {
  readonly orders: number;
  readonly changed: number;
  /** How many went from one interaction to another: rows as they were, columns as they would be. */
  readonly moves: Readonly<Record<Interaction, Readonly<Record<Interaction, number>>>>;
  /** By the rule that would win: orders that it changed. */
  readonly because: Readonly<Record<string, number>>;
}

export function whatIf(orders: readonly Past[], policy: Policy, otherwise = AS_IT_WAS): WhatIf {
  const moves = Object.fromEntries(INTERACTIONS.map((from) => [from, countsOf()])) as Record<
    Interaction,
    Record<Interaction, number>
  >;
  const because: Record<string, number> = {};
  let changed = 0;
  for (const order of orders) {
    const { interaction, won } = replay(order, policy, otherwise);
    const before = order.decision.interaction;
    moves[before][interaction]++;
    if (interaction === before) continue;
    changed++;
    because[won] = (because[won] ?? 0) + 1;
  }
  return { orders: orders.length, changed, moves, because };
}

function countsOf(): Record<Interaction, number> {
  return { notice: 0, confirm: 0, otp: 0, refuse: 0 };
}
