// What becomes of messages on their way to handsets: rules for people who test failures, and phones that are off.
import type { MessageState } from '../smpp/receipt.ts';

export interface FateRule {
  readonly id: number;
  readonly state: MessageState;
  /** network error of the receipt, 0 to 999 */
  readonly error: number;
  /** From the submit to the final state. */
  readonly afterMs: number;
  /** Matches left; undefined means for ever. */
  readonly count?: number | undefined;
  /** Regular expression on the destination. */
  readonly matchTo?: string | undefined;
}

export interface Fates {
  add(rule: Omit<FateRule, 'id'>): FateRule;
  remove(): number;
  list(): readonly FateRule[];
  /** The first rule for this destination, its count spent. */
  match(to: string): FateRule | undefined;
}

/** Which phones are switched on: all, until one is switched off. */
export interface Power {
  set(msisdn: string, on: boolean): void;
  isOn(msisdn: string): boolean;
  /** Resolves 'on' when the phone is switched on, 'late' when `ms` has passed first. */
  waitFor(msisdn: string, ms: number): Promise<'on' | 'late'>;
}

/** Longest wait that a timer can hold. */
const TIMER_MAX_MS = 0x7fffffff;

export function fates(): Fates {
  let rules: FateRule[] = [];
  let lastId = 0;
  return {
    add(rule) {
      lastId += 1;
      const added = { ...rule, id: lastId };
      rules = [...rules, added];
      return added;
    },
    remove() {
      const removed = rules.length;
      rules = [];
      return removed;
    },
    list: () => rules,
    match(to) {
      const found = rules.find(({ matchTo }) => matchTo === undefined || new RegExp(matchTo, 'u').test(to));
      if (found?.count === undefined) return found;
      const spent = { ...found, count: found.count - 1 };
      rules = rules.map((rule) => (rule.id === found.id ? spent : rule)).filter(({ count }) => count !== 0);
      return found;
    },
  };
}

export function power(): Power {
  const off = new Map<string, Set<() => void>>();
  return {
    set(msisdn, on) {
      const waiting = off.get(msisdn);
      if (!on) off.set(msisdn, waiting ?? new Set());
      else if (off.delete(msisdn)) for (const wake of waiting ?? []) wake();
    },
    isOn: (msisdn) => !off.has(msisdn),
    waitFor: (msisdn, ms) =>
      new Promise((resolve) => {
        const wake = (): void => {
          clearTimeout(timer);
          resolve('on');
        };
        const timer = setTimeout(() => resolve('late'), Math.min(ms, TIMER_MAX_MS)).unref();
        off.get(msisdn)?.add(wake);
      }),
  };
}
