import type { Money } from './money.ts';

/** Rising strictness: the index is the rank. */
export const INTERACTIONS = ['notice', 'confirm', 'otp', 'refuse'] as const;
export type Interaction = (typeof INTERACTIONS)[number];

export interface Band {
  readonly name: string;
  /** Lowest score of the band, 0 to 100. */
  readonly from: number;
  readonly interaction: Interaction;
}

export interface PriceStep {
  readonly currency: string;
  /** Minor units; prices above it ask for at least `atLeast`. */
  readonly above: number;
  readonly atLeast: Interaction;
}

/** RFC 8506 6.2 CHECK_BALANCE, 6.1 PRICE_ENQUIRY. */
export const ASK_BEFORE = ['none', 'balance', 'price'] as const;
export type AskBefore = (typeof ASK_BEFORE)[number];

export interface Profile {
  readonly name: string;
  /** The least strict interaction that the country or operator allows. */
  readonly floor: { readonly once: Interaction; readonly recurring: Interaction };
  /** What the OCS is asked for before a challenge goes out; none when undefined. */
  readonly askBefore?: AskBefore;
}

export interface Policy {
  readonly version: string;
  /** From highest `from` to lowest; the last one starts at 0. */
  readonly bands: readonly Band[];
  readonly profile: Profile;
  readonly priceSteps: readonly PriceStep[];
  /** The first order of a subscriber with a provider asks for at least this. */
  readonly firstOrder: Interaction;
  /** When the credit is unknown or too old (E18): a challenge, never a notice. */
  readonly unknownCredit: Exclude<Interaction, 'notice'>;
}

export type CreditReading =
  | { readonly kind: 'known'; readonly score: number; readonly ageMs: number }
  | { readonly kind: 'stale'; readonly score: number; readonly ageMs: number }
  | { readonly kind: 'unknown'; readonly reason: string };

export interface Facts {
  readonly credit: CreditReading;
  readonly suspended: boolean;
  /** The OCS cannot rate the service. */
  readonly stopped?: boolean;
  readonly price: Money;
  readonly recurring: boolean;
  readonly firstOrder: boolean;
}

/** One rule that spoke: what it asks for at least, and why, in words that staff and evidence repeat. */
export interface Verdict {
  readonly rule: 'suspended' | 'rating' | 'credit' | 'profile' | 'price' | 'first-order';
  readonly asks: Interaction;
  readonly because: string;
}

export interface Decision {
  readonly interaction: Interaction;
  readonly score: number | undefined;
  readonly band: string;
  readonly verdicts: readonly Verdict[];
  /** The rule that won: the first one as strict as the interaction. */
  readonly won: Verdict['rule'];
  readonly policyVersion: string;
}

export function strictness(interaction: Interaction): number {
  return INTERACTIONS.indexOf(interaction);
}

export function bandOf(bands: readonly Band[], score: number): Band {
  const found = bands.find((band) => score >= band.from) ?? bands.at(-1);
  if (found === undefined) throw new RangeError('a policy needs at least one band');
  return found;
}

/** Strictest rule wins; every rule that spoke is kept, so that a complaint can be answered from the record. */
export function decide(policy: Policy, facts: Facts): Decision {
  const { credit } = facts;
  const band = credit.kind === 'known' ? bandOf(policy.bands, credit.score) : undefined;
  const verdicts = [
    ...suspendedVerdict(facts),
    creditVerdict(policy, credit, band),
    profileVerdict(policy, facts),
    ...priceVerdicts(policy, facts.price),
    ...firstOrderVerdict(policy, facts),
  ];
  const won = verdicts.reduce((best, next) => (strictness(next.asks) > strictness(best.asks) ? next : best));
  return {
    interaction: won.asks,
    score: credit.kind === 'unknown' ? undefined : credit.score,
    band: band?.name ?? credit.kind,
    verdicts,
    won: won.rule,
    policyVersion: policy.version,
  };
}

function suspendedVerdict({ suspended, stopped }: Facts): readonly Verdict[] {
  return [
    ...(suspended ? [{ rule: 'suspended', asks: 'refuse', because: 'provider is suspended' } as const] : []),
    ...(stopped === true ? [{ rule: 'rating', asks: 'refuse', because: 'the OCS cannot rate it' } as const] : []),
  ];
}

function creditVerdict(policy: Policy, credit: CreditReading, band: Band | undefined): Verdict {
  if (credit.kind === 'known' && band !== undefined) {
    return { rule: 'credit', asks: band.interaction, because: `score ${credit.score} is in band ${band.name}` };
  }
  const why = credit.kind === 'unknown' ? credit.reason : `credit is ${Math.round(credit.ageMs / 1000)} s old`;
  return { rule: 'credit', asks: policy.unknownCredit, because: why };
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

function firstOrderVerdict({ firstOrder }: Policy, facts: Facts): readonly Verdict[] {
  return facts.firstOrder && firstOrder !== 'notice'
    ? [{ rule: 'first-order', asks: firstOrder, because: 'first order with this provider' }]
    : [];
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
