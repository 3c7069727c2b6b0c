import type { Order } from '../domain/order.ts';

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
  /** The OCS said that it costs nothing (4011). */
  readonly free: boolean;
}

export interface ChargesView {
  readonly charges: readonly ChargeRow[];
  /** Where the list begins, should older orders be no longer listed; else what was asked for (ISO 8601). */
  readonly from: string;
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
    sentAt: new Date(charge.eventTimestamp * 1000).toISOString(),
    free: verdict?.kind === 'granted' && verdict.free,
  };
}
