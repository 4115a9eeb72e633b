// g = xᵀ dy, or g = g + xᵀ dy, where x is mostly zero: the weight gradient of the input layer, for rows `first`
// to `first + count` of W, summed over the rows of the minibatch.
//
//   x  (rows, fanIn)        row-major, xStride bytes a row; x points at column `first`
//   dy (rows, panels * 32)  row-major, dyStride bytes a row, zero past the last unit
//   g  (panels, count, 32)  the block of the gradient, as the block of W lies in its panels
//   lists                   scratch: `count` lists of listStride bytes, entries (offset of a row of dy, value)
//
// Each feature first gets the list of the rows in which it is not zero, in order of rows; adding 0 dy changes no
// sum. Then 32 sums of the feature stay in 8 registers while its list runs past: 1 number of x and 8 vectors of
// dy for 8 multiplications and additions. The lists are made once and serve all panels of the block; a panel's
// columns of dy (128 bytes x rows) stay in the level-1 cache for all its features.

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
  nonZeros(x, xStride, dyStride, rows, count, lists, listStride);
  for (let panel: usize = 0; panel < panels; panel++) {
    let list = lists;
    for (let k: usize = 0; k < count; k++) {
      let s0 = f32x4.splat(0);
      let s1 = s0;
      let s2 = s0;
      let s3 = s0;
      let s4 = s0;
      let s5 = s0;
      let s6 = s0;
      let s7 = s0;
      const end = list + <usize>load<u32>(list);
      for (let entry = list + 8; entry < end; entry += 8) {
        const d = dy + load<u32>(entry);
        const v = v128.load_splat<f32>(entry, 4);
        s0 = f32x4.add(s0, f32x4.mul(v, v128.load(d)));
        s1 = f32x4.add(s1, f32x4.mul(v, v128.load(d, 16)));
        s2 = f32x4.add(s2, f32x4.mul(v, v128.load(d, 32)));
        s3 = f32x4.add(s3, f32x4.mul(v, v128.load(d, 48)));
        s4 = f32x4.add(s4, f32x4.mul(v, v128.load(d, 64)));
        s5 = f32x4.add(s5, f32x4.mul(v, v128.load(d, 80)));
        s6 = f32x4.add(s6, f32x4.mul(v, v128.load(d, 96)));
        s7 = f32x4.add(s7, f32x4.mul(v, v128.load(d, 112)));
      }
      if (add) {
        s0 = f32x4.add(v128.load(g), s0);
        s1 = f32x4.add(v128.load(g, 16), s1);
        s2 = f32x4.add(v128.load(g, 32), s2);
        s3 = f32x4.add(v128.load(g, 48), s3);
        s4 = f32x4.add(v128.load(g, 64), s4);
        s5 = f32x4.add(v128.load(g, 80), s5);
        s6 = f32x4.add(v128.load(g, 96), s6);
        s7 = f32x4.add(v128.load(g, 112), s7);
      }
      v128.store(g, s0);
      v128.store(g, s1, 16);
      v128.store(g, s2, 32);
      v128.store(g, s3, 48);
      v128.store(g, s4, 64);
      v128.store(g, s5, 80);
      v128.store(g, s6, 96);
      v128.store(g, s7, 112);
      g += 128;
      list += listStride;
    }
    dy += 128;
  }
}

// Makes the lists. A list starts with its length in bytes, this head of 8 bytes included.
// Eight features a row of x: their comparison with zero becomes 8 bits, and only the bits set cost anything.
// @ts-ignore: decorator
@inline
function nonZeros(
  x: usize,
  xStride: usize,
  dyStride: usize,
  rows: usize,
  count: usize,
  lists: usize,
  listStride: usize,
): void {
  const zero = f32x4.splat(0);
  for (let k: usize = 0; k < count; k++) store<u32>(lists + k * listStride, 8);
  for (let k: usize = 0; k < count; k += 8) {
    const valid = count - k < 8 ? (1 << <i32>(count - k)) - 1 : 255;
    const base = lists + k * listStride;
    let at = x + k * 4;
    let offset: usize = 0;
    for (let row: usize = 0; row < rows; row++) {
      const low = i32x4.bitmask(f32x4.ne(v128.load(at), zero));
      const high = i32x4.bitmask(f32x4.ne(v128.load(at, 16), zero));
      let mask = (low | (high << 4)) & valid;
      while (mask) {
        const lane = <usize>ctz(mask);
        const list = base + lane * listStride;
        const used = <usize>load<u32>(list);
        store<u32>(list + used, offset);
        store<f32>(list + used, load<f32>(at + lane * 4), 4);
        store<u32>(list, used + 8);
        mask &= mask - 1;
      }
      at += xStride;
      offset += dyStride;
    }
  }
}
