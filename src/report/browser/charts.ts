/**
 * Draws the curves of a page in the reader's browser, with uPlot, which the page contains. Colours come
 * from the style sheet, so they follow the reader's colour scheme, and they suit paper while printing.
 */
import uPlot from 'uplot';
import type { Chart, ChartSeries } from './chart.ts';

/** The present value of a colour of the style sheet. */
const colour = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`);

const formats: Record<Chart['unit'], (value: number) => string> = {
  number: (value) => String(Number(value.toPrecision(4))),
  share: (value) => `${(value * 100).toFixed(2)} %`,
  count: (value) => Math.round(value).toLocaleString('en'),
};

/** Labels of the ticks, with no more digits than their distance needs. */
function ticks(unit: Chart['unit'], values: readonly (number | null)[]): string[] {
  const [first = 0, second = first] = values.filter((value) => value !== null);
  const scale = unit === 'share' ? 100 : 1;
  const step = Math.abs(second - first) * scale;
  let digits = 0;
  while (digits < 12 && Math.abs(step - Number(step.toFixed(digits))) > step * 1e-6) digits++;
  const suffix = unit === 'share' ? ' %' : '';
  return values.map((value) => {
    if (value === null) return '';
    if (unit === 'count' && value >= 10_000) return `${Number((value / 1000).toFixed(1))}k`;
    // For small learning rates: 0.00002 is harder to read than 2e-5.
    if (digits > 4) return value === 0 ? '0' : String(Number(value.toPrecision(3))).replace('e-', 'e−');
    return `${(value * scale).toFixed(digits)}${suffix}`;
  });
}

/** Thin lines are pale, too. */
const widths = { thin: 1, thick: 3 };
const pale = '80';

function seriesOptions({ name, role, run, weight, values }: ChartSeries, unit: Chart['unit']): uPlot.Series {
  const stroke = () =>
    colour(run === undefined ? role : `run-${run}`).trim() + (weight === 'thin' ? pale : '');
  return {
    label: name,
    ...(weight ? { class: weight } : {}),
    stroke,
    width: weight ? widths[weight] : role === 'validation' ? 2 : 1.5,
    ...(role === 'training' ? { dash: [6, 4] } : {}),
    // Lines bridge epochs in which a figure was not taken.
    spanGaps: true,
    points: { show: values.length <= 30 && weight === undefined, size: 5, stroke, fill: stroke },
    value: (_, value) => (value === null || value === undefined ? '–' : formats[unit](value)),
  };
}

/** Draws a dashed line through the best epoch, its label, and a ring around each value there. */
function drawMark(plot: uPlot, { x, label }: { x: number; label: string }): void {
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio;
  const left = Math.round(plot.valToPos(x, 'x', true));
  const index = plot.data[0].indexOf(x);
  ctx.save();
  ctx.strokeStyle = ctx.fillStyle = colour('muted');
  ctx.lineWidth = ratio;
  ctx.setLineDash([3 * ratio, 3 * ratio]);
  ctx.beginPath();
  ctx.moveTo(left, bbox.top);
  ctx.lineTo(left, bbox.top + bbox.height);
  ctx.stroke();
  ctx.font = `${12 * ratio}px system-ui, sans-serif`;
  const half = ctx.measureText(label).width / 2;
  ctx.textAlign = 'center';
  ctx.textBaseline = 'bottom';
  ctx.fillText(label, Math.min(left, bbox.left + bbox.width - half), bbox.top - 3 * ratio);
  ctx.setLineDash([]);
  ctx.lineWidth = 2 * ratio;
  for (const [s, values] of plot.data.entries()) {
    const value = s === 0 ? undefined : values[index];
    if (value === null || value === undefined || !plot.series[s]!.show) continue;
    ctx.strokeStyle = colour('ink');
    ctx.beginPath();
    ctx.arc(left, plot.valToPos(value, 'y', true), 5 * ratio, 0, 2 * Math.PI);
    ctx.stroke();
  }
  ctx.restore();
}

function axis(unit: Chart['unit'] | 'epoch'): uPlot.Axis {
  return {
    stroke: () => colour('muted'),
    font: '12px system-ui, sans-serif',
    grid: { stroke: () => colour('line'), width: 1 },
    ticks: { stroke: () => colour('line'), width: 1, size: 5 },
    ...(unit === 'epoch'
      ? { label: 'epoch', labelFont: '12px system-ui, sans-serif', labelSize: 18, size: 28, space: 44 }
      : { size: 58, space: 34, values: (_: uPlot, values: number[]) => ticks(unit, values) }),
  };
}

/** A chart that is drawn, and can be given other values. */
interface DrawnChart {
  plot: uPlot;
  /** Shows the same figure with more points, or others. */
  update(chart: Chart): void;
  remove(): void;
}

function draw(given: Chart, into: HTMLElement): DrawnChart {
  let chart = given;
  const { unit, series } = given;
  const many = series.length > 2;
  const width = () => into.clientWidth;
  const last = () => chart.x.length - 1;
  const dataOf = ({ x, series }: Chart) => [x, ...series.map(({ values }) => values)] as uPlot.AlignedData;
  const plot = new uPlot(
    {
      width: width(),
      height: 240,
      padding: [20, 22, 0, 0],
      cursor: {
        ...{ sync: { key: 'epochs' }, drag: { x: true, y: false }, points: { size: 7 } },
        // Of many curves the one under the pointer stands out.
        ...(many ? { focus: { prox: 24 } } : {}),
      },
      ...(many ? { focus: { alpha: 0.25 } } : {}),
      legend: { markers: { dash: (plot, i) => (plot.series[i]!.dash ? 'dashed' : 'solid') } },
      scales: {
        // A single epoch is drawn in the middle.
        x: { time: false, range: (_, from, to) => (from === to ? [from - 1, to + 1] : [from, to]) },
        y: { range: (_, from, to) => range(unit, from, to) },
      },
      axes: [{ ...axis('epoch'), incrs: () => stepsOf(chart.x) }, axis(unit)],
      series: [
        { label: 'epoch', value: (_, value) => (value === null ? '–' : String(Number(value.toFixed(3)))) },
        ...series.map((one) => seriesOptions(one, unit)),
      ],
      hooks: {
        draw: [(plot) => chart.mark && drawMark(plot, chart.mark)],
        // While the pointer is elsewhere, the legend shows the last epoch.
        setCursor: [(plot) => plot.cursor.idx === null && plot.setLegend({ idx: last() })],
        ready: [(plot) => plot.setLegend({ idx: last() })],
      },
    },
    dataOf(given),
    into,
  );
  const resize = new ResizeObserver(() => plot.setSize({ width: width(), height: 240 }));
  resize.observe(into);
  return {
    plot,
    update(other) {
      chart = other;
      plot.setData(dataOf(other));
      if (plot.cursor.idx === null) plot.setLegend({ idx: last() });
    },
    remove() {
      resize.disconnect();
      plot.destroy();
    },
  };
}

/** Possible steps of the x axis. Parts of epochs only if figures were taken within epochs. */
function stepsOf(x: readonly number[]): number[] {
  const whole = [1, 10, 100, 1000, 10_000].flatMap((ten) => [ten, 2 * ten, 5 * ten]);
  return x.every(Number.isInteger) ? whole : [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, ...whole];
}

/** The range of the y axis, with a little room. Losses, rates and speeds begin at 0, shares end at 100 %. */
function range(unit: Chart['unit'], from: number | null, to: number | null): [number, number] {
  if (from === null || to === null || (from === 0 && to === 0)) return [0, 1];
  const room = Math.max((to - from) * 0.08, Math.abs(to) * 1e-3, 1e-9);
  if (unit === 'share') return [Math.max(0, from - room), Math.min(1, to + room)];
  return [from < 0 ? from - room : 0, to < 0 ? 0 : to + room];
}

export interface Charts {
  /** Draws the same figures with other values. Figures that came into the page, or left it, are seen to. */
  update(charts: readonly Chart[]): void;
}

/** Draws each chart into the figure of the page with `data-chart` of its title. */
export function startCharts(given: readonly Chart[]): Charts {
  const drawn = new Map<HTMLElement, DrawnChart>();
  const update = (charts: readonly Chart[]) => {
    for (const [figure, chart] of drawn) {
      if (figure.isConnected) continue;
      chart.remove();
      drawn.delete(figure);
    }
    for (const figure of document.querySelectorAll<HTMLElement>('[data-chart]')) {
      const chart = charts.find(({ title }) => title === figure.dataset.chart);
      if (!chart) continue;
      const before = drawn.get(figure);
      if (before) before.update(chart);
      else drawn.set(figure, draw(chart, figure.querySelector<HTMLElement>('.plot')!));
    }
  };
  update(given);
  const redraw = () => {
    for (const { plot } of drawn.values()) plot.redraw(false, true);
  };
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
  addEventListener('beforeprint', () => {
    document.documentElement.classList.add('paper');
    redraw();
  });
  addEventListener('afterprint', () => {
    document.documentElement.classList.remove('paper');
    redraw();
  });
  return { update };
}
