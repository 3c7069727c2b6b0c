/** One line of a scenario, read and checked. Durations are milliseconds, amounts minor units. */

/** What a text must hold: a part of it as written, or /a regular expression/. `{name}` stands for a kept value. */
export type Pattern =
  | { readonly kind: 'part'; readonly text: string }
  | { readonly kind: 'expression'; readonly source: string; readonly flags: string };

/** How the parts of a long text travel; left out, as the simulator does. */
export interface Carriage {
  readonly carrier: string | undefined;
  /** `[3, 1, 2]`, `[1, 2, 2]`, `[1, 3]`. */
  readonly order: readonly number[] | undefined;
}

/** The subscriber hangs up, or says nothing until the network ends the dialogue. */
export type Leaving = 'hangs-up' | 'timeout';

export type Side = 'ocs' | 'smsc';

export type Action =
  | ({
      readonly kind: 'texts';
      readonly who: string;
      readonly text: string;
      readonly to: string | undefined;
      /** How often the same text leaves. */
      readonly times: number;
    } & Carriage)
  | { readonly kind: 'dials'; readonly who: string; readonly code: string }
  | {
      readonly kind: 'sees';
      readonly who: string;
      readonly pattern: Pattern;
      readonly within: number;
      /** Whether the dialogue is over with it. */
      readonly ends: boolean | undefined;
      readonly keep: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'replies'; readonly who: string; readonly text: string }
  | { readonly kind: 'chooses'; readonly who: string; readonly option: Pattern }
  | { readonly kind: 'leaves'; readonly who: string; readonly how: Leaving }
  | {
      readonly kind: 'hears';
      readonly who: string;
      readonly pattern: Pattern;
      readonly within: number;
      /** Passes over texts that do not fit, instead of failing at the first. */
      readonly eventually: boolean;
      readonly via: 'sms' | 'flash' | undefined;
      /** Name of a value and the expression whose first group is it. */
      readonly keep: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'hears-nothing'; readonly who: string; readonly during: number }
  | { readonly kind: 'has'; readonly who: string; readonly account: Readonly<Record<string, unknown>> }
  | {
      readonly kind: 'booked';
      readonly who: string;
      readonly what: 'debited' | 'refunded';
      readonly amount: number | undefined;
      readonly times: number;
      readonly within: number;
    }
  | {
      readonly kind: 'fault';
      readonly side: Side;
      readonly rule: Readonly<Record<string, unknown>>;
      readonly of: string | undefined;
    }
  | { readonly kind: 'fate'; readonly rule: Readonly<Record<string, unknown>>; readonly of: string | undefined }
  | { readonly kind: 'octets'; readonly account: string; readonly hex: string }
  | { readonly kind: 'mended'; readonly side: Side }
  | { readonly kind: 'listening'; readonly on: boolean }
  | {
      readonly kind: 'receives';
      readonly of: string;
      readonly times: number;
      /** The T bit. */
      readonly retransmit: boolean | undefined;
      readonly within: number;
    }
  | { readonly kind: 'wait'; readonly during: number }
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'run'; readonly command: string };

export interface Step {
  readonly action: Action;
  /** As it stands in the file, for the transcript. */
  readonly told: string;
  /** Not before this long after the start; none: right after the step before. */
  readonly at: number | undefined;
  /** In the file, from 1. */
  readonly line: number;
}

export interface Subscriber {
  /** None: a number of its own in every run. */
  readonly msisdn: string | undefined;
  readonly account: Readonly<Record<string, unknown>>;
}

export interface Script {
  readonly name: string;
  /** What it shows: claims, promises, traps. */
  readonly about: readonly string[];
  /** Short code that subscribers text. */
  readonly code: string;
  readonly subscribers: Readonly<Record<string, Subscriber>>;
  readonly steps: readonly Step[];
}
