/** What a scenario plays on: the network's two ends, and time. */
import type { Carriage, Leaving, Side } from './step.ts';

export interface Heard {
  readonly id: number;
  readonly text: string;
  readonly channel: string;
}

/** A USSD dialogue on a phone's screen. */
export interface Dialogue {
  readonly id: string;
  readonly state: 'idle' | 'awaiting-app' | 'awaiting-user' | 'released';
  /** The subscriber's own words among them. */
  readonly turns: readonly { readonly by: 'user' | 'app' | 'network'; readonly text: string }[];
}

/** A ledger row, as far as scenarios read it. */
export interface Booking {
  readonly row: number;
  readonly sessionId: string;
  readonly requestNumber: number;
  /** Minor units, negative for money that came back. */
  readonly debited: number;
}

export interface Ccr {
  readonly id: number;
  readonly retransmit: boolean;
}

/** Each call rejects with an Error that a person can act on. */
export interface Stage {
  /** Milliseconds since any fixed moment. */
  now(): number;
  sleep(ms: number): Promise<void>;
  /** Resolves when the daemon took it; rejects when it refused or did not answer. */
  text(from: string, to: string, text: string, carriage: Carriage): Promise<void>;
  /** Texts to that number with an id above `after`, waiting up to `waitMs` for one. */
  heard(msisdn: string, after: number, waitMs: number): Promise<readonly Heard[]>;
  /** Rejects when the phone is in a dialogue already, or nobody is bound. */
  dial(from: string, code: string): Promise<void>;
  /** The dialogues of a phone, oldest first. */
  dialogues(msisdn: string): Promise<readonly Dialogue[]>;
  /** Rejects when the dialogue does not wait for the subscriber. */
  reply(dialogue: string, text: string): Promise<void>;
  leave(dialogue: string, how: Leaving): Promise<void>;
  account(msisdn: string, setting: object): Promise<void>;
  bookings(msisdn: string, after: number): Promise<readonly Booking[]>;
  requests(msisdn: string, after: number): Promise<readonly Ccr[]>;
  fault(side: Side, rule: object): Promise<void>;
  /** What becomes of texts at the SMSC. */
  fate(rule: object): Promise<void>;
  /** Octets as they are, to whoever is bound as that account. */
  octets(account: string, hex: string): Promise<void>;
  /** Takes all fault rules back, fates too. */
  mend(side: Side): Promise<void>;
  listening(on: boolean): Promise<void>;
  run(command: string): Promise<void>;
}
