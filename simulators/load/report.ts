/** A run's report for a person. */
import type { LoadReport } from './run.ts';
import type { Percentiles } from './tally.ts';

/** A load thread above this share of its core may be the bound itself. */
export const BUSY_LIMIT = 0.8;

const number = (value: number): string => Math.round(value).toLocaleString('en');
const ms = (value: number): string => (value < 10 ? value.toFixed(2) : value.toFixed(1));

function latencyLine(name: string, { count, p50, p90, p99, p999, max }: Percentiles): string {
  const figures = [p50, p90, p99, p999, max].map((value) => ms(value).padStart(9)).join('');
  return `  ${name.padEnd(12)}${number(count).padStart(10)}${figures}`;
}

export function reportText(report: LoadReport): string {
  const { pace, rates, latency, left, busiest, processes, measured, ocs } = report;
  const offered = pace.kind === 'window' ? `a window of ${pace.size}` : `${pace.perSecond} a second, open loop`;
  const kinds = Object.entries(latency.kinds);
  return [
    `${number(rates.replies)} replies/s, ${number(rates.receipts)} receipts/s (${offered}, ${report.seconds.toFixed(1)} s)`,
    '  ms to answer     count      p50      p90      p99    p99.9      max',
    ...(kinds.length > 1 ? kinds.map(([kind, each]) => latencyLine(kind, each)) : []),
    latencyLine('all', latency.all),
    `  refused MOs ${measured.moRefused}, throttled ${measured.throttled}, unasked texts ${measured.unasked}, USSD broken off ${measured.brokenOff}`,
    `  left at the end: ${left.unanswered} unanswered, ${left.receiptsUnacknowledged + left.receiptsUnsent} receipts`,
    ...(ocs === undefined ? [] : [`  OCS: ${JSON.stringify(ocs)}`]),
    ...Object.entries(processes).map(
      ([name, { busiest: share, rss }]) =>
        `  ${name}: busiest thread ${percent(share)} of its core, ${number(rss / 2 ** 20)} MiB`,
    ),
    busiest < BUSY_LIMIT
      ? `  the load was not the bound: ${percent(busiest)} is under ${percent(BUSY_LIMIT)}`
      : `  THE LOAD MAY BE THE BOUND: ${percent(busiest)} is not under ${percent(BUSY_LIMIT)}`,
  ].join('\n');
}

const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;
