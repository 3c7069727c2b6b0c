import type { BurstRule, CountOf, CreditRule, Signal } from '../domain/credit-rule.ts';
import { ruleSpeaks } from '../domain/credit-rule.ts';
import type { CountedSignal, CreditLedger, OutboxEntry } from '../flow/ports/outbox.ts';
import { someAtOnce } from './at-once.ts';
import type { Consumer } from './consumer.ts';
import { signalsOf } from './signals.ts';

export interface CreditRules {
  readonly rules: readonly CreditRule[];
  readonly burst: BurstRule;
}

/** Whose order it is, for entries about texts, which do not say. */
export type ProviderOf = (orderId: string) => Promise<string | undefined>;

/** Turns what happened to orders into entries of their providers' credit books, and tells how far it has read (E18). */
export function createCreditConsumer(
  ledger: CreditLedger,
  rules: () => CreditRules,
  providerOf: ProviderOf = () => Promise.resolve(undefined),
): Consumer {
  return {
    name: 'credit',
    async handle(entries) {
      const byProvider = [...(await grouped(entries, providerOf))];
      await someAtOnce(byProvider, ([providerId, signals]) => tell(ledger, providerId, signals, rules()));
    },
    caughtUp: (partition, upTo) => ledger.watermark(partition, upTo),
  };
}

async function tell(
  ledger: CreditLedger,
  providerId: string,
  signals: readonly CountedSignal[],
  { rules, burst }: CreditRules,
): Promise<void> {
  await ledger.count(providerId, signals, burst);
  await speak(ledger, providerId, signals, rules);
}

async function grouped(
  entries: readonly OutboxEntry[],
  providerOf: ProviderOf,
): Promise<ReadonlyMap<string, readonly CountedSignal[]>> {
  const found = new Map<string, CountedSignal[]>();
  const read = entries.flatMap((entry) => signalsOf(entry).map((signal) => counted(entry, signal)));
  for (const { providerId: told, ...signal } of read) {
    const providerId = told === '' ? ((await providerOf(signal.subject.replace(/-ordered$/, ''))) ?? '') : told;
    if (providerId === '') continue;
    const before = found.get(providerId);
    if (before === undefined) found.set(providerId, [signal]);
    else before.push(signal);
  }
  return found;
}

function counted(entry: OutboxEntry, signal: Signal): CountedSignal & { readonly providerId: string } {
  const { partition, id, at, who, subject, serviceId, providerId } = entry;
  return { id: `${partition}:${id}`, signal, at, who, subject, serviceId, providerId };
}

/** The id holds the outbox entry's, so that an entry that comes again is counted once. */
async function speak(
  ledger: CreditLedger,
  providerId: string,
  signals: readonly CountedSignal[],
  rules: readonly CreditRule[],
): Promise<void> {
  const last = signals.at(-1);
  if (last === undefined) return;
  const touched = new Set<Signal>(
    signals.flatMap(({ signal }) => (signal === 'ordered' ? [signal, 'burst'] : [signal])),
  );
  const heard = rules.filter(({ counts }) => touched.has(counts));
  if (heard.length === 0) return;
  const count: CountOf = await ledger.counts(providerId, heard, last.at);
  for (const rule of heard) {
    const why = ruleSpeaks(rule, count);
    if (why !== undefined)
      await ledger.addByRule(providerId, ledgerEntry(rule, why, blamed(rule, signals, last)), rule.coolDown);
  }
}

/** The newest of the signals that the rule counts. */
function blamed({ counts }: CreditRule, signals: readonly CountedSignal[], last: CountedSignal): CountedSignal {
  return signals.filter(({ signal }) => signal === counts).at(-1) ?? last;
}

function ledgerEntry(rule: CreditRule, why: string, cause: CountedSignal) {
  return {
    id: `${cause.id}:${rule.name}`,
    points: rule.points,
    reason: `${rule.name}: ${why}`,
    who: 'rule',
    rule: rule.name,
    evidence: cause.subject,
    serviceId: cause.serviceId,
    at: cause.at,
    expiresAt: cause.at + rule.lasts,
  };
}
