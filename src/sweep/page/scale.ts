/** The axes of a sweep's charts: of a parameter, and of the objective. */
import { numberScale, type Scale, shortNumber } from '../../report/page/axis.ts';
import { shortValue } from '../figure-text.ts';
import type { Dimension } from '../space.ts';

/** The axis of a parameter. `seen` are the values that occurred. */
export function scaleOf(dimension: Dimension, seen: readonly unknown[]): Scale {
  if (dimension.kind === 'choice') return listScale(dimension.values);
  const numbers = seen as number[];
  const [low, high] =
    dimension.kind === 'interval'
      ? [dimension.min, dimension.max]
      : [Math.min(...numbers), Math.max(...numbers)];
  return dimension.kind === 'interval' && dimension.scale === 'log'
    ? logScale(low, high)
    : numberScale(low, high);
}

function listScale(values: readonly unknown[]): Scale {
  const names = values.map((value) => JSON.stringify(value));
  // Not at the ends, where there is no room for words.
  const at = (index: number) => (index + 0.5) / names.length;
  const labels = values.map(shortValue);
  return {
    place: (value) => at(names.indexOf(JSON.stringify(value))),
    ticks: labels.map((label, i) => ({
      place: at(i),
      label: label.length > 14 ? `${label.slice(0, 13)}…` : label,
    })),
  };
}

/** Ticks at powers of ten, or if the range is short, at 1, 2 and 5 times powers of ten. */
function logScale(low: number, high: number): Scale {
  const place = (value: number) => Math.log(value / low) / Math.log(high / low);
  const few = Math.log10(high / low) < 2;
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
    for (const digit of few ? [1, 2, 5] : [1]) ticks.push(Number(`${digit}e${power}`));
  }
  return {
    place: (value) => Math.min(1, Math.max(0, place(value as number))),
    ticks: ticks
      .filter((value) => value >= low * 0.999 && value <= high * 1.001)
      .map((value) => ({ place: place(value), label: shortNumber(value) })),
  };
}

/**
 * The objective's values that a chart shows. The worst tenth is cut off, because it would squeeze all others.
 */
export function shownRange(
  values: readonly number[],
  goal: 'minimize' | 'maximize',
): [low: number, high: number] {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))]!;
  const [low, high] = goal === 'maximize' ? [at(0.1), at(1)] : [at(0), at(0.9)];
  const room = (high - low) * 0.06 || Math.abs(high) * 0.01 || 1;
  return [low - room, high + room];
}
