/** How work is divided, so that each thread gets its part. */
import type { Range } from '../foundation/shapes.ts';

/** Part `index` of `count` in `parts` parts, as even as can be. */
export function part(count: number, parts: number, index: number): Range {
  const first = Math.floor((count * index) / parts);
  return { first, count: Math.floor((count * (index + 1)) / parts) - first };
}

/**
 * Spreads lists over one: each item of a list of n stands where (i + 1/2) / n of the whole is, so that any contiguous share
 * of the result has about that share of each list, and always the same part of it. A thread that begins with the same
 * share in every phase so meets the same columns of the weights in all of them.
 */
export function evenly<T>(lists: readonly (readonly T[])[]): T[] {
  return lists
    .flatMap((list) => list.map((item, i) => ({ item, place: (i + 0.5) / list.length })))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
