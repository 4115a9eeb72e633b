/** Draws one chart, with uPlot. */
import uPlot from 'uplot';
import { axis, logRange, range, stepsOf } from './axes.ts';
import type { Chart } from './chart.ts';
import { colour } from './colour.ts';
import type { Look } from './controls.ts';
import { dataOf, isLog, linesOf } from './lines.ts';

/** A chart that is drawn, and can be given other values. */
export interface DrawnChart {
  plot: uPlot;
  /** Shows the same figure with more points, or others. False if it has to be drawn anew for that. */
  update(chart: Chart): boolean;
  /** What it shows. */
  chart(): Chart;
  remove(): void;
}

/** `hidden`: names of series that the reader has switched off. */
export function draw(given: Chart, into: HTMLElement, look: Look, hidden: Set<string>): DrawnChart {
  let chart = given;
  const { unit, series } = given;
  const log = isLog(given, look);
  const width = () => into.clientWidth;
  const last = () => chart.x.length - 1;
  const lines = linesOf(given, look).map((line) => ({ ...line, show: !hidden.has(line.label as string) }));
  const plot = new uPlot(
    {
      width: width(),
      height: 240,
      padding: [20, 14, 0, 0],
      cursor: { sync: { key: 'epochs' }, drag: { x: true, y: false }, points: { size: 7 } },
      scales: {
        // A single epoch is drawn in the middle.
        x: { time: false, range: (_, from, to) => (from === to ? [from - 1, to + 1] : [from, to]) },
        y: log
          ? { distr: 3, range: (_, from, to) => logRange(from, to) }
          : { range: (_, from, to) => range(unit, from, to) },
      },
      axes: [{ ...axis('epoch'), incrs: () => stepsOf(chart.x) }, axis(unit, log)],
      series: [
        { label: 'epoch', value: (_, value) => (value === null ? '–' : String(Number(value.toFixed(3)))) },
        ...lines,
      ],
      hooks: {
        draw: [(plot) => chart.mark && drawMark(plot, chart.mark, series.length)],
        // While the pointer is elsewhere, the legend shows the last epoch.
        setCursor: [(plot) => plot.cursor.idx === null && plot.setLegend({ idx: last() })],
        ready: [(plot) => plot.setLegend({ idx: last() })],
        setSeries: [
          (plot, s, { show }) => {
            if (s === null || show === undefined) return;
            const { label } = plot.series[s]!;
            if (show) hidden.delete(label as string);
            else hidden.add(label as string);
            // The faint line goes with the smoothed one.
            if (s > series.length) plot.setSeries(s - series.length, { show });
          },
        ],
      },
    },
    dataOf(given, look, log),
    into,
  );
  const resize = new ResizeObserver(() => plot.setSize({ width: width(), height: 240 }));
  resize.observe(into);
  return {
    plot,
    update(other) {
      if (isLog(other, look) !== log) return false;
      chart = other;
      plot.setData(dataOf(other, look, log));
      if (plot.cursor.idx === null) plot.setLegend({ idx: last() });
      return true;
    },
    chart: () => chart,
    remove() {
      resize.disconnect();
      plot.destroy();
    },
  };
}

/** Draws a dashed line through the best epoch, its label, and a ring around each value there. */
function drawMark(plot: uPlot, { x, label }: { x: number; label: string }, series: number): void {
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
  for (let s = 1; s <= series; s++) {
    const value = plot.data[s]?.[index];
    if (value === null || value === undefined || !plot.series[s]!.show) continue;
    ctx.strokeStyle = colour('ink');
    ctx.beginPath();
    ctx.arc(left, plot.valToPos(value, 'y', true), 5 * ratio, 0, 2 * Math.PI);
    ctx.stroke();
  }
  ctx.restore();
}
