// g = xᵀ dy, or g = g + xᵀ dy: the weight gradient of rows `first` to `first + count` of W, summed over the
// rows of the minibatch.
//
//   x  (rows, fanIn)       row-major, xStride bytes a row; x points at column `first`
//   dy (rows, panels * 8)  row-major, dyStride bytes a row
//   g  (panels, count, 8)  the block of the gradient, as the block of W lies in its panels; what is not a column becomes zero
//
// Tile: 4 rows of W x 8 columns. The 8 sums stay in registers and run over the rows of the minibatch in order:
// each loads 4 numbers of x and 2 vectors of dy for 8 multiplications and additions. A turn of the loop is eight rows, and the order of
// the lines is as V8's two compilers need it: see tile.ts.
//
// Measured on a Zen 4 core, which does 59 GFLOP/s at most: 51 for 128 rows of 128 x 128 from the level-2 cache, also in Node 24; two rows
// a turn 47, one 42. Rows a multiple of 512 bytes apart would take a tenth longer, see rowStride. 128 rows of 512 numbers lie in more
// pages than a core finds at once: 44.
//
// A last panel of at most 4 columns takes tiles of 8 rows of W x 4 columns, see affine.ts: 35 useful GFLOP/s instead of 29 for 128 -> 10 on
// an Intel Xeon core, which does 47 at most.

export function outer(
  x: usize,
  xStride: usize,
  dy: usize,
  dyStride: usize,
  rows: usize,
  count: usize,
  columns: usize,
  g: usize,
  add: bool,
): void {
  const whole = (columns + 3) >> 3;
  outerPanels(x, xStride, dy, dyStride, rows, count, whole, g, add);
  if (whole * 8 < columns) {
    dy += whole * 32;
    g += whole * count * 32;
    for (; count >= 8; count -= 8) {
      tile8(x, xStride, dy, dyStride, rows, g, add);
      x += 8 * 4;
      g += 8 * 32;
    }
    outerPanels(x, xStride, dy, dyStride, rows, count, 1, g, add);
  }
}

// The same for whole panels.
function outerPanels(
  x: usize,
  xStride: usize,
  dy: usize,
  dyStride: usize,
  rows: usize,
  count: usize,
  panels: usize,
  g: usize,
  add: bool,
): void {
  for (let panel: usize = 0; panel < panels; panel++) {
    let k: usize = 0;
    for (; k + 4 <= count; k += 4) {
      tile4(x + k * 4, xStride, dy, dyStride, rows, g, add);
      g += 4 * 32;
    }
    for (; k < count; k++) {
      tile1(x + k * 4, xStride, dy, dyStride, rows, g, add);
      g += 32;
    }
    dy += 32;
  }
}

// @ts-ignore: decorator
@inline
function tile4(x: usize, xStride: usize, dy: usize, dyStride: usize, rows: usize, g: usize, add: bool): void {
  if (TURBOFAN) dy &= ~15;
  let s00 = f32x4.splat(0);
  let s01 = s00;
  let s10 = s00;
  let s11 = s00;
  let s20 = s00;
  let s21 = s00;
  let s30 = s00;
  let s31 = s00;
  let d0: v128;
  let d1: v128;
  let v: v128;
  let left: isize = rows;
  const end = x + rows * xStride;
  while (TURBOFAN || x != end) {
    // repeat: k = 0 to 7
    if (!TURBOFAN || left > k) {
      d0 = v128.load(dy);
      d1 = v128.load(dy, 16);
      v = v128.load_splat<f32>(x, 12);
      s30 = f32x4.add(s30, f32x4.mul(v, d0));
      s31 = f32x4.add(s31, f32x4.mul(v, d1));
      v = v128.load_splat<f32>(x, 8);
      s20 = f32x4.add(s20, f32x4.mul(v, d0));
      s21 = f32x4.add(s21, f32x4.mul(v, d1));
      v = v128.load_splat<f32>(x, 4);
      s10 = f32x4.add(s10, f32x4.mul(v, d0));
      s11 = f32x4.add(s11, f32x4.mul(v, d1));
      v = v128.load_splat<f32>(x);
      s00 = f32x4.add(s00, f32x4.mul(v, d0));
      s01 = f32x4.add(s01, f32x4.mul(v, d1));
      x += xStride;
      dy += dyStride;
    }
    if (!TURBOFAN && x == end) break;
    // end of repeat
    left -= 8;
    if (TURBOFAN && left <= 0) break;
  }
  do {
    put(g, s00, s01, add);
    put(g + 32, s10, s11, add);
    put(g + 64, s20, s21, add);
    put(g + 96, s30, s31, add);
  } while (TURBOFAN && left > 0);
}

// 8 rows of W x 4 columns, for a last panel of which at most half are units; the other 4 columns become zero.
// @ts-ignore: decorator
@inline
function tile8(x: usize, xStride: usize, dy: usize, dyStride: usize, rows: usize, g: usize, add: bool): void {
  if (TURBOFAN) dy &= ~15;
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let s4 = s0;
  let s5 = s0;
  let s6 = s0;
  let s7 = s0;
  let d: v128;
  let left: isize = rows;
  const end = x + rows * xStride;
  while (TURBOFAN || x != end) {
    // repeat: k = 0 to 7
    if (!TURBOFAN || left > k) {
      d = v128.load(dy);
      s7 = f32x4.add(s7, f32x4.mul(v128.load_splat<f32>(x, 28), d));
      s6 = f32x4.add(s6, f32x4.mul(v128.load_splat<f32>(x, 24), d));
      s5 = f32x4.add(s5, f32x4.mul(v128.load_splat<f32>(x, 20), d));
      s4 = f32x4.add(s4, f32x4.mul(v128.load_splat<f32>(x, 16), d));
      s3 = f32x4.add(s3, f32x4.mul(v128.load_splat<f32>(x, 12), d));
      s2 = f32x4.add(s2, f32x4.mul(v128.load_splat<f32>(x, 8), d));
      s1 = f32x4.add(s1, f32x4.mul(v128.load_splat<f32>(x, 4), d));
      s0 = f32x4.add(s0, f32x4.mul(v128.load_splat<f32>(x), d));
      x += xStride;
      dy += dyStride;
    }
    if (!TURBOFAN && x == end) break;
    // end of repeat
    left -= 8;
    if (TURBOFAN && left <= 0) break;
  }
  const none = f32x4.splat(0);
  do {
    put(g, s0, none, add);
    put(g + 32, s1, none, add);
    put(g + 64, s2, none, add);
    put(g + 96, s3, none, add);
    put(g + 128, s4, none, add);
    put(g + 160, s5, none, add);
    put(g + 192, s6, none, add);
    put(g + 224, s7, none, add);
  } while (TURBOFAN && left > 0);
}

// @ts-ignore: decorator
@inline
function tile1(x: usize, xStride: usize, dy: usize, dyStride: usize, rows: usize, g: usize, add: bool): void {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  for (let row: usize = 0; row < rows; row++) {
    const v = v128.load_splat<f32>(x);
    s0 = f32x4.add(s0, f32x4.mul(v, v128.load(dy)));
    s1 = f32x4.add(s1, f32x4.mul(v, v128.load(dy, 16)));
    x += xStride;
    dy += dyStride;
  }
  put(g, s0, s1, add);
}

// @ts-ignore: decorator
@inline
function put(g: usize, s0: v128, s1: v128, add: bool): void {
  if (add) {
    s0 = f32x4.add(v128.load(g), s0);
    s1 = f32x4.add(v128.load(g, 16), s1);
  }
  v128.store(g, s0);
  v128.store(g, s1, 16);
}
