import type { Promised, Violation } from './audit.ts';
import { PROMISES } from './audit.ts';
import type { Caught, Outcome } from './session.ts';

type Print = (line: string) => void;

const COLUMNS = Object.keys(PROMISES) as Promised[];
const SHOWN = 40;

/** The table: fault, runs, orders, violations per promise. */
export function report(
  { met, violations, lost, deadLetters, starts, failedStarts, slowestRest, skipped }: Outcome,
  { seed, seconds }: { readonly seed: number; readonly seconds: number },
  print: Print,
): void {
  print(
    `\n${'fault'.padEnd(66)}${'runs'.padStart(6)}${'orders'.padStart(8)}${COLUMNS.map((one) => one.padStart(4)).join('')}`,
  );
  for (const [name, { runs, orders }] of [...met].sort(([a], [b]) => (a < b ? -1 : 1))) {
    print(`${name.padEnd(66)}${String(runs).padStart(6)}${String(orders).padStart(8)}${counts(violations, name)}`);
  }
  const total = [...met.values()].reduce((sum, one) => ({
    runs: sum.runs + one.runs,
    orders: sum.orders + one.orders,
  }));
  print(`${'all'.padEnd(66)}${String(total.runs).padStart(6)}${String(total.orders).padStart(8)}${counts(violations)}`);
  for (const [promise, means] of Object.entries(PROMISES)) print(`  ${promise}  ${means}`);
  for (const { promise, fault, about, what } of violations.slice(0, SHOWN))
    print(`${promise}  ${fault}: ${about}: ${what}`);
  if (violations.length > SHOWN) print(`and ${violations.length - SHOWN} more`);
  for (const why of skipped) print(`NOTICE skipped: ${why}`);
  const sorted = [...starts].sort((a, b) => a - b);
  const at = (share: number): string =>
    `${((sorted[Math.floor((sorted.length - 1) * share)] ?? 0) / 1000).toFixed(1)} s`;
  print(
    `seed ${seed}: ${violations.length} violations in ${seconds} s; ${starts.length} starts (${failedStarts} tried again), ready after ${at(0.5)} ` +
      `(median), ${at(1)} (longest); at rest ${slowestRest} s after the last fault; ${deadLetters} dead letters; ` +
      `${lost} findings where power loss under everysec takes what it may`,
  );
}

function counts(violations: readonly Violation[], fault?: string): string {
  const of = (promise: Promised): number =>
    violations.filter((one) => one.promise === promise && (fault === undefined || one.fault === fault)).length;
  return COLUMNS.map((promise) => String(of(promise)).padStart(4)).join('');
}

/** Returns how many were not caught. */
export function reportBroken(builds: readonly Caught[], print: Print): number {
  for (const { name, caught, found } of builds) {
    const kinds = [...new Set(found.map(({ promise }) => promise))].join(', ');
    print(
      `${caught ? 'caught' : 'MISSED'}  broken build: ${name}; ${found.length} violations of ${kinds === '' ? 'nothing' : kinds}`,
    );
  }
  return builds.filter(({ caught }) => !caught).length;
}
