/**
 * The tree-structured Parzen estimator. The best few of the trials so far give one density, the rest give
 * another, and the next point is one where the first is large compared with the second.
 *
 * Bergstra, Bardenet, Bengio, Kégl: Algorithms for Hyper-Parameter Optimization, NeurIPS 2011, section 4.
 * As there, each parameter has its own densities. Points of the same batch have no results yet and count
 * among the rest, so that a batch does not search one place only ("constant liar").
 */
import { erfc, exp, log } from '../foundation/exact.ts';
import { type Stream, stream } from '../foundation/random.ts';
import { bounds, drawIndex, placeOf, quantized, randomPoint, valueAt } from './random.ts';
import type { Choice, Dimension, Interval, Normal, Parameters } from './space.ts';

/** Number of trials that are drawn at random, before there is enough to learn from. */
const startup = 10;

/**
 * Number of trials whose points are known before anything is trained: the batches that begin before there is
 * enough to learn from.
 */
export function certainTrials(batch: number): number {
  return batch * Math.ceil(startup / batch);
}

/** Number of points drawn from the density of the good trials. The one with the best quotient is taken. */
const candidates = 24;

/** Number of good ones among `count` trials. The share shrinks as more trials are near the best. */
function goodOf(count: number): number {
  return Math.min(25, Math.ceil(0.25 * Math.sqrt(count)) + 1);
}

export interface Known {
  /** Points of earlier batches, the best first. */
  ranked: readonly Parameters[];
  /** Points of this batch so far. */
  pending: readonly Parameters[];
}

/** The point of a trial. `attempt` distinguishes draws for the same trial. */
export function bayesPoint(
  dimensions: readonly Dimension[],
  seed: number,
  number: number,
  attempt: number,
  { ranked, pending }: Known,
): Parameters {
  if (ranked.length < startup) return randomPoint(dimensions, seed, number, attempt);
  const count = goodOf(ranked.length);
  const good = ranked.slice(0, count);
  const rest = [...ranked.slice(count), ...pending];
  return Object.fromEntries(
    dimensions.map((dimension) => {
      const { path } = dimension;
      const random = stream(seed, 'sweep', path, number, attempt);
      const of = (points: readonly Parameters[]) => points.map((point) => point[path]);
      return [path, suggest(dimension, of(good), of(rest), random)];
    }),
  );
}

/** The candidate with the largest quotient of its density among the good values and among the rest. */
function suggest(
  dimension: Dimension,
  good: readonly unknown[],
  rest: readonly unknown[],
  random: Stream,
): unknown {
  if (dimension.kind === 'choice') {
    if (dimension.values.length === 1) return dimension.values[0];
    const among = shares(dimension, good);
    const beside = shares(dimension, rest);
    const drawn = Array.from({ length: candidates }, () => drawIndex(among, random.uniform()));
    return dimension.values[best(drawn, (index) => log(among[index]!) - log(beside[index]!))];
  }
  const among = estimate(dimension, good as number[]);
  const beside = estimate(dimension, rest as number[]);
  const drawn = Array.from({ length: candidates }, () => valueFor(dimension, sample(among, random)));
  return best(drawn, (value) => {
    const place = placeIn(dimension, value);
    return logDensity(among, place) - logDensity(beside, place);
  });
}

/** The first item with the largest score. */
function best<Item>(items: readonly Item[], score: (item: Item) => number): Item {
  let [found] = items as [Item];
  let highest = Number.NEGATIVE_INFINITY;
  for (const item of items) {
    const now = score(item);
    if (now > highest) {
      highest = now;
      found = item;
    }
  }
  return found;
}

/** The probability of each value of a list, from its prior and from how often it occurred (section 4.2). */
function shares({ values, probabilities }: Choice, occurred: readonly unknown[]): number[] {
  const names = values.map((value) => JSON.stringify(value));
  const counts = names.map(() => 0);
  for (const value of occurred) counts[names.indexOf(JSON.stringify(value))]! += 1;
  const total = values.length + occurred.length;
  return probabilities.map((share, i) => (values.length * share + counts[i]!) / total);
}

/** A mixture of normal distributions of equal weight, cut off at the ends of the interval. */
interface Mixture {
  low: number;
  high: number;
  /** `mass` is what lies within the interval. */
  parts: readonly { mean: number; width: number; mass: number }[];
}

/**
 * A normal distribution on each value, as wide as the larger distance to its neighbours, and one over the
 * whole interval, the prior.
 */
function estimate(dimension: Interval | Normal, values: readonly number[]): Mixture {
  const { low, high, middle, spread } = frameOf(dimension);
  const places = values.map((value) => placeIn(dimension, value));
  const all = [...places, middle].sort((a, b) => a - b);
  const narrowest = spread / Math.min(100, all.length + 1);
  const widthOf = (place: number): number => {
    const at = all.indexOf(place);
    const left = at > 0 ? place - all[at - 1]! : place - low;
    const after = all.lastIndexOf(place);
    const right = after < all.length - 1 ? all[after + 1]! - place : high - place;
    const distance = Math.max(...[left, right].filter(Number.isFinite), 0);
    return Math.min(spread, Math.max(narrowest, distance));
  };
  const part = (mean: number, width: number) => ({
    mean,
    width,
    mass: below((high - mean) / width) - below((low - mean) / width),
  });
  return {
    low,
    high,
    parts: [part(middle, spread), ...places.map((place) => part(place, widthOf(place)))],
  };
}

function frameOf(dimension: Interval | Normal): {
  low: number;
  high: number;
  middle: number;
  spread: number;
} {
  if (dimension.kind === 'normal') {
    const { mu, sigma } = dimension;
    return { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY, middle: mu, spread: sigma };
  }
  const { low, high } = bounds(dimension);
  return { low, high, middle: (low + high) / 2, spread: high - low };
}

function placeIn(dimension: Interval | Normal, value: number): number {
  return dimension.kind === 'interval' ? placeOf(dimension, value) : value;
}

function valueFor(dimension: Interval | Normal, place: number): number {
  return dimension.kind === 'interval' ? valueAt(dimension, place) : quantized(place, dimension.quantum);
}

/** A place from the mixture; what falls outside of the interval is drawn again. */
function sample({ low, high, parts }: Mixture, random: Stream): number {
  const { mean, width } = parts[random.below(parts.length)]!;
  for (;;) {
    const place = mean + width * random.normal();
    if (place >= low && place <= high) return place;
  }
}

function logDensity({ parts }: Mixture, place: number): number {
  let sum = 0;
  for (const { mean, width, mass } of parts) {
    const z = (place - mean) / width;
    sum += exp((-z * z) / 2) / (width * mass);
  }
  return log(sum / parts.length);
}

/** The share of a standard normal distribution below z. */
function below(z: number): number {
  if (z === Number.NEGATIVE_INFINITY) return 0;
  if (z === Number.POSITIVE_INFINITY) return 1;
  return erfc(-z / Math.SQRT2) / 2;
}
