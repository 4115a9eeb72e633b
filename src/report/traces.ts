/** Curves of several runs in one chart: over one axis of epochs, and thinned if there are too many points. */
import type { Chart, ChartSeries } from './browser/chart.ts';
import { extremesOf, type Stretch, stretchesOf } from './extremes.ts';

/** Epochs, ascending, and the values there. */
export type Points = readonly (readonly [epoch: number, value: number])[];

/** A curve, with epochs of its own. */
export interface Trace extends Omit<ChartSeries, 'values'> {
  points: Points;
}

/** The most epochs that a chart has: more than it has pixels. Of many curves it has fewer. */
const most = { epochs: 1000, numbers: 60_000, least: 60 };

/** The chart of these curves. If it is thinned, its note says so. */
export function chartOf(
  { title, note, unit }: Pick<Chart, 'title' | 'note' | 'unit'>,
  traces: readonly Trace[],
): Chart {
  const all = [...new Set(traces.flatMap(({ points }) => points.map(([epoch]) => epoch)))].sort(
    (a, b) => a - b,
  );
  const room = Math.max(most.least, Math.min(most.epochs, Math.floor(most.numbers / traces.length)));
  const whole = all.length <= room;
  const parts = whole ? all.map((_, i) => ({ from: i, to: i + 1 })) : partsOf(all.length, room);
  const x = parts.flatMap(({ from, to }) => (to - from === 1 ? [all[from]!] : [all[from]!, all[to - 1]!]));
  const place = new Map(all.map((epoch, i) => [epoch, i]));
  const series = traces.map(({ points, ...rest }): ChartSeries => {
    const values = new Array<number | null>(all.length).fill(null);
    for (const [epoch, value] of points) {
      if (Number.isFinite(value)) values[place.get(epoch)!] = value;
    }
    return {
      ...rest,
      values: parts.flatMap(({ from, to }) => extremes(values.slice(from, to))).map(rounded),
    };
  });
  const thinned = `the lowest and the highest of every ${Math.round((2 * all.length) / room)} points`;
  return { title, note: whole ? note : `${note}; ${thinned}`, unit, x, series };
}

/** Rounds to six digits, more than a chart can show. */
const rounded = (value: number | null) => (value === null ? null : Number(value.toPrecision(6)));

/** At most so many points of a curve, the lowest and the highest of each part of it among them. */
export function peaksOf(points: Points, room: number): Points {
  if (points.length <= room) return points;
  return partsOf(points.length, room).flatMap(({ from, to }) => {
    const part = points.slice(from, to);
    const [low, high] = extremesOf(part.map(([, value]) => value));
    if (low < 0) return [];
    return low === high ? [part[low]!] : [part[Math.min(low, high)]!, part[Math.max(low, high)]!];
  });
}

/** Parts of about the same length. The first and the last point are parts of their own. */
function partsOf(length: number, room: number): Stretch[] {
  const inner = stretchesOf(1, length - 1, Math.floor((room - 2) / 2));
  return [{ from: 0, to: 1 }, ...inner, { from: length - 1, to: length }];
}

/** The lowest and the highest value of a part, in the order in which they come. So no peak is lost. */
function extremes(values: readonly (number | null)[]): (number | null)[] {
  if (values.length === 1) return [values[0]!];
  const [low, high] = extremesOf(values);
  if (low < 0) return [null, null];
  if (low === high) return low < values.length / 2 ? [values[low]!, null] : [null, values[low]!];
  return low < high ? [values[low]!, values[high]!] : [values[high]!, values[low]!];
}
