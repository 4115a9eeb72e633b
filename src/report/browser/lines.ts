/** The lines of a chart: how they look, and where they run. */
import type uPlot from 'uplot';
import type { Chart, ChartSeries } from './chart.ts';
import { colour } from './colour.ts';
import type { Look } from './controls.ts';
import { smoothed } from './smoothing.ts';

const formats: Record<Chart['unit'], (value: number) => string> = {
  number: (value) => String(Number(value.toPrecision(4))),
  share: (value) => `${(value * 100).toFixed(2)} %`,
  count: (value) => Math.round(value).toLocaleString('en'),
};

function seriesOptions({ name, role, values }: ChartSeries, unit: Chart['unit']): uPlot.Series {
  return {
    label: name,
    stroke: () => colour(role),
    width: role === 'validation' ? 2 : 1.5,
    ...(role === 'training' ? { dash: [6, 4] } : {}),
    // Lines bridge epochs in which a figure was not taken.
    spanGaps: true,
    points: { show: values.length <= 30, size: 5, stroke: () => colour(role), fill: () => colour(role) },
    value: (_, value) => textOf(unit, value),
  };
}

const textOf = (unit: Chart['unit'], value: number | null | undefined) =>
  value === null || value === undefined ? '–' : formats[unit](value);

/**
 * The lines of a chart. If they are smoothed, the figures themselves stay as faint lines, and the legend
 * names both.
 */
export function linesOf({ unit, series }: Chart, { smoothing }: Look): uPlot.Series[] {
  const own = series.map((one) => seriesOptions(one, unit));
  if (smoothing === 0) return own;
  return [
    ...own.map((line) => ({ ...line, alpha: 0.3, class: 'raw' })),
    ...own.map(
      (line): uPlot.Series => ({
        ...line,
        points: { show: false },
        value: (plot, value, s, at) => {
          const raw = at === null ? undefined : plot.data[s - series.length]?.[at];
          return `${textOf(unit, raw)} (smoothed ${textOf(unit, value)})`;
        },
      }),
    ),
  ];
}

export function dataOf({ x, series }: Chart, { smoothing }: Look, log: boolean): uPlot.AlignedData {
  const own = series.map(({ values }) =>
    log ? values.map((value) => (value !== null && value > 0 ? value : null)) : values,
  );
  const smooth = smoothing === 0 ? [] : own.map((values) => smoothed(values, smoothing));
  return [x, ...own, ...smooth] as uPlot.AlignedData;
}

/** A logarithm needs numbers above 0; shares and counts are read as they are. */
export function isLog({ unit, series }: Chart, look: Look): boolean {
  const values = series.flatMap(({ values }) => values.filter((value) => value !== null));
  return look.log && unit === 'number' && values.some((v) => v > 0) && values.every((v) => v >= 0);
}
