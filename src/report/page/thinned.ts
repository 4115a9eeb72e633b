/**
 * Fewer points for a long chart. A screen has some hundred columns of pixels, and a page of 10,000 epochs
 * must not be hundreds of times as large. What a reader looks for stays: peaks and dips, both ends, the best
 * epoch.
 */
import type { Chart } from '../browser/chart.ts';
import { placesOf } from '../extremes.ts';

/** The most points of a chart. */
export const mostPoints = 2000;

/** The chart with at most `most` points. One that is short enough comes back as it is. */
export function thinned(chart: Chart, most: number = mostPoints): Chart {
  const { x, series, mark } = chart;
  if (x.length <= most) return chart;
  const marked = mark ? x.indexOf(mark.x) : -1;
  const places = placesOf(
    series.map(({ values }) => values),
    { length: x.length, most, also: marked < 0 ? [] : [marked] },
  );
  return {
    ...chart,
    x: places.map((place) => x[place]!),
    series: series.map((one) => ({ ...one, values: places.map((place) => one.values[place]!) })),
  };
}
