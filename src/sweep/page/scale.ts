/** Places of values on an axis, and the labels beside the axis. */
import { type Dimension, multiple } from '../space.ts';

/** An axis: a place from 0 to 1 for each value, and some values with their names. */
export interface Scale {
  place(value: unknown): number;
  ticks: readonly { place: number; label: string }[];
}

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
  const at = (index: number) => (names.length === 1 ? 0.5 : index / (names.length - 1));
  const labels = values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
  return {
    place: (value) => at(names.indexOf(JSON.stringify(value))),
    ticks: labels.map((label, i) => ({
      place: at(i),
      label: label.length > 14 ? `${label.slice(0, 13)}…` : label,
    })),
  };
}

/** Ticks at round numbers. */
export function numberScale(low: number, high: number, name: (value: number) => string = shortNumber): Scale {
  const step = roundStep((high - low) / 4);
  const ticks: number[] = [];
  for (let n = Math.ceil(low / step - 1e-9); n * step <= high + step * 1e-9; n++)
    ticks.push(multiple(n, step));
  const place = (value: number) => (high === low ? 0.5 : (value - low) / (high - low));
  return {
    place: (value) => Math.min(1, Math.max(0, place(value as number))),
    ticks: ticks.map((value) => ({ place: place(value), label: name(value) })),
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

/** The smallest 1, 2 or 5 times a power of ten that is not below this. */
function roundStep(least: number): number {
  if (!(least > 0)) return 1;
  const power = Math.floor(Math.log10(least));
  const digit = [1, 2, 5, 10].find((one) => one * Number(`1e${power}`) >= least * 0.999)!;
  return Number(`${digit}e${power}`);
}

function shortNumber(value: number): string {
  return String(Number(value.toPrecision(4))).replace('e-', 'e−');
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
