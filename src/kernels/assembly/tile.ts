// The register tile of the dense products: 4 rows x 8 columns of  y = a + x W.
//
//   x  4 rows, xStride bytes apart; `steps` contracted floats each, at least one
//   W  (steps, 8), contiguous
//   y  4 rows of 8, yStride bytes apart; a0, a1 (4 + 4) is where every row's sums start
//
// The 8 sums stay in registers (x64 has 16, V8 keeps one for itself). A step loads 2 vectors of W and 4 numbers of
// x for 8 multiplications and 8 additions. Not arithmetic is the limit but that a core starts six instructions at a time: 22 for a
// step, and those that move five pointers, compare, and ask V8 whether the thread shall stop. So a turn of the loop is eight steps:
// scripts/unroll.mjs writes what is to be repeated eight times, with 0 to 7 for k.
//
// V8 makes a graph of these lines and orders the instructions anew. If nothing stood between the steps, it would load the numbers of all
// of them first and keep sums in memory; an exit after each step prevents it. That is enough for the compiler of V8 13 (Node 24). The
// older one, TurboFan (Node 20 and 22), follows each sum back to where it begins and puts its instructions as late as it can, so all six
// loads of a step would come first, which takes 5 % longer. It goes row by row, load, multiply, add, with what is here for TURBOFAN
// (a constant that scripts/build.mjs gives), none of which changes a bit:
//
//   if (left > k)    The sums of a step end where the `if` does, so a step is ordered for itself: backwards, from s00 on, and a load
//                    follows when its products and all later loads have their places. With row 0 last, each stays beside its row.
//   or with none     What is stored is not a sum of the last step, whose order would be turned round otherwise.
//   & ~3, & ~15      The upper halves of these addresses are zero, and V8 knows it: no instruction in each step clears them.
//   a loop of stores It runs once. At its beginning V8 asks whether the thread shall stop, and keeps the register for that over the
//                    loop above rather than loading it in each step.
//
// Measured on a Zen 4 core, which does 59 GFLOP/s at most (bench/support/peak.mjs), from the level-1 cache: 51, in Node 24 52; one step
// a turn 42, two 47. On an Intel Xeon core, which does 47 at most: 46. `npm run bench -- roofline` shows other orders in assembly. Other
// tiles, 4 x 12 and 5 x 8, take longer: V8 keeps sums in memory.

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
): void {
  if (TURBOFAN) {
    x &= ~3;
    W &= ~15;
    if (ten) W2 &= ~15;
  }
  let s00 = a0;
  let s01 = a1;
  let s10 = a0;
  let s11 = a1;
  let s20 = a0;
  let s21 = a1;
  let s30 = a0;
  let s31 = a1;
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
      if (ten) s22 = f32x4.add(s22, f32x4.mul(v128.shuffle<i32>(u, v, 0, 1, 6, 7), v128.load_splat<u64>(W2, 32 * k)));
      v = v128.load_splat<f32>(x1, 4 * k);
      s10 = f32x4.add(s10, f32x4.mul(v, w0));
      s11 = f32x4.add(s11, f32x4.mul(v, w1));
      u = v128.load_splat<f32>(x, 4 * k);
      s00 = f32x4.add(s00, f32x4.mul(u, w0));
      s01 = f32x4.add(s01, f32x4.mul(u, w1));
      if (ten) s02 = f32x4.add(s02, f32x4.mul(v128.shuffle<i32>(u, v, 0, 1, 6, 7), v128.load_splat<u64>(W2, 32 * k)));
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
