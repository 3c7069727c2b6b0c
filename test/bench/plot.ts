/**
 * Plots of a bench's JSON, as SVG without a browser: `npm run bench -- --json ... >bench.json`, then
 * `node --import tsx test/bench/plot.ts bench.json docs`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { init } from 'echarts';
import type { Round } from './round.ts';
import { spreadOf } from './usage.ts';

type Rounds = Readonly<Record<string, readonly Round[]>>;
type Point = readonly [number, number];

interface Plot {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly lines: ReadonlyMap<string, readonly Point[]>;
}

const SIZE = { width: 720, height: 420 };

/** As the help of the bench calls its rows. */
const ROWS: Readonly<Record<string, string>> = { a: 'bare echo', b: 'orderd', f: 'Kannel' };

function rowName(name: string): string {
  const [row = '', ...rest] = name.split('/');
  return [ROWS[row] ?? row, ...rest].join(', ');
}

function svgOf({ title, x, y, lines }: Plot): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, ...SIZE });
  chart.setOption({
    animation: false,
    backgroundColor: '#fff',
    title: { text: title, left: 'center' },
    legend: { bottom: 0, itemGap: 24 },
    grid: { left: 70, right: 30, top: 50, bottom: 80 },
    xAxis: { type: 'log', name: x, nameLocation: 'middle', nameGap: 28 },
    yAxis: { type: 'log', name: y },
    series: [...lines].map(([name, data]) => ({
      name: rowName(name),
      type: 'line',
      data: data.map(([at, value]) => [at, value]),
    })),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

interface Measured {
  readonly line: string;
  readonly at: number;
}

/** `b/always/1000` or `b/always/500/s`: the line and where on it; undefined under the other kind of load. */
function placeOf(name: string, kind: 'window' | 'rate'): Measured | undefined {
  const match = (kind === 'rate' ? /^(.+)\/(\d+)\/s$/ : /^(.+)\/(\d+)$/).exec(name);
  return match === null ? undefined : { line: match[1] ?? '', at: Number(match[2]) };
}

/** The median of each row under each load of that kind. */
function linesOf(rounds: Rounds, kind: 'window' | 'rate', read: (round: Round) => number): Plot['lines'] {
  const lines = new Map<string, Point[]>();
  for (const [name, each] of Object.entries(rounds)) {
    const place = placeOf(name, kind);
    if (place === undefined) continue;
    const points = lines.get(place.line) ?? [];
    lines.set(place.line, [...points, [place.at, spreadOf(each.map(read)).median]]);
  }
  return lines;
}

const [file = '', folder = 'docs'] = process.argv.slice(2);
const rounds = JSON.parse(readFileSync(file, 'utf8')) as Rounds;
const plots: Readonly<Record<string, Plot>> = {
  'bench-rate.svg': {
    title: 'Replies per second',
    x: 'window (texts without an answer)',
    y: 'replies/s',
    lines: linesOf(rounds, 'window', ({ load }) => load.rates.replies),
  },
  'bench-latency.svg': {
    title: 'Time from text to answer, p99',
    x: 'offered, orders per second (open loop)',
    y: 'ms',
    lines: linesOf(rounds, 'rate', ({ load }) => load.latency.all.p99),
  },
};
for (const [name, plot] of Object.entries(plots))
  if (plot.lines.size > 0) writeFileSync(join(folder, name), `${svgOf(plot)}\n`);
