/**
 * Fewer points for long curves: a curve is cut into stretches, and of each its lowest and highest value stay.
 * So no peak and no dip is lost, however few points are left.
 */

/** The values of a curve; null where there is none. */
export type Values = readonly (number | null)[];

export interface Stretch {
  from: number;
  /** After its last place. */
  to: number;
}

/** So many stretches of about the same length, which together are the places `from` to before `to`. */
export function stretchesOf(from: number, to: number, count: number): Stretch[] {
  const cut = (i: number) => from + Math.floor((i * (to - from)) / count);
  return Array.from({ length: count }, (_, i) => ({ from: cut(i), to: cut(i + 1) }));
}

/** Where the lowest and the highest value of a stretch are, of equal ones the first; -1 if it has none. */
export function extremesOf(
  values: Values,
  { from, to }: Stretch = { from: 0, to: values.length },
): [low: number, high: number] {
  let [low, high] = [-1, -1];
  for (let i = from; i < to; i++) {
    const value = values[i];
    if (value === null || value === undefined) continue;
    if (low < 0 || value < values[low]!) low = i;
    if (high < 0 || value > values[high]!) high = i;
  }
  return [low, high];
}

/**
 * At most `most` places, ascending, from which these curves look as from all of their `length` places: of
 * each stretch the extremes of each curve, both ends of each curve, the first and the last place, and `also`.
 * (A `most` below four places a curve is exceeded.)
 */
export function placesOf(
  curves: readonly Values[],
  { length, most, also = [] }: { length: number; most: number; also?: Iterable<number> },
): number[] {
  const kept = new Set([0, length - 1, ...also]);
  for (const values of curves) {
    const first = values.findIndex((value) => value !== null);
    if (first < 0) continue;
    kept.add(first);
    kept.add(values.findLastIndex((value) => value !== null));
  }
  const count = Math.max(1, Math.floor((most - kept.size) / (2 * curves.length)));
  for (const stretch of stretchesOf(0, length, count)) {
    for (const values of curves) {
      for (const place of extremesOf(values, stretch)) if (place >= 0) kept.add(place);
    }
  }
  return [...kept].sort((a, b) => a - b);
}
