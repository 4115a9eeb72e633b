/**
 * Points drawn at random. A value is a function of the sweep's seed, the trial's number and the parameter's
 * path, so it does not depend on the time, the thread or the other parameters.
 */
import { exp, log } from '../foundation/exact.ts';
import { type Stream, stream } from '../foundation/random.ts';
import { type Dimension, type Interval, multiple, type Parameters, quantaOf } from './space.ts';

/** The point of a trial. `attempt` distinguishes draws for the same trial. */
export function randomPoint(
  dimensions: readonly Dimension[],
  seed: number,
  number: number,
  attempt = 0,
): Parameters {
  return Object.fromEntries(
    dimensions.map((dimension) => [
      dimension.path,
      draw(dimension, stream(seed, 'sweep', dimension.path, number, attempt)),
    ]),
  );
}

/** Draws a value from a dimension's own distribution. */
export function draw(dimension: Dimension, random: Stream): unknown {
  switch (dimension.kind) {
    case 'choice':
      return dimension.values[drawIndex(dimension.probabilities, random.uniform())];
    case 'normal':
      return quantized(dimension.mu + dimension.sigma * random.normal(), dimension.quantum);
    case 'interval': {
      const { low, high } = bounds(dimension);
      return valueAt(dimension, low + (high - low) * random.uniform());
    }
  }
}

/** The index whose share of [0, 1) contains `u`. */
export function drawIndex(probabilities: readonly number[], u: number): number {
  let reached = 0;
  for (const [index, share] of probabilities.entries()) {
    reached += share;
    if (u < reached) return index;
  }
  // Rounding left a sliver above the sum. It belongs to the last value that can occur.
  return probabilities.findLastIndex((share) => share > 0);
}

/**
 * An interval as numbers are drawn from it: logarithms where it is logarithmic, and half a quantum more on
 * either side where there is one, so that every multiple of a linear interval is equally likely.
 */
export function bounds(interval: Interval): { low: number; high: number } {
  const { scale, quantum } = interval;
  let { min, max } = interval;
  if (quantum !== undefined) {
    const { first, last } = quantaOf(interval);
    min = (first - 0.5) * quantum;
    max = (last + 0.5) * quantum;
    // A logarithmic interval has no zero, and nothing below half its first multiple that rounds to it.
    if (scale === 'log') min = Math.max(min, interval.min / 2);
  }
  return scale === 'log' ? { low: log(min), high: log(max) } : { low: min, high: max };
}

/** The value of an interval at a place between its bounds. */
export function valueAt(interval: Interval, place: number): number {
  const value = interval.scale === 'log' ? exp(place) : place;
  if (interval.quantum === undefined) return Math.min(interval.max, Math.max(interval.min, value));
  const { first, last } = quantaOf(interval);
  const count = Math.min(last, Math.max(first, Math.round(value / interval.quantum)));
  return multiple(count, interval.quantum);
}

/** The place of a value between the bounds of its interval. */
export function placeOf(interval: Interval, value: number): number {
  return interval.scale === 'log' ? log(value) : value;
}

export function quantized(value: number, quantum: number | undefined): number {
  return quantum === undefined ? value : multiple(Math.round(value / quantum), quantum);
}
