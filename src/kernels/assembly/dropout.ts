// y = x scale where the column's random word is at least `threshold`, else 0, for one row. y may be x.
//
//   x, y   (columns)  padded with zeros to whole panels, that is to 32
//   words  (16)       this thread's scratch
//
// The mask is never stored: going backward, the same call makes it again. The factor 0 is multiplied, not
// selected, so that a NaN goes on.

import { sixteenWords } from './philox';

export function dropout(
  x: usize,
  y: usize,
  columns: usize,
  threshold: u32,
  scale: f32,
  sample: u32,
  epoch: u32,
  use: u32,
  key0: u32,
  key1: u32,
  words: usize,
): void {
  const least = i32x4.splat(threshold);
  const kept = f32x4.splat(scale);
  for (let column: usize = 0; column < columns; column += 16) {
    sixteenWords(words, column, sample, epoch, use, key0, key1);
    for (let at: usize = 0; at < 64; at += 16) {
      const factor = v128.and(kept, i32x4.ge_u(v128.load(words + at), least));
      v128.store(y + column * 4 + at, f32x4.mul(v128.load(x + column * 4 + at), factor));
    }
  }
}
