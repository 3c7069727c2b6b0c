import type { ChannelName, Fallbacks } from '../../domain/channel.ts';
import type { Backoff } from '../../domain/retry.ts';
import type { RenewalRules } from '../../domain/subscription.ts';

/** What the flows read from config; times in milliseconds. */
export interface FlowSettings {
  /** Redis partitions, fixed at first start (E22). */
  readonly partitions: number;
  readonly language: string;
  /** The channels that this process can speak over; the composition root knows. */
  readonly channels: readonly ChannelName[];
  readonly fallback: Fallbacks;
  /** A text that could not leave over its channel for this long goes over the next one; channels left out wait. */
  readonly patience: Readonly<Partial<Record<ChannelName, number>>>;
  readonly dedupeWindow: number;
  /** When the SMSC names its MOs, the name is remembered this long. */
  readonly dedupeWindowWithId: number;
  readonly leaseFor: number;
  readonly challenge: {
    readonly windows: Readonly<Record<ChannelName, number>>;
    /** How long a dialogue waits for its subscriber, at the link where that is shortest: no text promises more. */
    readonly ussdAnswer?: number;
    readonly codeLife: number;
    readonly digits: number;
    readonly maxTries: number;
    readonly codes: {
      readonly perOrder: number;
      /** Per subscriber. */
      readonly perDay: number;
      /** Between one code and another on request. */
      readonly coolDown: number;
      /** Codes that one provider's orders may cause (SMS pumping). */
      readonly perProvider: { readonly limit: number; readonly window: number };
    };
  };
  /** How long an MO waits for the balance or price before its challenge goes out all the same. */
  readonly askFor: number;
  readonly settle: Backoff & { readonly maxAge: number };
  readonly say: Backoff & {
    readonly maxAge: number;
    /** How often a text that did not arrive is said again. */ readonly again: number;
    /** How often a text is said again to which no response came. */ readonly unanswered: number;
  };
  /** How long the OCS recognises a repeated charge (E4). */
  readonly duplicateMemory: number;
  /** Help and error answers per MSISDN and hour (E20). */
  readonly answersPerHour: number;
  readonly sweepEvery: number;
  readonly subscriptions: RenewalRules;
}
