// Lists the pixels of packed images that are not zero, by row for y = x W + b (sparse-rows.ts), and by pairs
// of features for g = xᵀ dy (sparse-pairs.ts).
//
//   images (rows)  where each packed image begins and where it ends, 4 bytes each; see pack-images.ts
//
// Four packed words become numbers at a time. Then an entry is one write of 16 bytes, however many of them
// are needed: the next write covers the rest. See docs/kernels.md, "Packed images".

import { pieceOf } from './sparse-rows';

// The lists of rows, one after the other. Four words on the border of two pieces go to the first. Up to 32
// bytes behind the end of the last list are written too. What it returns means nothing.
export function listRows(
  images: usize,
  rows: usize,
  fanIn: usize,
  heads: usize,
  entry: usize,
): u32 {
  const fetched = fetch(images, rows);
  const next = i32x4.splat(128);
  const piece = pieceOf(fanIn);
  for (let row: usize = 0; row < rows; row++) {
    let at = <usize>load<u32>(images);
    for (let first: usize = 0; first < fanIn; first += piece) {
      store<u32>(heads, entry);
      heads += 4;
      const begin = at;
      const end = <u32>(first + piece);
      while (pixelOf(at) < end) {
        const words = v128.load(at);
        const x = numbers(words);
        const second = secondPixels(words);
        const x1 = numbers(second);
        const offset = i32x4.shl(i32x4.shr_u(words, 16), 7);
        const offset1 = i32x4.add(offset, next);
        const a = v128.shuffle<i32>(offset, x, 0, 4, 1, 5);
        const b = v128.shuffle<i32>(offset, x, 2, 6, 3, 7);
        const a1 = v128.shuffle<i32>(offset1, x1, 0, 4, 1, 5);
        const b1 = v128.shuffle<i32>(offset1, x1, 2, 6, 3, 7);
        const two = i32x4.bitmask(i32x4.ne(second, i32x4.splat(0)));
        v128.store(entry, v128.shuffle<i64>(a, a1, 0, 2));
        entry += 8 + ((two & 1) << 3);
        v128.store(entry, v128.shuffle<i64>(a, a1, 1, 3));
        entry += 8 + ((two & 2) << 2);
        v128.store(entry, v128.shuffle<i64>(b, b1, 0, 2));
        entry += 8 + ((two & 4) << 1);
        v128.store(entry, v128.shuffle<i64>(b, b1, 1, 3));
        entry += 8 + (two & 8);
        at += 16;
      }
      // What the last four were filled up with does not count.
      if (at != begin) {
        for (let last = at - 4; pixelOf(last) == nobody; last -= 4) entry -= 8;
      }
    }
    store<u32>(heads, entry);
    heads += 4;
    images += 8;
  }
  return fetched;
}

// The lists of `pairs` pairs of features from the pair `first` on, `stride` bytes apart, for a dy of dyStride
// bytes a row. The entries of other pairs in a row go to `others`; meanwhile the head after the last one
// stands for them.
export function listPairs(
  images: usize,
  rows: usize,
  first: usize,
  pairs: usize,
  dyStride: usize,
  heads: usize,
  lists: usize,
  stride: usize,
  others: usize,
): void {
  for (let pair: usize = 0; pair < pairs; pair++) {
    store<u32>(heads + pair * 8, lists);
    store<u32>(heads + pair * 8, lists, 4);
    lists += stride;
  }
  const next = heads + pairs * 8;
  const kept = load<u64>(next);
  const firsts = i32x4.splat(<i32>first);
  const counts = i32x4.splat(<i32>pairs);
  const begin = <u32>(first * 2);
  const end = <u32>((first + pairs) * 2);
  for (let row: usize = 0; row < rows; row++) {
    const offset = i32x4.splat(<i32>(row * dyStride));
    store<u32>(next, others, 4);
    let at = <usize>load<u32>(images);
    while (pixelOf(at) < begin && pixelOf(at + 16) <= begin) at += 16;
    while (pixelOf(at) < end) {
      const words = v128.load(at);
      const pixel = i32x4.shr_u(words, 16);
      // Where the first of a pair is zero, the pixel is the second.
      const odd = i32x4.shr_s(i32x4.shl(pixel, 31), 31);
      const x = numbers(words);
      const x0 = v128.andnot(x, odd);
      const x1 = v128.bitselect(x, numbers(secondPixels(words)), odd);
      const low = v128.shuffle<i32>(x0, x1, 0, 4, 1, 5);
      const high = v128.shuffle<i32>(x0, x1, 2, 6, 3, 7);
      const pair = i32x4.min_u(i32x4.sub(i32x4.shr_u(pixel, 1), firsts), counts);
      append(heads + i32x4.extract_lane(pair, 0) * 8, v128.shuffle<i64>(low, offset, 0, 2));
      append(heads + i32x4.extract_lane(pair, 1) * 8, v128.shuffle<i64>(low, offset, 1, 2));
      append(heads + i32x4.extract_lane(pair, 2) * 8, v128.shuffle<i64>(high, offset, 0, 2));
      append(heads + i32x4.extract_lane(pair, 3) * 8, v128.shuffle<i64>(high, offset, 1, 2));
      at += 16;
    }
    images += 8;
  }
  store<u64>(next, kept);
}

// @ts-ignore: decorator
@inline
function append(head: usize, entry: v128): void {
  const at = <usize>load<u32>(head, 4);
  v128.store(at, entry);
  store<u32>(head, at + 12, 4);
}

// The index of what fills up an image, and ends it: greater than the end of any piece.
const nobody: u32 = 0xffff;

// The index of a packed word's pixel.
// @ts-ignore: decorator
@inline
function pixelOf(word: usize): u32 {
  return <u32>load<u16>(word, 2);
}

// @ts-ignore: decorator
@inline
function secondPixels(words: v128): v128 {
  return v128.and(i32x4.shr_u(words, 8), i32x4.splat(255));
}

// pixel / 255 for the pixel in the lowest byte of each word. 1 / 255 is in two parts, the first so short that
// its product is exact. That gives the correctly rounded quotient for all 256 pixels, in less time than a
// division.
// @ts-ignore: decorator
@inline
function numbers(words: v128): v128 {
  const pixel = f32x4.convert_i32x4_s(v128.and(words, i32x4.splat(255)));
  const most = f32x4.mul(pixel, f32x4.splat(reinterpret<f32>(0x3b808000)));
  return f32x4.add(most, f32x4.mul(pixel, f32x4.splat(reinterpret<f32>(0x33808081))));
}

// Reads a number of each cache line of these images: asked for one right after the other, many lines come at
// the same time. Nobody needs the result, but without it the compiler would leave out the loop.
// @ts-ignore: decorator
@inline
function fetch(images: usize, rows: usize): u32 {
  let sum: u32 = 0;
  for (let row: usize = 0; row < rows; row++) {
    const end = <usize>load<u32>(images + row * 8, 4);
    for (let at = <usize>load<u32>(images + row * 8); at < end; at += 64) sum |= load<u32>(at);
  }
  return sum;
}
