import type { BurstRule, CountOf, CreditRule, Signal } from '../../domain/credit-rule.ts';
import type { Fallback } from '../../domain/channel.ts';
import type { ChargeIdentity, ChargeVerdict } from '../../domain/charge.ts';
import type { Heard } from '../../domain/evidence/heard.ts';

/**
 * The outbox: one stream per partition, written by the same step that moved the order (E22). Ids, and what nobody else keeps:
 * the words that came and went. Whoever needs more reads the order.
 */
export interface OutboxEntry {
  readonly partition: number;
  /** The stream's own id, `<epoch ms>-<number>`; with the partition it names the entry for ever. */
  readonly id: string;
  /** `mo`: one that moved no order, and the text that answers it. */
  readonly type: 'order' | 'subscription' | 'mt' | 'mo' | 'complaint';
  /** Order id, for a subscription that of the order that brought it; or text id. */
  readonly subject: string;
  readonly state: string;
  readonly from: string;
  /** Why: open, right, wrong, last-wrong, window, permit, silence, record, stop, end … */
  readonly cause: string;
  readonly serviceId: string;
  readonly providerId: string;
  /** Of a subscription, when it began (epoch ms); else 0. */
  readonly since: number;
  /** Epoch ms. */
  readonly at: number;
  /** The subscriber's HMAC, where credit asks whose it was: an order placed, challenged, declined or expired, a subscription's end. */
  readonly who?: string;
  /** Of a subscription, the order that was placed for it last. */
  readonly last?: string;
  /** The MO that caused it. Evidence alone may keep it. */
  readonly heard?: Heard;
  /** Of a renewal that waits for its next try: the charge that was denied, which the order keeps no longer. */
  readonly denied?: { readonly charge: ChargeIdentity | null; readonly verdict: ChargeVerdict };
  /** Why a text leaves over another channel, and which (P6). */
  readonly fallback?: Fallback;
  /** The text that was said, its code masked. Evidence alone may keep it. */
  readonly said?: string;
}

/** One consumer group's view of the outbox. Methods reject when the store cannot be reached. */
export interface OutboxStream {
  readonly partitions: number;
  /** Makes the group where it is missing; it then hears everything that is still kept. */
  join(): Promise<void>;
  /** At most `count` entries that nobody of the group was given yet. */
  read(partition: number, count: number): Promise<readonly OutboxEntry[]>;
  /** Entries that this process was given and has not acknowledged, the oldest first. */
  given(partition: number, count: number): Promise<readonly OutboxEntry[]>;
  /** Entries that were given to somebody `idleMs` ago and never acknowledged: that process is gone. */
  recover(partition: number, idleMs: number, count: number): Promise<readonly OutboxEntry[]>;
  acknowledge(partition: number, ids: readonly string[]): Promise<void>;
  /** When the oldest entry was written that is given out and not acknowledged (epoch ms); undefined when there is none. */
  oldestPending(partition: number): Promise<number | undefined>;
  /** Drops what every group has acknowledged; returns how many. */
  trim(partition: number): Promise<number>;
}

/** One dated entry of a provider's credit book. */
export interface LedgerEntry {
  /** Adding the same id again changes nothing. */
  readonly id: string;
  readonly points: number;
  readonly reason: string;
  /** A person's name, or the rule that made it. */
  readonly who: string;
  /** Order id or other evidence. */
  readonly evidence: string | undefined;
  /** Epoch ms. */
  readonly at: number;
  /** Counts until then (epoch ms); undefined: for good. */
  readonly expiresAt: number | undefined;
  /** The service that it is about, where one is. */
  readonly serviceId?: string | undefined;
}

/** One thing that happened to a provider's order, for its rules to count. */
export interface CountedSignal {
  /** Names it for ever: the outbox entry. */
  readonly id: string;
  readonly signal: Signal;
  /** Epoch ms. */
  readonly at: number;
  /** The subscriber's HMAC, where the entry tells it. */
  readonly who: string | undefined;
  /** What it is about: an order. */
  readonly subject: string;
  readonly serviceId: string;
}

export interface CreditLedger {
  /** Counts each signal once, however often it comes. */
  count(providerId: string, signals: readonly CountedSignal[], burst: BurstRule): Promise<void>;
  /** What the rules need to know of the time up to `now`. */
  counts(providerId: string, rules: readonly CreditRule[], now: number): Promise<CountOf>;
  /** False when an entry of that id is there, or its rule spoke within `coolDown` (ms). */
  addByRule(providerId: string, entry: LedgerEntry & { readonly rule: string }, coolDown: number): Promise<boolean>;
  /** Everything of that partition written before `upTo` (epoch ms) is in the books (E18). */
  watermark(partition: number, upTo: number): Promise<void>;
}
