// g = the sums of dy by channel over places and rows, or g = g + them: the gradient of a convolution's bias.
//
//   dy (rows, places, channels)  dyStride bytes a row; dy points at the first channel
//   g  (count)                   padded to whole vectors, which stay zero
//
// Each row's places are summed by themselves in reading order, and the rows' sums are added in order. A
// vector at the end of a place reaches into the next: what is not a channel is left out of it.

import { inside } from './lanes';

export function channelSums(
  dy: usize, dyStride: i32,
  places: i32, channels: i32,
  rows: i32, count: i32,
  g: usize, add: bool,
): void {
  const place = channels * 4;
  let at = 0;
  for (; at + 16 <= count; at += 16) {
    let t0 = f32x4.splat(0);
    let t1 = t0;
    let t2 = t0;
    let t3 = t0;
    let from = dy + at * 4;
    for (let row = 0; row < rows; row++) {
      let s0 = f32x4.splat(0);
      let s1 = s0;
      let s2 = s0;
      let s3 = s0;
      let p = from;
      for (let left = places; left > 0; left--) {
        s0 = f32x4.add(s0, v128.load(p));
        s1 = f32x4.add(s1, v128.load(p, 16));
        s2 = f32x4.add(s2, v128.load(p, 32));
        s3 = f32x4.add(s3, v128.load(p, 48));
        p += place;
      }
      t0 = f32x4.add(t0, s0);
      t1 = f32x4.add(t1, s1);
      t2 = f32x4.add(t2, s2);
      t3 = f32x4.add(t3, s3);
      from += dyStride;
    }
    put(g + at * 4, t0, add);
    put(g + at * 4 + 16, t1, add);
    put(g + at * 4 + 32, t2, add);
    put(g + at * 4 + 48, t3, add);
  }
  for (; at < count; at += 4) {
    let t = f32x4.splat(0);
    let from = dy + at * 4;
    for (let row = 0; row < rows; row++) {
      let s = f32x4.splat(0);
      let p = from;
      for (let left = places; left > 0; left--) {
        s = f32x4.add(s, v128.load(p));
        p += place;
      }
      t = f32x4.add(t, s);
      from += dyStride;
    }
    put(g + at * 4, v128.and(t, inside(at * 4, count)), add);
  }
}

// @ts-ignore: decorator
@inline
function put(g: usize, s: v128, add: bool): void {
  v128.store(g, add ? f32x4.add(v128.load(g), s) : s);
}
