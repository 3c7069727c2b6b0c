import type { ChargeVerdict } from '../domain/charge.ts';
import type { ChargeRow } from '../domain/charge-row.ts';
import type { FrozenOrder } from '../domain/order.ts';

/** What `orderctl reconcile` compares: null for an order that was never charged, or not refunded. */
export interface CdrMoney {
  readonly sessionId: string | null;
  /** Event-Timestamps; ISO 8601, UTC. */
  readonly sentAt: string | null;
  readonly free: ChargeRow['free'] | null;
  readonly refundSessionId: string | null;
  readonly refundSentAt: string | null;
}

/** One line of a CDR file. The full MSISDN is allowed here (E19): billing needs it. */
export interface Cdr extends CdrMoney {
  /** Names the record for ever; a reader that sees it twice drops one. */
  readonly entry: string;
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly orderId: string;
  readonly state: string;
  readonly cause: string;
  readonly msisdn: string;
  readonly shortCode: string;
  readonly serviceId: string;
  readonly providerId: string;
  /** Minor units. */
  readonly price: number;
  readonly currency: string;
  readonly period: FrozenOrder['period'];
  readonly channel: FrozenOrder['channel'];
  readonly interaction: FrozenOrder['decision']['interaction'];
  readonly openedAt: string;
  readonly resultCode: ChargeVerdict['resultCode'] | null;
}
