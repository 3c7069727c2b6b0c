/** The rounds as text tables. */
import type { Round } from './round.ts';
import { spreadOf } from './usage.ts';

const whole = (value: number): string => Math.round(value).toLocaleString('en');
const ms = (value: number): string => (value < 10 ? value.toFixed(2) : value.toFixed(1));

type Columns = readonly (readonly string[])[];

/** Markdown, its columns padded so that it reads in a terminal too. */
export function markdown(head: readonly string[], rows: Columns): string {
  const widths = head.map((title, at) => Math.max(title.length, ...rows.map((row) => (row[at] ?? '').length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join(' | ')} |`;
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(line)].join('\n');
}

const medianOf = (rounds: readonly Round[], read: (round: Round) => number): number =>
  spreadOf(rounds.map(read)).median;

/** The echo's median under the same load, where it was measured. */
function echoOf(all: ReadonlyMap<string, readonly Round[]>, name: string): number | undefined {
  const echo = all.get(`a/${name.split('/').slice(-1)[0] ?? ''}`);
  return echo === undefined || echo.length === 0 ? undefined : medianOf(echo, ({ load }) => load.rates.replies);
}

function rateRow(
  all: ReadonlyMap<string, readonly Round[]>,
  name: string,
  rounds: readonly Round[],
): readonly string[] {
  const { median, min, max } = spreadOf(rounds.map(({ load }) => load.rates.replies));
  const echo = echoOf(all, name);
  const latency = (read: (round: Round) => number): string => ms(medianOf(rounds, read));
  return [
    name,
    whole(median),
    `${whole(min)} to ${whole(max)}`,
    echo === undefined ? '' : (median / echo).toFixed(2),
    latency(({ load }) => load.latency.all.p50),
    latency(({ load }) => load.latency.all.p99),
    latency(({ load }) => load.latency.all.p999),
    latency(({ load }) => load.latency.all.max),
    `${Math.round(medianOf(rounds, ({ load }) => load.busiest) * 100)} %`,
  ];
}

function useRow(name: string, rounds: readonly Round[]): readonly string[] {
  const names = Object.keys(rounds[0]?.processes ?? {});
  const use = names.map((process) => {
    const core = medianOf(rounds, ({ processes }) => processes[process]?.core ?? 0);
    const rss = medianOf(rounds, ({ processes }) => processes[process]?.rss ?? 0);
    const micros = medianOf(rounds, ({ processes }) => processes[process]?.micros ?? 0);
    return `${process} ${Math.round(core * 100)} % ${micros.toFixed(0)} µs ${whole(rss)} MiB`;
  });
  const redis = (read: (use: NonNullable<Round['redis']>) => number): string =>
    rounds[0]?.redis === undefined
      ? ''
      : medianOf(rounds, (round) => (round.redis === undefined ? 0 : read(round.redis))).toFixed(1);
  return [
    name,
    use.join(', '),
    whole(medianOf(rounds, (round) => round.bindMs)),
    redis(({ scripts }) => scripts),
    redis(({ commands }) => commands),
    redis(({ scriptMicros }) => scriptMicros),
    redis(({ memory }) => memory),
    redis(({ received }) => received),
    redis(({ sent }) => sent),
  ];
}

function leftRow(name: string, rounds: readonly Round[]): readonly string[] {
  const sum = (read: (round: Round) => number): string =>
    whole(rounds.reduce((total, round) => total + read(round), 0));
  return [
    name,
    sum(({ load }) => load.total.dialogues),
    sum(({ load }) => load.left.unanswered),
    sum(({ load }) => load.left.receiptsUnacknowledged + load.left.receiptsUnsent),
    sum(({ load }) => load.total.moRefused),
    sum(({ load }) => load.total.unasked),
    sum(({ load }) => load.ocs?.['repeats'] ?? 0),
  ];
}

export function tableOf(all: ReadonlyMap<string, readonly Round[]>): string {
  const entries = [...all];
  return [
    markdown(
      ['row', 'replies/s', 'least to most', '/ echo', 'p50 ms', 'p99 ms', 'p99.9 ms', 'max ms', 'load'],
      entries.map(([name, rounds]) => rateRow(all, name, rounds)),
    ),
    markdown(
      [
        'row',
        'core, CPU per order, memory',
        'bind ms',
        'scripts/order',
        'commands',
        'µs in scripts',
        'octets kept',
        'octets in',
        'octets out',
      ],
      entries.map(([name, rounds]) => useRow(name, rounds)),
    ),
    markdown(
      ['row', 'orders', 'unanswered', 'receipts left', 'refused MOs', 'further texts', 'charged twice'],
      entries.map(([name, rounds]) => leftRow(name, rounds)),
    ),
  ].join('\n\n');
}
