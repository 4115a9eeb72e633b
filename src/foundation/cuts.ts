/** Sums over rows are cut, and the cuts added in order: part of what makes the bits. */
import type { Range } from './shapes.ts';

/**
 * Rows of a cut. It bounds the rounding error of a full-batch gradient, keeps a cut's rows in the cache, and bounds the
 * scratch of the sparse kernels.
 */
export const longestSum = 256;

/** Goes through rows cut by cut. */
export function inCuts(rows: number, work: (cut: Range) => void): void {
  for (let first = 0; first < rows; first += longestSum) {
    work({ first, count: Math.min(longestSum, rows - first) });
  }
}
