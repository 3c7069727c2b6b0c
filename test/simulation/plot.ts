import { init, use } from 'echarts/core';
import { LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, MarkLineComponent, TitleComponent } from 'echarts/components';
import { SVGRenderer } from 'echarts/renderers';
import { PROVIDERS } from './people.ts';
import type { Run } from './run.ts';

use([LineChart, GridComponent, LegendComponent, MarkLineComponent, TitleComponent, SVGRenderer]);

const LIMITS = [
  { name: 'trusted', yAxis: 80 },
  { name: 'known', yAxis: 30 },
  { name: 'watched', yAxis: 1 },
];

/** Scores by day as an SVG: one line per provider and seed, and the bands' limits. */
export function plot(runs: readonly Run[]): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: 900, height: 480 });
  chart.setOption({
    animation: false,
    title: {
      text: 'Credit scores over thirty simulated days',
      subtext: 'one line per provider and seed; dashed: where bands begin',
    },
    legend: { bottom: 0, data: PROVIDERS.map(({ name }) => name) },
    grid: { left: 50, right: 90, top: 70, bottom: 75 },
    xAxis: { type: 'category', name: 'day', nameLocation: 'middle', nameGap: 26, data: days(runs) },
    yAxis: { type: 'value', name: 'points', min: 0, max: 100 },
    color: ['#2f6fab', '#3a8f5c', '#8a6db1', '#b08a2e', '#c0392b'],
    series: PROVIDERS.flatMap(({ id, name }, provider) =>
      runs.map((run, index) => series(run, id, name, provider + index)),
    ),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

function days(runs: readonly Run[]): readonly string[] {
  const [first] = runs[0]?.scores.values() ?? [];
  return (first ?? []).map((_, day) => String(day));
}

function series(run: Run, id: string, name: string, order: number) {
  const limits = {
    silent: true,
    symbol: 'none',
    lineStyle: { type: 'dashed', color: '#999' },
    label: { formatter: '{b}' },
    data: LIMITS,
  };
  return {
    name,
    type: 'line' as const,
    symbol: 'none',
    lineStyle: { width: 1.5 },
    data: [...(run.scores.get(id) ?? [])],
    ...(order === 0 ? { markLine: limits } : {}),
  };
}
