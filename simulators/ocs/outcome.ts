/** What credit control decided about one request: enough to build the answer again for every duplicate. */
import type { Avp } from '../diameter/avp.ts';
import type { Item, Units } from './request.ts';

export interface ItemOutcome {
  readonly item: Item;
  readonly result: number;
  /** What Granted-Service-Unit says; none when nothing is granted. */
  readonly granted: Units | undefined;
  /** The grant is the last: answered with Final-Unit-Indication TERMINATE (RFC 8506 section 5.6). */
  readonly final?: boolean;
}

/** What the ledger calls the step. */
export type LedgerAction =
  | 'DIRECT_DEBITING'
  | 'REFUND_ACCOUNT'
  | 'CHECK_BALANCE'
  | 'PRICE_ENQUIRY'
  | 'RESERVE'
  | 'UPDATE'
  | 'COMMIT'
  | 'RELEASE';

export interface Outcome {
  readonly result: number;
  /** For Error-Message. */
  readonly reason?: string;
  readonly failed?: Avp;
  readonly experimental?: { readonly vendorId: number; readonly resultCode: number };
  readonly items: readonly ItemOutcome[];
  readonly action: LedgerAction;
  readonly service: string;
  /** Minor units asked for (priced, reserved, debited or refunded). */
  readonly amount: bigint;
  /** Minor units that left the balance; negative when they came back; 0 when nothing moved. */
  readonly debited: bigint;
  /** None where the subscriber is unknown. */
  readonly balanceAfter?: bigint;
  /** Check-Balance-Result: 0 enough, 1 not. */
  readonly checkBalance?: 0 | 1;
  /** Minor units for Cost-Information. */
  readonly cost?: bigint;
  /** Seconds a reservation holds. */
  readonly validityTime?: number;
}

/** Result-Code of 2xxx. */
export const granted = (result: number): boolean => result >= 2000 && result < 3000;

/** The outcome of a request that was refused as a whole: nothing moved. */
export function refused(
  about: Pick<Outcome, 'action' | 'service' | 'amount'>,
  result: number,
  reason: string,
  items: readonly Item[],
): Outcome {
  const none = items.map((item) => ({ item, result, granted: undefined }));
  return { ...about, result, reason, items: none, debited: 0n };
}
