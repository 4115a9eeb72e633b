/** Sums over rows are made in cuts, and the cuts are added in order. The bits depend on both. */
import type { Range } from './shapes.ts';

/**
 * Rows of a cut. This bounds the rounding error of a full-batch gradient and the scratch of the sparse
 * kernels, and a cut's rows stay in the cache.
 */
export const longestSum = 256;

/** Goes through rows cut by cut; the first is the first of a cut. */
export function inCuts({ first, count }: Range, work: (cut: Range) => void): void {
  const end = first + count;
  for (let from = first; from < end; from += longestSum) {
    work({ first: from, count: Math.min(longestSum, end - from) });
  }
}

/** How many cuts so many rows make. */
export function cutCount(rows: number): number {
  return Math.ceil(rows / longestSum);
}
