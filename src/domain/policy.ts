import { present } from '../lib/present.ts';
import type { Decision, Facts, KeptFacts, Policy, Verdict } from './facts.ts';
import type { Band } from './band.ts';
import { strictness } from './interaction.ts';
import { heldBand, verdictsOn } from './verdicts.ts';

export { bandOf } from './band.ts';
export type { Band } from './band.ts';
export { ASK_BEFORE, RULES } from './facts.ts';
export type * from './facts.ts';
export { INTERACTIONS, strictness } from './interaction.ts';
export type { Interaction } from './interaction.ts';

/** Strictest rule wins; every rule that spoke is kept, so that a complaint can be answered from the record. */
export function decide(policy: Policy, facts: Facts): Decision {
  const { credit } = facts;
  const band = credit.kind === 'unknown' ? undefined : heldBand(policy, credit);
  const verdicts = verdictsOn(policy, facts, band);
  return decisionOf(policy, facts, band, verdicts);
}

function decisionOf(policy: Policy, facts: Facts, band: Band | undefined, verdicts: readonly Verdict[]): Decision {
  const { credit } = facts;
  const won = verdicts.reduce((best, next) => (strictness(next.asks) > strictness(best.asks) ? next : best));
  return {
    interaction: won.asks,
    score: credit.kind === 'unknown' ? undefined : credit.score,
    band: credit.kind === 'known' ? (band?.name ?? credit.kind) : credit.kind,
    verdicts,
    won: won.rule,
    policyVersion: policy.version,
    facts: keptOf(facts),
  };
}

function keptOf({ suspended, serviceStopped, stopped, firstOrder, trouble, spend, moreWords }: Facts): KeptFacts {
  return present<KeptFacts>({
    suspended: suspended || undefined,
    stopped: stopped === true || undefined,
    firstOrder: firstOrder || undefined,
    serviceStopped,
    trouble,
    spend,
    moreWords: moreWords === true || undefined,
  });
}

/** Adds a rule that is known only once the others have spoken. */
export function withVerdict(decision: Decision, verdict: Verdict): Decision {
  const verdicts = [...decision.verdicts, verdict];
  const stricter = strictness(verdict.asks) > strictness(decision.interaction);
  return stricter ? { ...decision, verdicts, interaction: verdict.asks, won: verdict.rule } : { ...decision, verdicts };
}

/** "otp: credit (score 20 is in band watched); also profile asks notice": one line for transcripts and staff. */
export function decisionText(decision: Decision): string {
  const winner = decision.verdicts.find(({ rule, asks }) => rule === decision.won && asks === decision.interaction);
  const others = decision.verdicts
    .filter((verdict) => verdict !== winner)
    .map((v) => `${v.rule} asks ${v.asks} (${v.because})`);
  const head = `${decision.interaction}: ${decision.won} (${winner?.because ?? ''})`;
  return others.length === 0 ? head : `${head}; also ${others.join(', ')}`;
}
