import type { CreditLedger, LedgerEntry, OutboxEntry } from '../flow/outbox.ts';
import type { Consumer } from './consumer.ts';

/** What one kind of outbox entry does to its provider's credit. */
export interface CreditRule {
  readonly name: string;
  readonly type: OutboxEntry['type'];
  readonly state: string;
  readonly cause: string;
  /** Only within this time of the subscription's start; milliseconds. */
  readonly within?: number;
  /** Whole, either sign. */
  readonly points: number;
  /** The entry counts for this long; milliseconds. */
  readonly lasts: number;
}

const DAY = 86_400_000;

export const CREDIT_RULES: readonly CreditRule[] = [
  { name: 'failed-challenge', type: 'order', state: 'declined', cause: 'last-wrong', points: -1, lasts: 30 * DAY },
  {
    name: 'stopped-within-a-day',
    type: 'subscription',
    state: 'ended',
    cause: 'stop',
    within: DAY,
    points: -2,
    lasts: 30 * DAY,
  },
];

/** Turns what happened to orders into entries of their providers' credit books, and tells how far it has read (E18). */
export function createCreditConsumer(ledger: CreditLedger, rules: () => readonly CreditRule[]): Consumer {
  return {
    group: 'credit',
    async handle(entries) {
      for (const entry of entries) {
        const spoke = rules().filter((rule) => speaks(rule, entry));
        for (const rule of spoke) await ledger.add(entry.providerId, ledgerEntry(rule, entry));
      }
    },
    caughtUp: (partition, upTo) => ledger.watermark(partition, upTo),
  };
}

function speaks(rule: CreditRule, entry: OutboxEntry): boolean {
  if (rule.type !== entry.type || rule.state !== entry.state || rule.cause !== entry.cause) return false;
  return rule.within === undefined || entry.at - entry.since <= rule.within;
}

/** The id holds the outbox entry's, so that an entry that comes again is counted once. */
function ledgerEntry(rule: CreditRule, entry: OutboxEntry): LedgerEntry {
  return {
    id: `${entry.partition}:${entry.id}:${rule.name}`,
    points: rule.points,
    reason: rule.name,
    who: 'rule',
    evidence: entry.subject,
    at: entry.at,
    expiresAt: entry.at + rule.lasts,
  };
}
