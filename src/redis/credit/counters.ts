import type { CountOf, Signal } from '../../domain/credit-rule.ts';
import type { CountedSignal, CreditLedger } from '../../flow/ports/outbox.ts';
import { slicesOf } from '../../lib/slices.ts';
import type { RedisHandle } from '../connection.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** The longest window of a rule, and a little more. */
const KEEP_HOURS = 31 * 24;
/**
 * An entry that comes again within this of the newest one is known; milliseconds. Entries come again once a dead process's
 * are taken over, before anything newer is read: minutes are enough, and hours of them are gigabytes at a country's rate.
 */
const COUNTED_FOR = 10 * 60_000;

/** Signals in one step: hundreds would keep every order waiting for milliseconds. */
const AT_ONCE = 32;

/**
 * Of these each subscriber counts once a day, so that one phone, which pays nothing for a question that it lets pass, neither sinks a
 * provider nor waters its rates down. Who was there is a HyperLogLog: 12 KB at most a day, where names are gigabytes, within 1 %.
 */
const ONCE_A_DAY: readonly Signal[] = [
  ...(['ordered', 'challenged', 'early-stop'] as const),
  ...(['failed-challenge', 'abandoned-challenge'] as const),
];

const KEPT = { keepHours: KEEP_HOURS, countedFor: COUNTED_FOR } as const;

/** Counts of signals per provider and hour: what rules over windows of whole hours need. */
export function createCreditCounters(
  { redis, run }: RedisHandle,
  key: (name: string) => string,
): Pick<CreditLedger, 'count' | 'counts'> {
  return {
    async count(providerId, signals, burst) {
      for (const [hour, all] of byHour(signals)) {
        const keys = [key('counted'), key(`counts:${providerId}`), key(`burst:${providerId}:${hour}`)];
        for (const entries of slicesOf(all, AT_ONCE)) {
          const day = Math.floor((hour * HOUR) / DAY);
          const daily = ONCE_A_DAY.filter((one) => entries.some(({ signal }) => signal === one));
          const until = { burstFor: ofUse((hour + 1) * HOUR, entries), dayFor: ofUse((day + 1) * DAY, entries) };
          const step = { hour, burst: burst.orders, entries, daily, ...until, ...KEPT };
          const days = daily.map((signal) => key(`day:${providerId}:${day}:${signal}`));
          await run('count-signals', [...keys, ...days], [JSON.stringify(step)]);
        }
      }
    },
    async counts(providerId, rules, now): Promise<CountOf> {
      const wanted = rules.flatMap(({ counts, of, window }) =>
        [counts, ...(of === undefined ? [] : [of])].flatMap((signal) => fieldsOf(signal, window, now)),
      );
      const fields = [...new Set(wanted)];
      const values = fields.length === 0 ? [] : await redis.hmget(key(`counts:${providerId}`), ...fields);
      const found = new Map(fields.map((field, index) => [field, Number(values[index] ?? 0)]));
      return (signal, window) => fieldsOf(signal, window, now).reduce((sum, field) => sum + (found.get(field) ?? 0), 0);
    },
  };
}

/** What is known of an hour's or a day's subscribers is of use until its last entry was counted, and no longer; milliseconds from now. */
function ofUse(end: number, entries: readonly CountedSignal[]): number {
  return end - entries.reduce((latest, { at }) => Math.max(latest, at), 0) + COUNTED_FOR;
}

function byHour(signals: readonly CountedSignal[]): ReadonlyMap<number, readonly CountedSignal[]> {
  const found = new Map<number, CountedSignal[]>();
  for (const one of signals) {
    const hour = Math.floor(one.at / HOUR);
    const before = found.get(hour);
    if (before === undefined) found.set(hour, [one]);
    else before.push(one);
  }
  return found;
}

/** The hour that runs, and as many before it as the window has. */
function fieldsOf(signal: Signal, window: number, now: number): readonly string[] {
  const hour = Math.floor(now / HOUR);
  return Array.from({ length: Math.ceil(window / HOUR) + 1 }, (_, back) => `${signal}:${hour - back}`);
}
