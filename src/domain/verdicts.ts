import type { Band } from './band.ts';
import { bandOf } from './band.ts';
import type { CreditReading, Facts, Policy, Verdict } from './facts.ts';
import { clockText, spansAt } from './hours.ts';
import type { Interaction } from './interaction.ts';
import { strictness } from './interaction.ts';
import type { Money } from './money.ts';

const DAY_MS = 86_400_000;

/** What each rule says of an order; a rule that has nothing to say is silent. */
export function verdictsOn(policy: Policy, facts: Facts, band: Band | undefined): readonly Verdict[] {
  return [
    ...suspendedVerdict(facts),
    creditVerdict(policy, facts.credit, band),
    profileVerdict(policy, facts),
    ...priceVerdicts(policy, facts.price),
    ...firstOrderVerdict(policy, facts),
    ...troubleVerdict(policy, facts),
    ...spendVerdict(facts),
    ...hourVerdicts(policy, facts),
    ...wordsVerdict(facts),
  ];
}

/** The band that counts: where hysteresis holds the provider, else that of its score. */
export function heldBand({ bands }: Policy, credit: CreditReading & { readonly score: number }): Band {
  const held = credit.kind === 'known' ? bands.find(({ name }) => name === credit.band) : undefined;
  return held ?? bandOf(bands, credit.score);
}

function suspendedVerdict({ suspended, serviceStopped, stopped }: Facts): readonly Verdict[] {
  const spoke: readonly (Verdict | false)[] = [
    suspended && { rule: 'suspended', asks: 'refuse', because: 'provider is suspended' },
    serviceStopped !== undefined && { rule: 'service', asks: 'refuse', because: serviceStopped },
    stopped === true && { rule: 'rating', asks: 'refuse', because: 'the OCS cannot rate it' },
  ];
  return spoke.filter((verdict) => verdict !== false);
}

function creditVerdict(policy: Policy, credit: CreditReading, band: Band | undefined): Verdict {
  if (credit.kind === 'unknown' || band === undefined)
    return { rule: 'credit', asks: policy.unknownCredit, because: whyUnknown(credit) };
  if (credit.kind === 'known')
    return { rule: 'credit', asks: band.interaction, because: bandText(policy, credit.score, band) };
  // E18: stale asks for a challenge; a provider that was refused when it was last read is no better for that.
  const worse = strictness(band.interaction) > strictness(policy.unknownCredit);
  const asks = worse ? band.interaction : policy.unknownCredit;
  return { rule: 'credit', asks, because: `credit is ${Math.round(credit.ageMs / 1000)} s old` };
}

function whyUnknown(credit: CreditReading): string {
  return credit.kind === 'unknown' ? credit.reason : 'the policy has no bands';
}

function bandText({ bands }: Policy, score: number, band: Band): string {
  const plain = bandOf(bands, score);
  const text = `score ${score} is in band ${band.name}`;
  return plain.name === band.name ? text : `${text}, not yet back in ${plain.name}`;
}

function profileVerdict({ profile }: Policy, { recurring }: Facts): Verdict {
  const kind = recurring ? 'recurring' : 'once';
  return { rule: 'profile', asks: profile.floor[kind], because: `profile ${profile.name}, ${kind} service` };
}

function priceVerdicts({ priceSteps }: Policy, price: Money): readonly Verdict[] {
  return priceSteps
    .filter((step) => step.currency === price.currency && price.minor > step.above)
    .map((step) => ({
      rule: 'price',
      asks: step.atLeast,
      because: `price above ${step.above} ${step.currency} minor units`,
    }));
}

/** The least that is asked of who orders a recurring service at this price, whoever provides it. */
export function askedOfPrice(policy: Policy, price: Money): Interaction {
  return priceVerdicts(policy, price).reduce<Interaction>(
    (most, { asks }) => (strictness(asks) > strictness(most) ? asks : most),
    policy.profile.floor.recurring,
  );
}

function firstOrderVerdict({ firstOrder }: Policy, facts: Facts): readonly Verdict[] {
  return facts.firstOrder && firstOrder !== 'notice'
    ? [{ rule: 'first-order', asks: firstOrder, because: 'first order with this provider' }]
    : [];
}

function troubleVerdict({ trouble: rule }: Policy, { trouble }: Facts): readonly Verdict[] {
  if (rule === undefined || trouble === undefined || trouble.ageMs > rule.window) return [];
  const what = trouble.kind === 'complaint' ? 'complained about' : 'failed a challenge of';
  const days = Math.floor(trouble.ageMs / DAY_MS);
  const when = days === 0 ? 'within the last day' : `${days} d ago`;
  return [{ rule: 'trouble', asks: rule.atLeast, because: `the subscriber ${what} this provider ${when}` }];
}

function spendVerdict({ spend, price }: Facts): readonly Verdict[] {
  if (spend === undefined) return [];
  const { span, spent, cap, currency } = spend;
  const what = span === 'agreed' ? 'what the subscriber is asked about first, in a month' : `the cap of a ${span}`;
  const because = `${spent} spent and ${price.minor} are above ${what}: ${cap} ${currency} minor units`;
  return [{ rule: 'spend-cap', asks: 'refuse', because }];
}

function hourVerdicts({ hours }: Policy, { at }: Facts): readonly Verdict[] {
  if (hours === undefined || at === undefined) return [];
  return spansAt(hours, at).map(({ from, to, atLeast }) => ({
    rule: 'hour',
    asks: atLeast,
    because: `between ${clockText(from)} and ${clockText(to)} in ${hours.zone}`,
  }));
}

/** Consent is the keyword alone; whatever else is written with it may mean something else. */
function wordsVerdict({ moreWords }: Facts): readonly Verdict[] {
  return moreWords === true ? [{ rule: 'words', asks: 'confirm', because: 'more words than the keyword' }] : [];
}
