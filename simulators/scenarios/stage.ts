/** What a scenario plays on: the network's two ends, and time. */
import type { Side } from './step.ts';

export interface Heard {
  readonly id: number;
  readonly text: string;
  readonly channel: string;
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
  text(from: string, to: string, text: string): Promise<void>;
  /** Texts to that number with an id above `after`, waiting up to `waitMs` for one. */
  heard(msisdn: string, after: number, waitMs: number): Promise<readonly Heard[]>;
  account(msisdn: string, setting: object): Promise<void>;
  bookings(msisdn: string, after: number): Promise<readonly Booking[]>;
  requests(msisdn: string, after: number): Promise<readonly Ccr[]>;
  fault(side: Side, rule: object): Promise<void>;
  /** Takes all fault rules back. */
  mend(side: Side): Promise<void>;
  listening(on: boolean): Promise<void>;
  run(command: string): Promise<void>;
}
