// g = xᵀ dy, or g = g + xᵀ dy, from lists of the rows in which features of x are not zero: by itself for images, whose lists
// list-images.ts makes, and for numbers after outer-sparse.ts has listed them.
//
//   dy (rows, panels * 32)  row-major
//   g  (panels, count, 32)  the block of the gradient, as the block of W lies in its panels
//   heads                   where the list of each pair of features begins and where it ends, 4 bytes each
//
// Neighbouring pixels are mostly zero in the same samples, so features go in pairs: each pair has the list
// of the rows in which it is not zero, in order of rows. 2 features x 16 columns, 8 sums, stay in
// registers while the list runs past: 2 numbers of x and 4 vectors of dy for 8 multiplications and additions.
// What is multiplied by a zero changes no sum. A panel's columns of dy (128 bytes x rows) stay in the level-1 cache for all
// features of the block. One feature x 32 columns took 1.7 times as long; with each load beside its multiplication, as in sparse-rows.ts, a twentieth
// to a tenth less on an Intel Xeon core, which the longer lists take back.
//
// Measured for 64 rows of MNIST x 128 columns on a Zen 4 core: 74 µs, and 8 for the lists of pixels: 29 GFLOP/s of useful work,
// 156 if the zeros were counted. With rows of dy a multiple of 512 bytes apart, 128 rows took 163 µs instead of 144: see rowStride.
//
// The entries of a list are (x of the first feature, x of the second, offset of the row of dy).
//
// The lists are made of sixteen pairs at a time: a row gives sixteen bits, kept in two bytes a row, and the bits of 64 rows
// are then read the other way round, as 64 bits of one pair. A pair's list is written in one go, and only its end is a
// branch that is guessed wrong.

export function sparsePairs(
  heads: usize,
  dy: usize,
  count: usize,
  panels: usize,
  g: usize,
  add: bool,
): void {
  for (let panel: usize = 0; panel < panels; panel++) {
    let head = heads;
    for (let k: usize = 0; k < count; k += 2) {
      const single = k + 1 == count;
      const list = <usize>load<u32>(head);
      const end = <usize>load<u32>(head, 4);
      halfPanel(list, end, dy, g, single, add);
      halfPanel(list, end, dy + 64, g + 64, single, add);
      g += single ? 128 : 256;
      head += 8;
    }
    dy += 128;
  }
}

// Two features (or the last one) x sixteen columns of g; a feature's columns are 128 bytes apart.
// @ts-ignore: decorator
@inline
function halfPanel(list: usize, end: usize, dy: usize, g: usize, single: bool, add: bool): void {
  let s00 = f32x4.splat(0);
  let s01 = s00;
  let s02 = s00;
  let s03 = s00;
  let s10 = s00;
  let s11 = s00;
  let s12 = s00;
  let s13 = s00;
  for (let entry = list; entry < end; entry += 12) {
    const v0 = v128.load_splat<f32>(entry);
    const v1 = v128.load_splat<f32>(entry, 4);
    const d = dy + load<u32>(entry, 8);
    const d0 = v128.load(d);
    const d1 = v128.load(d, 16);
    const d2 = v128.load(d, 32);
    const d3 = v128.load(d, 48);
    s00 = f32x4.add(s00, f32x4.mul(v0, d0));
    s01 = f32x4.add(s01, f32x4.mul(v0, d1));
    s02 = f32x4.add(s02, f32x4.mul(v0, d2));
    s03 = f32x4.add(s03, f32x4.mul(v0, d3));
    s10 = f32x4.add(s10, f32x4.mul(v1, d0));
    s11 = f32x4.add(s11, f32x4.mul(v1, d1));
    s12 = f32x4.add(s12, f32x4.mul(v1, d2));
    s13 = f32x4.add(s13, f32x4.mul(v1, d3));
  }
  put(g, s00, s01, s02, s03, add);
  if (!single) put(g + 128, s10, s11, s12, s13, add);
}

// @ts-ignore: decorator
@inline
function put(g: usize, s0: v128, s1: v128, s2: v128, s3: v128, add: bool): void {
  if (add) {
    s0 = f32x4.add(v128.load(g), s0);
    s1 = f32x4.add(v128.load(g, 16), s1);
    s2 = f32x4.add(v128.load(g, 32), s2);
    s3 = f32x4.add(v128.load(g, 48), s3);
  }
  v128.store(g, s0);
  v128.store(g, s1, 16);
  v128.store(g, s2, 32);
  v128.store(g, s3, 48);
}

// Makes the lists of pairs of features of numbers, one after the other from `entry` on. `bits` is room for two bytes a row, and
// 128 more.
// @ts-ignore: decorator
@inline
export function nonZeroPairs(
  x: usize,
  xStride: usize,
  dyStride: usize,
  rows: usize,
  pairs: usize,
  heads: usize,
  entry: usize,
  bits: usize,
): void {
  // Zero up to a multiple of 64 rows.
  memory.fill(bits + rows * 2, 0, 128);
  for (let first: usize = 0; first < pairs; first += 16) {
    let at = x + first * 8;
    for (let row: usize = 0; row < rows; row++) {
      store<u16>(bits + row * 2, sixteenPairsOfFloats(at));
      at += xStride;
    }
    const count = min<usize>(pairs - first, 16);
    for (let pair: usize = 0; pair < count; pair++) {
      store<u32>(heads, entry);
      let values = x + (first + pair) * 8;
      for (let row: usize = 0; row < rows; row += 64) {
        let mask = sixtyFourRows(bits + row * 2, 15 - <i32>pair);
        while (mask) {
          const i = <usize>ctz(mask);
          store<u64>(entry, load<u64>(values + i * xStride));
          store<u32>(entry, (row + i) * dyStride, 8);
          entry += 12;
          mask &= mask - 1;
        }
        values += xStride * 64;
      }
      store<u32>(heads, entry, 4);
      heads += 8;
    }
  }
}

// Bit i tells whether the i-th of sixteen pairs of floats has a bit set.
// @ts-ignore: decorator
@inline
function sixteenPairsOfFloats(at: usize): u32 {
  const low = i16x8.narrow_i32x4_s(fourPairs(at), fourPairs(at + 32));
  const high = i16x8.narrow_i32x4_s(fourPairs(at + 64), fourPairs(at + 96));
  return i8x16.bitmask(i8x16.narrow_i16x8_s(low, high));
}

// @ts-ignore: decorator
@inline
function fourPairs(at: usize): v128 {
  const zero = i64x2.splat(0);
  const low = i64x2.ne(v128.load(at), zero);
  const high = i64x2.ne(v128.load(at, 16), zero);
  return v128.shuffle<i32>(low, high, 0, 2, 4, 6);
}

// Bit r is one bit of the r-th of 64 numbers of 16 bits: the one that a shift to the left by `shift` makes the sign.
// @ts-ignore: decorator
@inline
function sixtyFourRows(bits: usize, shift: i32): u64 {
  return (
    <u64>sixteenRows(bits, shift) |
    (<u64>sixteenRows(bits + 32, shift) << 16) |
    (<u64>sixteenRows(bits + 64, shift) << 32) |
    (<u64>sixteenRows(bits + 96, shift) << 48)
  );
}

// @ts-ignore: decorator
@inline
function sixteenRows(bits: usize, shift: i32): u32 {
  const low = i16x8.shl(v128.load(bits), shift);
  const high = i16x8.shl(v128.load(bits, 16), shift);
  return i8x16.bitmask(i8x16.narrow_i16x8_s(low, high));
}
