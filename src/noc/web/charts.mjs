import * as echarts from './vendor/echarts.mjs';

/** Charts in the page's own colours. Tooltips are drawn, not marked up: the page's policy allows no inline style. */

/** @param {string} name of a colour in app.css */
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

function base() {
  const text = colour('muted');
  return {
    animation: false,
    aria: { enabled: true },
    textStyle: { color: text, fontFamily: 'system-ui, sans-serif' },
    grid: { left: 8, right: 12, top: 34, bottom: 4, containLabel: true },
    // One line that turns over: more names than fit must not lie upon the plot.
    legend: {
      type: 'scroll',
      top: 0,
      left: 0,
      right: 12,
      itemWidth: 12,
      itemHeight: 10,
      itemGap: 16,
      textStyle: { color: text },
    },
    tooltip: {
      trigger: 'axis',
      renderMode: 'richText',
      backgroundColor: colour('raised'),
      borderColor: colour('line'),
      textStyle: { color: colour('text') },
    },
  };
}

const axis = () => ({
  axisLine: { lineStyle: { color: colour('line') } },
  axisLabel: { color: colour('muted') },
  splitLine: { lineStyle: { color: colour('line') } },
});

/**
 * A place for one chart that follows size and theme.
 * @param {HTMLElement} place @param {() => object} option asked for again whenever colours change
 */
export function chart(place, option) {
  const drawn = echarts.init(place, null, { renderer: 'svg' });
  const draw = () => drawn.setOption({ ...base(), ...option() }, true);
  const size = new ResizeObserver(() => drawn.resize());
  size.observe(place);
  globalThis.addEventListener('theme', draw);
  draw();
  return {
    draw,
    end() {
      size.disconnect();
      globalThis.removeEventListener('theme', draw);
      drawn.dispose();
    },
  };
}

/**
 * Names in the legend what there was: an end that no order came to would turn the others over to its second page.
 * @typedef {readonly (readonly [name: string, key: string, colour: string])[]} Series
 * @param {readonly import('../board/tally.ts').Minute[]} minutes @param {Series} all
 */
export function perMinute(minutes, all) {
  const seen = all.filter(([, key]) => minutes.some(({ counts }) => (counts[key] ?? 0) > 0));
  const series = seen.length > 0 ? seen : all.slice(0, 1);
  /** @param {number} at epoch ms */
  const label = (at) => new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', hour12: false });
  return {
    xAxis: { type: 'category', data: minutes.map(({ at }) => label(at)), ...axis(), splitLine: { show: false } },
    yAxis: { type: 'value', minInterval: 1, ...axis() },
    series: series.map(([name, key, tone]) => ({
      name,
      type: 'bar',
      stack: 'all',
      barCategoryGap: '20%',
      itemStyle: { color: colour(tone) },
      data: minutes.map(({ counts }) => counts[key] ?? 0),
    })),
  };
}

/**
 * @param {readonly import('../provider-view.ts').ScoreAt[]} history
 * @param {import('../provider-view.ts').ProviderBook['bands']} bands
 */
export function scoreLine(history, bands) {
  const tones = ['c4', 'c2', 'c6', 'c5'];
  const rising = [...bands].sort((a, b) => a.from - b.from);
  return {
    legend: { show: false },
    grid: { left: 8, right: 16, top: 12, bottom: 4, containLabel: true },
    xAxis: { type: 'time', ...axis(), splitLine: { show: false } },
    yAxis: { type: 'value', min: 0, max: 100, ...axis(), splitLine: { show: false } },
    series: [
      {
        name: 'credit',
        type: 'line',
        step: 'end',
        showSymbol: history.length < 40,
        symbolSize: 5,
        lineStyle: { color: colour('c1'), width: 2 },
        itemStyle: { color: colour('c1') },
        data: history.map(({ at, score }) => [at, score]),
        markArea: {
          silent: true,
          label: { position: 'insideLeft', color: colour('muted') },
          data: rising.map(({ name, from }, index) => {
            const to = rising[index + 1]?.from ?? 100;
            const tone = colour(tones[index % tones.length] ?? 'c1');
            // A band too thin for its name would write it across the axis.
            return [
              { name, yAxis: from, itemStyle: { color: tone, opacity: 0.1 }, label: { show: to - from >= 8 } },
              { yAxis: to },
            ];
          }),
        },
      },
    ],
  };
}
