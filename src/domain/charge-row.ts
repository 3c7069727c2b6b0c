import type { ChargeIdentity } from './charge.ts';
import type { Order } from './order.ts';

/** One order's money, for whoever compares it with the books of the OCS. No number, nothing of the subscriber (E19). */
export interface ChargeRow {
  readonly order: string;
  readonly state: string;
  readonly sessionId: string;
  readonly refundSessionId: string | undefined;
  /** Minor units that the subscriber was told. */
  readonly minor: number;
  /** ISO 4217. */
  readonly currency: string;
  /** ISO 8601, UTC: Event-Timestamp of the charge. */
  readonly sentAt: string;
  /** ISO 8601, UTC: Event-Timestamp of the refund, where there is one. */
  readonly refundSentAt: string | undefined;
  /** The OCS said that it costs nothing (4011). */
  readonly free: boolean;
}

/** undefined for an order that was never charged. */
export function chargeRow({ frozen, state, charge, refund, verdict }: Order): ChargeRow | undefined {
  if (charge === undefined) return undefined;
  return {
    order: frozen.id,
    state,
    sessionId: charge.sessionId,
    refundSessionId: refund?.sessionId,
    minor: frozen.price.minor,
    currency: frozen.price.currency,
    sentAt: timeOf(charge),
    refundSentAt: refund === undefined ? undefined : timeOf(refund),
    free: verdict?.kind === 'granted' && verdict.free,
  };
}

function timeOf({ eventTimestamp }: ChargeIdentity): string {
  return new Date(eventTimestamp * 1000).toISOString();
}
