/**
 * Duplicate detection by Session-Id + CC-Request-Number (RFC 8506 section 8.2: together they are globally unique), whatever
 * the T bit says: the first may be lost or late, so a repeat is recognised in any order of arrival, from any Origin-Host
 * and with any End-to-End id. The memory is bounded by a setting, as a real OCS's is (RFC 6733 section 3, T flag).
 */
import type { Clock } from './clock.ts';
import type { CreditRequest } from './request.ts';
import type { Outcome } from './outcome.ts';

export interface Settlement {
  readonly outcome: Outcome;
  /** Ledger row of the first. */
  readonly row: number;
}

/** `first` must be settled by the caller, once; a repeat hears of the settlement, now or when it comes. */
export type Claim =
  | { readonly kind: 'first'; settle(settlement: Settlement): void; forget(): void }
  | { readonly kind: 'repeat'; whenSettled(tell: (settlement: Settlement) => void): void };

export interface Duplicates {
  claim(request: CreditRequest): Claim;
  /** Requests remembered at present. */
  size(): number;
}

interface Entry {
  readonly at: number;
  settlement: Settlement | undefined;
  waiting: ((settlement: Settlement) => void)[];
}

const keyOf = (request: CreditRequest): string =>
  `${request.sessionId} ${request.requestNumber} ${request.subSession?.toString() ?? ''}`;

const NEVER: Duplicates = {
  claim: () => ({ kind: 'first', settle: () => undefined, forget: () => undefined }),
  size: () => 0,
};

/** `memory` in milliseconds; none: repeats are never recognised, so that an audit can be shown to catch the double debit. */
export function createDuplicates(memory: number | undefined, clock: Clock): Duplicates {
  if (memory === undefined) return NEVER;
  const limit = memory;
  const entries = new Map<string, Entry>(); // in order of arrival, so the oldest are first

  function forgetOld(): void {
    for (const [key, entry] of entries) {
      if (clock.now() - entry.at < limit) return;
      entries.delete(key);
    }
  }

  function first(key: string): Claim {
    const entry: Entry = { at: clock.now(), settlement: undefined, waiting: [] };
    entries.set(key, entry);
    return {
      kind: 'first',
      settle: (settlement) => {
        entry.settlement = settlement;
        for (const tell of entry.waiting.splice(0)) tell(settlement);
      },
      forget: () => void entries.delete(key),
    };
  }

  function repeat(entry: Entry): Claim {
    return {
      kind: 'repeat',
      whenSettled: (tell) => {
        if (entry.settlement === undefined) entry.waiting.push(tell);
        else tell(entry.settlement);
      },
    };
  }

  return {
    claim: (request) => {
      forgetOld();
      const known = entries.get(keyOf(request));
      return known === undefined ? first(keyOf(request)) : repeat(known);
    },
    size: () => entries.size,
  };
}
