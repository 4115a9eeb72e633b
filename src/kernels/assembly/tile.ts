// The register tile of the dense products: 4 rows x 8 or 10 columns of  y = a + x W.
//
//   x       4 rows, xStride bytes apart; `steps` contracted floats each, at least one
//   W       (steps, 8), contiguous
//   a0, a1  (4 + 4) where every row's sums start
//   y       4 rows of 8, yStride bytes apart
//
// With `more` the sums start with what is in y.
//
// With `ten` there are two columns more, those of a second panel. y then has 16 columns, the last 6 zero.
//
//   W2      (steps, 8), of which the first 2 columns are read
//   a2      (2, 2) where the sums of these columns start, twice
//
// The order of the lines, and what stands behind TURBOFAN, is for V8: see docs/kernels.md, "Register tiles"
// and "V8's two compilers".

// @ts-ignore: decorator
@inline
export function tile4(
  x: usize,
  xStride: usize,
  W: usize,
  steps: usize,
  a0: v128,
  a1: v128,
  y: usize,
  yStride: usize,
  ten: bool = false,
  W2: usize = 0,
  a2: v128 = f32x4.splat(0),
  more: bool = false,
): void {
  if (TURBOFAN) {
    x &= ~3;
    W &= ~15;
    if (ten) W2 &= ~15;
  }
  let s00 = more ? v128.load(y) : a0;
  let s01 = more ? v128.load(y, 16) : a1;
  let s10 = more ? v128.load(y + yStride) : a0;
  let s11 = more ? v128.load(y + yStride, 16) : a1;
  let s20 = more ? v128.load(y + 2 * yStride) : a0;
  let s21 = more ? v128.load(y + 2 * yStride, 16) : a1;
  let s30 = more ? v128.load(y + 3 * yStride) : a0;
  let s31 = more ? v128.load(y + 3 * yStride, 16) : a1;
  let s02 = a2;
  let s22 = a2;
  let x1 = x + xStride;
  let x2 = x1 + xStride;
  let x3 = x2 + xStride;
  let w0: v128;
  let w1: v128;
  let u: v128;
  let v: v128;
  let left: isize = steps;
  const last = x + steps * 4 - 4;
  while (TURBOFAN || x <= last) {
    // repeat: k = 0 to 7
    if (!TURBOFAN || left > k) {
      w0 = v128.load(W, 32 * k);
      w1 = v128.load(W, 32 * k + 16);
      v = v128.load_splat<f32>(x3, 4 * k);
      s30 = f32x4.add(s30, f32x4.mul(v, w0));
      s31 = f32x4.add(s31, f32x4.mul(v, w1));
      u = v128.load_splat<f32>(x2, 4 * k);
      s20 = f32x4.add(s20, f32x4.mul(u, w0));
      s21 = f32x4.add(s21, f32x4.mul(u, w1));
      if (ten) s22 = f32x4.add(s22, f32x4.mul(twoRows(u, v), v128.load_splat<u64>(W2, 32 * k)));
      v = v128.load_splat<f32>(x1, 4 * k);
      s10 = f32x4.add(s10, f32x4.mul(v, w0));
      s11 = f32x4.add(s11, f32x4.mul(v, w1));
      u = v128.load_splat<f32>(x, 4 * k);
      s00 = f32x4.add(s00, f32x4.mul(u, w0));
      s01 = f32x4.add(s01, f32x4.mul(u, w1));
      if (ten) s02 = f32x4.add(s02, f32x4.mul(twoRows(u, v), v128.load_splat<u64>(W2, 32 * k)));
    }
    if (!TURBOFAN && x == last - 4 * k) break;
    // end of repeat
    x += 32;
    x1 += 32;
    x2 += 32;
    x3 += 32;
    W += 256;
    if (ten) W2 += 256;
    left -= 8;
    if (TURBOFAN && left <= 0) break;
  }
  const none = f32x4.splat(0);
  if (TURBOFAN) {
    s00 = v128.or(s00, none);
    s01 = v128.or(s01, none);
    s10 = v128.or(s10, none);
    s11 = v128.or(s11, none);
    s20 = v128.or(s20, none);
    s21 = v128.or(s21, none);
    s30 = v128.or(s30, none);
    s31 = v128.or(s31, none);
    if (ten) {
      s02 = v128.or(s02, none);
      s22 = v128.or(s22, none);
    }
  }
  do {
    put(y, s00, s01, v128.shuffle<i64>(s02, none, 0, 2), ten);
    y += yStride;
    put(y, s10, s11, v128.shuffle<i64>(s02, none, 1, 3), ten);
    y += yStride;
    put(y, s20, s21, v128.shuffle<i64>(s22, none, 0, 2), ten);
    y += yStride;
    put(y, s30, s31, v128.shuffle<i64>(s22, none, 1, 3), ten);
  } while (TURBOFAN && left > 0);
}

// @ts-ignore: decorator
@inline
function put(y: usize, s0: v128, s1: v128, s2: v128, ten: bool): void {
  v128.store(y, s0);
  v128.store(y, s1, 16);
  if (ten) {
    v128.store(y, s2, 32);
    v128.store(y, f32x4.splat(0), 48);
  }
}

// A number of one row, twice, and a number of another, twice.
// @ts-ignore: decorator
@inline
export function twoRows(u: v128, v: v128): v128 {
  return v128.shuffle<i32>(u, v, 0, 1, 6, 7);
}

// One row x 8 columns, for the rows that are left over. Its sums are made in the same order.
// @ts-ignore: decorator
@inline
export function tile1(x: usize, W: usize, steps: usize, a0: v128, a1: v128, y: usize): void {
  let s0 = a0;
  let s1 = a1;
  for (const end = x + steps * 4; x < end; ) {
    const v = v128.load_splat<f32>(x);
    s0 = f32x4.add(s0, f32x4.mul(v, v128.load(W)));
    s1 = f32x4.add(s1, f32x4.mul(v, v128.load(W, 16)));
    x += 4;
    W += 32;
  }
  v128.store(y, s0);
  v128.store(y, s1, 16);
}
