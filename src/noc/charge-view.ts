import type { ChargeRow } from '../domain/charge-row.ts';

export interface ChargesView {
  readonly charges: readonly ChargeRow[];
  /** Where the list begins, should older orders be no longer listed; else what was asked for (ISO 8601). */
  readonly from: string;
}
