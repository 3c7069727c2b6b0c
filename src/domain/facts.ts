import type { Band, Standing } from './band.ts';
import type { Hours } from './hours.ts';
import type { Interaction } from './interaction.ts';
import type { Money } from './money.ts';
import type { Spend, SpendCap } from './spend.ts';

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
  /** A bare YES confirms; false: YES and the keyword. */
  readonly plainYes?: boolean;
}

/** What a subscriber's trouble with a provider asks for on later orders with it. */
export interface TroubleRule {
  /** Milliseconds. */
  readonly window: number;
  readonly atLeast: Interaction;
}

export interface Policy {
  readonly version: string;
  /** From highest `from` to lowest; the last one starts at 0. */
  readonly bands: readonly Band[];
  readonly profile: Profile;
  readonly priceSteps: readonly PriceStep[];
  /** The first order of a subscriber with a provider asks for at least this. */
  readonly firstOrder: Interaction;
  /** After a complaint or a failed challenge; undefined: nothing. */
  readonly trouble?: TroubleRule | undefined;
  readonly hours?: Hours | undefined;
  /** The profile's and the operator's own; each of them holds. */
  readonly spend?: readonly SpendCap[];
  /** Of one subscriber, all services together. */
  readonly ordersPerHour?: number | undefined;
  /** Points above a band's limit that lead back into it. */
  readonly hysteresis?: number;
  /** When the credit is unknown or too old (E18): a challenge, never a notice. */
  readonly unknownCredit: Exclude<Interaction, 'notice'>;
}

export type CreditReading =
  | {
      readonly kind: 'known';
      readonly score: number;
      readonly ageMs: number;
      /** Where hysteresis holds the provider, when that is not the band of its score. */
      readonly band?: string | undefined;
      readonly standing?: Standing | undefined;
    }
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
  /** Why this one service may not be ordered while the provider's others may: a consequence of its band. */
  readonly serviceStopped?: string | undefined;
  /** The subscriber's last trouble with the provider. */
  readonly trouble?: Trouble | undefined;
  /** The cap that the order would pass. */
  readonly spend?: Spend | undefined;
  /** More was written than an order needs. */
  readonly moreWords?: boolean;
  /** Epoch milliseconds; undefined: the hour says nothing. */
  readonly at?: number | undefined;
}

export interface Trouble {
  readonly kind: 'complaint' | 'failed-challenge';
  readonly ageMs: number;
}

/** Every rule that may speak, in the order in which equals win. */
export const RULES = [
  'suspended',
  'service',
  'rating',
  'credit',
  'profile',
  'price',
  'first-order',
  'trouble',
  'spend-cap',
  'hour',
  'words',
  'code-limit',
  'order-limit',
] as const;
export type Rule = (typeof RULES)[number];

/** What an order does not tell otherwise; what is false or absent is left out. */
export type KeptFacts = Partial<
  Pick<Facts, 'suspended' | 'serviceStopped' | 'stopped' | 'firstOrder' | 'trouble' | 'spend' | 'moreWords'>
>;

/** One rule that spoke: what it asks for at least, and why, in words that staff and evidence repeat. */
export interface Verdict {
  readonly rule: Rule;
  readonly asks: Interaction;
  readonly because: string;
}

export interface Decision {
  readonly interaction: Interaction;
  readonly score: number | undefined;
  readonly band: string;
  readonly verdicts: readonly Verdict[];
  /** The rule that won: the first one as strict as the interaction. */
  readonly won: Rule;
  readonly policyVersion: string;
  /** What was known when it was decided: another policy can be tried on it later. */
  readonly facts?: KeptFacts;
}
