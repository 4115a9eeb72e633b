// g = xᵀ dy, or g = g + xᵀ dy: the weight gradient of rows `first` to `first + count` of W, summed over the
// rows of the minibatch.
//
//   x  (rows, fanIn)       row-major, xStride bytes a row; x points at column `first`
//   dy (rows, panels * 8)  row-major, dyStride bytes a row
//   g  (panels, count, 8)  the block of the gradient, as the block of W lies in its panels; what is not a
//                          column becomes zero
//
//   scratch                the copy of a panel of x, and of one of dy
//
// Tile: 4 rows of W x 8 columns. If the rows of x and dy are far apart, 32 columns of each are first copied
// to where they are not. One or two columns behind whole panels go with the panel before them, in
// tiles of 10 columns. See docs/kernels.md, "Register tiles" and "V8's two compilers".

import { copyPanel, isFar } from './copy-panel';
import { twoRows } from './tile';

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
  scratch: usize,
): void {
  const panels = (columns + 7) >> 3;
  const ten = panels > 1 && columns + 6 <= panels * 8;
  const whole = ten ? panels - 2 : panels;
  if (isFar(dyStride, count)) outerCopies(x, xStride, dy, dyStride, rows, count, whole, g, add, scratch);
  else outerPanels(x, xStride, dy, dyStride, rows, count, whole, g, count * 32, add);
  if (ten) {
    dy += whole * 32;
    g += whole * count * 32;
    const last = g + count * 32;
    let k: usize = 0;
    for (; k + 4 <= count; k += 4) {
      tile4(x + k * 4, xStride, dy, dyStride, rows, g + k * 32, add, true, last + k * 32);
    }
    for (; k < count; k++) {
      tile1(x + k * 4, xStride, dy, dyStride, rows, g + k * 32, add);
      tile1(x + k * 4, xStride, dy + 32, dyStride, rows, last + k * 32, add);
    }
  }
}

// The same for whole panels, from copies: four panels of dy stay in the level-1 cache while 32 columns of x
// after another are copied, and pass over them.
function outerCopies(
  x: usize,
  xStride: usize,
  dy: usize,
  dyStride: usize,
  rows: usize,
  count: usize,
  panels: usize,
  g: usize,
  add: bool,
  scratch: usize,
): void {
  const far = scratch + rows * 128;
  for (let panel: usize = 0; panel < panels; panel += 4) {
    const some = min<usize>(panels - panel, 4);
    copyPanel(dy + panel * 32, dyStride, rows, far);
    for (let k: usize = 0; k < count; k += 32) {
      copyPanel(x + k * 4, xStride, rows, scratch);
      const from = g + (panel * count + k) * 32;
      outerPanels(scratch, 128, far, 128, rows, min<usize>(count - k, 32), some, from, count * 32, add);
    }
  }
}

// The same for whole panels, which lie panelStride bytes apart in g.
function outerPanels(
  x: usize,
  xStride: usize,
  dy: usize,
  dyStride: usize,
  rows: usize,
  count: usize,
  panels: usize,
  g: usize,
  panelStride: usize,
  add: bool,
): void {
  for (let panel: usize = 0; panel < panels; panel++) {
    let k: usize = 0;
    for (; k + 4 <= count; k += 4) {
      tile4(x + k * 4, xStride, dy, dyStride, rows, g + k * 32, add);
    }
    for (; k < count; k++) {
      tile1(x + k * 4, xStride, dy, dyStride, rows, g + k * 32, add);
    }
    g += panelStride;
    dy += 32;
  }
}

// @ts-ignore: decorator
@inline
function tile4(
  x: usize,
  xStride: usize,
  dy: usize,
  dyStride: usize,
  rows: usize,
  g: usize,
  add: bool,
  ten: bool = false,
  last: usize = 0,
): void {
  if (TURBOFAN) dy &= ~15;
  let s00 = f32x4.splat(0);
  let s01 = s00;
  let s02 = s00;
  let s10 = s00;
  let s11 = s00;
  let s20 = s00;
  let s21 = s00;
  let s22 = s00;
  let s30 = s00;
  let s31 = s00;
  let d0: v128;
  let d1: v128;
  let u: v128;
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
      u = v128.load_splat<f32>(x, 8);
      s20 = f32x4.add(s20, f32x4.mul(u, d0));
      s21 = f32x4.add(s21, f32x4.mul(u, d1));
      if (ten) s22 = f32x4.add(s22, f32x4.mul(twoRows(u, v), v128.load_splat<u64>(dy, 32)));
      v = v128.load_splat<f32>(x, 4);
      s10 = f32x4.add(s10, f32x4.mul(v, d0));
      s11 = f32x4.add(s11, f32x4.mul(v, d1));
      u = v128.load_splat<f32>(x);
      s00 = f32x4.add(s00, f32x4.mul(u, d0));
      s01 = f32x4.add(s01, f32x4.mul(u, d1));
      if (ten) s02 = f32x4.add(s02, f32x4.mul(twoRows(u, v), v128.load_splat<u64>(dy, 32)));
      x += xStride;
      dy += dyStride;
    }
    if (!TURBOFAN && x == end) break;
    // end of repeat
    left -= 8;
    if (TURBOFAN && left <= 0) break;
  }
  const none = f32x4.splat(0);
  if (TURBOFAN && ten) {
    s00 = v128.or(s00, none);
    s01 = v128.or(s01, none);
    s02 = v128.or(s02, none);
    s10 = v128.or(s10, none);
    s11 = v128.or(s11, none);
    s20 = v128.or(s20, none);
    s21 = v128.or(s21, none);
    s22 = v128.or(s22, none);
    s30 = v128.or(s30, none);
    s31 = v128.or(s31, none);
  }
  do {
    put(g, s00, s01, add);
    if (ten) put(last, v128.shuffle<i64>(s02, none, 0, 2), none, add);
    put(g + 32, s10, s11, add);
    if (ten) put(last + 32, v128.shuffle<i64>(s02, none, 1, 3), none, add);
    put(g + 64, s20, s21, add);
    if (ten) put(last + 64, v128.shuffle<i64>(s22, none, 0, 2), none, add);
    put(g + 96, s30, s31, add);
    if (ten) put(last + 96, v128.shuffle<i64>(s22, none, 1, 3), none, add);
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
