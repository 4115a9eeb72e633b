// g = xᵀ dy, or g = g + xᵀ dy, where x are the pixels of images that are listed, see list-images.ts and sparse-pairs.ts.
//
//   starts  where the list of the first pair of features begins, and so on, 4 bytes each
//   dy, g   as in outer-sparse.ts; dy points at the first of `panels` panels

import { sparsePairs } from './sparse-pairs';

export function outerPixels(
  starts: usize,
  dy: usize,
  count: usize,
  panels: usize,
  g: usize,
  add: bool,
): void {
  sparsePairs(starts, dy, count, panels, g, add);
}
