// g = xᵀ dy, or g = g + xᵀ dy, where x is mostly zero: the weight gradient of the input layer, for rows `first`
// to `first + count` of W, summed over the rows of the minibatch.
//
//   x  (rows, fanIn)        row-major, xStride bytes a row; x points at column `first`, which is even
//   dy (rows, panels * 32)  row-major, dyStride bytes a row, zero past the last unit
//   g  (panels, count, 32)  the block of the gradient, as the block of W lies in its panels
//   lists                   scratch: one list for each pair of features, listStride bytes apart
//
// Neighbouring pixels are mostly zero in the same samples, so features go in pairs: each pair first gets the list
// of the rows in which it is not zero, in order of rows. Then 2 features x 16 columns, 8 sums, stay in
// registers while the list runs past: 2 numbers of x and 4 vectors of dy for 8 multiplications and additions.
// What is multiplied by a zero changes no sum. The lists are made once and serve all panels; a panel's columns
// of dy (128 bytes x rows) stay in the level-1 cache for all features of the block.
//
// Measured for 64 rows of MNIST x 128 columns on a Zen 4 core: 105 µs, of which 22 are for the lists: 23 GFLOP/s
// of useful work, 122 if the zeros were counted. One feature x 32 columns took 174 µs.

export function outerSparse(
  x: usize,
  xStride: usize,
  dy: usize,
  dyStride: usize,
  rows: usize,
  count: usize,
  panels: usize,
  g: usize,
  add: bool,
  lists: usize,
  listStride: usize,
): void {
  nonZeroPairs(x, xStride, dyStride, rows, (count + 1) >> 1, lists, listStride);
  for (let panel: usize = 0; panel < panels; panel++) {
    let list = lists;
    for (let k: usize = 0; k < count; k += 2) {
      const single = k + 1 == count;
      halfPanel(list, dy, g, single, add);
      halfPanel(list, dy + 64, g + 64, single, add);
      g += single ? 128 : 256;
      list += listStride;
    }
    dy += 128;
  }
}

// Two features (or the last one) x sixteen columns of g; a feature's columns are 128 bytes apart.
// @ts-ignore: decorator
@inline
function halfPanel(list: usize, dy: usize, g: usize, single: bool, add: bool): void {
  let s00 = f32x4.splat(0);
  let s01 = s00;
  let s02 = s00;
  let s03 = s00;
  let s10 = s00;
  let s11 = s00;
  let s12 = s00;
  let s13 = s00;
  const end = list + <usize>load<u32>(list);
  for (let entry = list + 16; entry < end; entry += 16) {
    const d = dy + load<u32>(entry);
    const v0 = v128.load_splat<f32>(entry, 8);
    const v1 = v128.load_splat<f32>(entry, 12);
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

// Makes the lists. A list starts with a head of 16 bytes that holds its length in bytes, head included; its entries
// are (offset of the row of dy, nothing, x of the first feature, x of the second).
// @ts-ignore: decorator
@inline
function nonZeroPairs(
  x: usize,
  xStride: usize,
  dyStride: usize,
  rows: usize,
  pairs: usize,
  lists: usize,
  listStride: usize,
): void {
  for (let pair: usize = 0; pair < pairs; pair++) store<u32>(lists + pair * listStride, 16);
  for (let first: usize = 0; first < pairs; first += 16) {
    const wanted: u32 = pairs - first < 16 ? (1 << <u32>(pairs - first)) - 1 : 65535;
    const base = lists + first * listStride;
    let at = x + first * 8;
    let offset: usize = 0;
    for (let row: usize = 0; row < rows; row++) {
      let mask = sixteenPairs(at) & wanted;
      while (mask) {
        const pair = <usize>ctz(mask);
        const list = base + pair * listStride;
        const used = <usize>load<u32>(list);
        store<u32>(list + used, offset);
        store<u64>(list + used, load<u64>(at + pair * 8), 8);
        store<u32>(list, used + 16);
        mask &= mask - 1;
      }
      at += xStride;
      offset += dyStride;
    }
  }
}

// Bit i tells whether the i-th of sixteen pairs of floats has a bit set.
// @ts-ignore: decorator
@inline
function sixteenPairs(at: usize): u32 {
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
