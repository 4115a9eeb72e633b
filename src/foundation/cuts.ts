/** Sums over rows are made in cuts, and the cuts are added in order. The bits depend on both. */
import type { Range } from './shapes.ts';

/**
 * Rows of a cut. This bounds the rounding error of a full-batch gradient and the scratch of the sparse
 * kernels, and a cut's rows stay in the cache.
 */
export const longestSum = 256;

/** Goes through rows cut by cut. */
export function inCuts(rows: number, work: (cut: Range) => void): void {
  for (let first = 0; first < rows; first += longestSum) {
    work({ first, count: Math.min(longestSum, rows - first) });
  }
}
