import type { Deed } from './api/route.ts';

/** One change that a person made: who, what, before, after, and why where a reason is asked for. */
export interface AuditEntry extends Deed {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly who: string;
}

/** Kept for as long as the store says; the log carries each entry too, so that it outlives the store. */
export interface AuditTrail {
  record(entry: AuditEntry): Promise<void>;
  /** Newest first. */
  list(limit: number): Promise<readonly AuditEntry[]>;
}
