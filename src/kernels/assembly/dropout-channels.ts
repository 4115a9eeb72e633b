// y = x scale in the channels whose random word is at least `threshold`, else 0, for one image. y may be x.
//
//   x, y   (places, channels)
//   words  (16)       this thread's scratch
//
// As in dropout.ts, the mask is never stored, and the factor 0 is multiplied.

import { sixteenWords } from './philox';

export function dropoutChannels(
  x: usize,
  y: usize,
  columns: usize,
  channels: usize,
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
  for (let first: usize = 0; first < channels; first += 16) {
    sixteenWords(words, first, sample, epoch, use, key0, key1);
    for (let at: usize = 0; at < 64; at += 16) {
      v128.store(words + at, v128.and(kept, i32x4.ge_u(v128.load(words + at), least)));
    }
    const some = channels - first < 16 ? channels - first : 16;
    for (let place = first; place < columns; place += channels) {
      let c: usize = 0;
      for (; c + 4 <= some; c += 4) {
        const at = (place + c) * 4;
        v128.store(y + at, f32x4.mul(v128.load(x + at), v128.load(words + c * 4)));
      }
      for (; c < some; c++) {
        const at = (place + c) * 4;
        store<f32>(y + at, load<f32>(x + at) * load<f32>(words + c * 4));
      }
    }
  }
}
