/** The axes of a chart: ranges, steps and labels. */
import type uPlot from 'uplot';
import type { Chart } from './chart.ts';
import { colour } from './colour.ts';

export function axis(unit: Chart['unit'] | 'epoch', log = false): uPlot.Axis {
  return {
    stroke: () => colour('muted'),
    font: '12px system-ui, sans-serif',
    grid: { stroke: () => colour('line'), width: 1 },
    ticks: { stroke: () => colour('line'), width: 1, size: 5 },
    ...(unit === 'epoch'
      ? { label: 'epoch', labelFont: '12px system-ui, sans-serif', labelSize: 18, size: 28, space: 44 }
      : {
          size: 58,
          space: 34,
          values: (_: uPlot, values: number[]) => (log ? logTicks(values) : ticks(unit, values)),
        }),
  };
}

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

/** Labels of a logarithmic axis. uPlot passes null where there is no room. */
function logTicks(values: readonly (number | null)[]): string[] {
  return values.map((value) =>
    value === null ? '' : String(Number(value.toPrecision(3))).replace('e-', 'e−'),
  );
}

/** Possible steps of the x axis. Parts of epochs only if figures were taken within epochs. */
export function stepsOf(x: readonly number[]): number[] {
  const whole = [1, 10, 100, 1000, 10_000].flatMap((ten) => [ten, 2 * ten, 5 * ten]);
  return x.every(Number.isInteger) ? whole : [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, ...whole];
}

/** The range of the y axis, with a little room. Losses, rates and speeds begin at 0, shares end at 100 %. */
export function range(unit: Chart['unit'], from: number | null, to: number | null): [number, number] {
  if (from === null || to === null || (from === 0 && to === 0)) return [0, 1];
  const room = Math.max((to - from) * 0.08, Math.abs(to) * 1e-3, 1e-9);
  if (unit === 'share') return [Math.max(0, from - room), Math.min(1, to + room)];
  return [from < 0 ? from - room : 0, to < 0 ? 0 : to + room];
}

/** The range of a logarithmic axis, with a little room. */
export function logRange(from: number | null, to: number | null): [number, number] {
  if (from === null || to === null) return [0.1, 1];
  const room = Math.max(1.1, (to / from) ** 0.05);
  return [from / room, to * room];
}
