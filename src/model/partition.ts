/** Divides work into parts for the threads. */
import type { Range } from '../foundation/shapes.ts';

/** Part `index` of `count` items in `parts` parts, which are as even as possible. */
export function part(count: number, parts: number, index: number): Range {
  const first = Math.floor((count * index) / parts);
  return { first, count: Math.floor((count * (index + 1)) / parts) - first };
}

/**
 * Interleaves lists evenly: item i of a list of n goes to (i + 1/2) / n of the whole. So any contiguous share
 * of the result holds about that share of each list, and always the same part of it. A thread that begins
 * with the same share in every phase therefore works on the same columns of the weights in all phases.
 */
export function evenly<T>(lists: readonly (readonly T[])[]): T[] {
  return lists
    .flatMap((list) => list.map((item, i) => ({ item, place: (i + 0.5) / list.length })))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
