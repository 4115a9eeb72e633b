/**
 * Fewer points for long curves. A screen has some hundred columns of pixels, and a page of 10,000 epochs must
 * not be hundreds of times as large. What a reader looks for stays: peaks and dips, both ends, the best epoch.
 */
import type { Chart, ChartSeries } from '../browser/chart.ts';

/** The most points of a chart. */
export const mostPoints = 2000;

/**
 * The chart with at most `most` points: of each stretch of epochs those where a series is least or largest,
 * the first and the last one, the ends of each series, and the marked one. A chart that is short enough comes
 * back as it is. (A `most` below four points a series is exceeded.)
 */
export function thinned(chart: Chart, most: number = mostPoints): Chart {
  const { x, series, mark } = chart;
  if (x.length <= most) return chart;
  const kept = new Set([0, x.length - 1]);
  const marked = mark ? x.indexOf(mark.x) : -1;
  if (marked >= 0) kept.add(marked);
  for (const { values } of series) for (const end of endsOf(values)) kept.add(end);
  const stretches = Math.max(1, Math.floor((most - kept.size) / (2 * series.length)));
  for (let s = 0; s < stretches; s++) {
    const [from, to] = [s, s + 1].map((n) => Math.floor((n * x.length) / stretches));
    for (const { values } of series) for (const extreme of extremesOf(values, from!, to!)) kept.add(extreme);
  }
  const places = [...kept].sort((a, b) => a - b);
  return {
    ...chart,
    x: places.map((place) => x[place]!),
    series: series.map((one) => ({ ...one, values: places.map((place) => one.values[place]!) })),
  };
}

/** Where the first and the last figure are, if there is any. */
function endsOf(values: ChartSeries['values']): number[] {
  const first = values.findIndex((value) => value !== null);
  return first < 0 ? [] : [first, values.findLastIndex((value) => value !== null)];
}

/** Where the least and the largest figure from `from` to before `to` are, of equal ones the first. */
function extremesOf(values: ChartSeries['values'], from: number, to: number): number[] {
  let [least, largest] = [-1, -1];
  for (let i = from; i < to; i++) {
    const value = values[i]!;
    if (value === null) continue;
    if (least < 0 || value < values[least]!) least = i;
    if (largest < 0 || value > values[largest]!) largest = i;
  }
  return least < 0 ? [] : [least, largest];
}
