// Moves the places of a field by alpha times smoothed noise: a Gaussian blur of random numbers, along the
// columns, then along the rows, as if the image were repeated on all sides.
//
//   right, down  (height * width, padded to whole vectors)  places, changed
//   weights      (radius + 1)    of the window, from its middle on
//   noise        (2, plane)      rows of `stride` = width padded to 4; above and below the image a margin of
//                                `radius` rows
//   line         (2, lineSize)   a row of both planes, with margins
//   moved        (2, movedSize)  displacements, as dense as the field
//   words        (16)            scratch
//
// One random word gives the noise of both directions, and one loop blurs both, so that each weight is loaded
// once for the two. The two pixels at the same distance are added before the product. Each sum runs from the
// middle outwards.

import { sixteenWords } from './philox';

export function elasticField(
  right: usize,
  down: usize,
  height: usize,
  width: usize,
  alpha: f32,
  weights: usize,
  radius: usize,
  noise: usize,
  stride: usize,
  plane: usize,
  line: usize,
  lineSize: usize,
  moved: usize,
  movedSize: usize,
  sample: u32,
  epoch: u32,
  use: u32,
  key0: u32,
  key1: u32,
  words: usize,
): void {
  const image = noise + radius * stride * 4;
  drawNoise(image, image + plane * 4, height * stride, sample, epoch, use, key0, key1, words);
  for (let p: usize = 0; p < 2; p++) repeatRows(image + p * plane * 4, height, stride * 4, radius);

  const second = line + lineSize * 4;
  const middle = line + radius * 4;
  for (let i: usize = 0; i < height; i++) {
    blur(image + i * stride * 4, plane * 4, stride * 4, weights, radius, middle, lineSize * 4, stride);
    repeatEnds(middle, width, radius);
    repeatEnds(second + radius * 4, width, radius);
    // The last vector of a row may reach into the next, which is written later.
    blur(middle, lineSize * 4, 4, weights, radius, moved + i * width * 4, movedSize * 4, width);
  }

  const factor = f32x4.splat(alpha);
  const otherMoved = moved + movedSize * 4;
  for (let at: usize = 0; at < height * width * 4; at += 16) {
    const x = f32x4.mul(factor, v128.load(moved + at));
    v128.store(right + at, f32x4.add(v128.load(right + at), x));
    const y = f32x4.mul(factor, v128.load(otherMoved + at));
    v128.store(down + at, f32x4.add(v128.load(down + at), y));
  }
}

// Uniform numbers in (-1, 1), exact: odd multiples of 2^-16. May write up to 15 more than `count`.
// @ts-ignore: decorator
@inline
function drawNoise(
  right: usize,
  down: usize,
  count: usize,
  sample: u32,
  epoch: u32,
  use: u32,
  key0: u32,
  key1: u32,
  words: usize,
): void {
  for (let i: usize = 0; i < count; i += 16) {
    sixteenWords(words, i, sample, epoch, use, key0, key1);
    for (let at: usize = 0; at < 64; at += 16) {
      const four = v128.load(words + at);
      const low = v128.and(four, i32x4.splat(0xffff));
      v128.store(right + i * 4 + at, uniform(low));
      v128.store(down + i * 4 + at, uniform(i32x4.shr_u(four, 16)));
    }
  }
}

// @ts-ignore: decorator
@inline
function uniform(bits: v128): v128 {
  const centred = f32x4.sub(f32x4.convert_i32x4_s(bits), f32x4.splat(32767.5));
  return f32x4.mul(centred, f32x4.splat(1.0 / 32768.0));
}

// Repeats `rows` rows of `size` bytes on both sides, as far as the margins go; as many at a time as are
// there.
// @ts-ignore: decorator
@inline
function repeatRows(first: usize, rows: usize, size: usize, margin: usize): void {
  for (let done: usize = 0; done < margin; done += rows) {
    const count = min(margin - done, rows);
    memory.copy(first - (done + count) * size, first + rows * size - (done + count) * size, count * size);
    memory.copy(first + (rows + done) * size, first + done * size, count * size);
  }
}

// The same for the numbers of a row.
// @ts-ignore: decorator
@inline
function repeatEnds(first: usize, count: usize, margin: usize): void {
  const end = first + count * 4;
  for (let at: usize = 0; at < margin * 4; at += 4) {
    f32.store(end + at, f32.load(first + at));
    f32.store(first - 4 - at, f32.load(end - 4 - at));
  }
}

// y = weights[0] x + the sum over k of weights[k] (x at k steps back + x at k steps ahead), for `count`
// numbers, padded to whole vectors, of two planes.
// @ts-ignore: decorator
@inline
function blur(
  x: usize,
  plane: usize,
  step: usize,
  weights: usize,
  radius: usize,
  y: usize,
  outPlane: usize,
  count: usize,
): void {
  for (let at: usize = 0; at < count * 4; at += 16) {
    let back = x + at;
    let ahead = back;
    let weight = v128.load32_splat(weights);
    let a = f32x4.mul(weight, v128.load(back));
    let b = f32x4.mul(weight, v128.load(back + plane));
    const last = weights + radius * 4;
    for (let w = weights + 4; w <= last; w += 4) {
      back -= step;
      ahead += step;
      weight = v128.load32_splat(w);
      a = f32x4.add(a, f32x4.mul(weight, f32x4.add(v128.load(back), v128.load(ahead))));
      b = f32x4.add(b, f32x4.mul(weight, f32x4.add(v128.load(back + plane), v128.load(ahead + plane))));
    }
    v128.store(y + at, a);
    v128.store(y + at + outPlane, b);
  }
}
