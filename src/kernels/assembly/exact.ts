// Exponential, logarithm and their kin for four floats, from operations whose bits WebAssembly fixes.
// Polynomials and constants are those of Cephes (expf.c, logf.c; S. Moshier), evaluated without fused
// operations. The error bounds are in the titles of test/kernels/exact.test.ts and
// smooth-activations.test.ts.

// e^x for x <= 0; below -69 (e^x < 2^-100) the result is 0, which keeps subnormal numbers out of every
// gradient.
// @ts-ignore: decorator
@inline
export function expNegative(x: v128): v128 {
  const tooSmall = f32x4.lt(x, f32x4.splat(-69));
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.44269504088896341)));
  const e = f32x4.add(exponentialLessOne(reduced(x, n)), f32x4.splat(1));
  return v128.andnot(f32x4.mul(e, powerOfTwo(n)), tooSmall);
}

// e^(x + low) for x <= 0 and |low| < 0.1, where low holds digits that x has no room for; 0 for x below -69.
// @ts-ignore: decorator
@inline
export function expNegativeSum(x: v128, low: v128): v128 {
  const tooSmall = f32x4.lt(x, f32x4.splat(-69));
  const n = f32x4.nearest(f32x4.mul(f32x4.add(x, low), f32x4.splat(1.44269504088896341)));
  const e = f32x4.add(exponentialLessOne(f32x4.add(reduced(x, n), low)), f32x4.splat(1));
  return v128.andnot(f32x4.mul(e, powerOfTwo(n)), tooSmall);
}

// ln(1 + x) for 0 <= x <= 1, without loss of digits near 0: x - (h - s (h + R)) with h = x^2 / 2,
// s = x / (2 + x) and R = 2 s^2 / 3 + 2 s^4 / 5 + ... (fdlibm, s_log1p.c). s^2 is at most 1 / 9, so the first
// term left out, 2 s^16 / 17, is below 3e-9, and a third of it would be in the result.
// @ts-ignore: decorator
@inline
export function log1p4(x: v128): v128 {
  const s = f32x4.div(x, f32x4.add(x, f32x4.splat(2)));
  const z = f32x4.mul(s, s);
  let r = f32x4.splat(0.13333333333333333);
  r = f32x4.add(f32x4.mul(r, z), f32x4.splat(0.15384615384615385));
  r = f32x4.add(f32x4.mul(r, z), f32x4.splat(0.18181818181818182));
  r = f32x4.add(f32x4.mul(r, z), f32x4.splat(0.2222222222222222));
  r = f32x4.add(f32x4.mul(r, z), f32x4.splat(0.2857142857142857));
  r = f32x4.add(f32x4.mul(r, z), f32x4.splat(0.4));
  r = f32x4.add(f32x4.mul(r, z), f32x4.splat(0.6666666666666666));
  const h = f32x4.mul(f32x4.mul(x, f32x4.splat(0.5)), x);
  return f32x4.sub(x, f32x4.sub(h, f32x4.mul(s, f32x4.add(h, f32x4.mul(r, z)))));
}

// e^x - 1 for x <= 0, without loss of digits near 0: 2^n (e^r - 1) + (2^n - 1), where n = 0 for |x| < 0.34.
// @ts-ignore: decorator
@inline
export function expm1Negative(x: v128): v128 {
  x = f32x4.max(x, f32x4.splat(-69));
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.44269504088896341)));
  const scale = powerOfTwo(n);
  const e = f32x4.mul(exponentialLessOne(reduced(x, n)), scale);
  return f32x4.add(e, f32x4.sub(scale, f32x4.splat(1)));
}

// x - n ln 2.
// @ts-ignore: decorator
@inline
function reduced(x: v128, n: v128): v128 {
  const r = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)));
  return f32x4.sub(r, f32x4.mul(n, f32x4.splat(-2.12194440e-4)));
}

// e^r - 1 for |r| <= ln 2 / 2.
// @ts-ignore: decorator
@inline
function exponentialLessOne(r: v128): v128 {
  let p = f32x4.splat(1.9875691500e-4);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.3981999507e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(8.3334519073e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(4.1665795894e-2));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.6666665459e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(5.0000001201e-1));
  return f32x4.add(f32x4.mul(p, f32x4.mul(r, r)), r);
}

// 2^n by its exponent bits, for whole n >= -126: here n >= -100, so the number is normal.
// @ts-ignore: decorator
@inline
function powerOfTwo(n: v128): v128 {
  return i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
}

// tanh x: below 0.625 the polynomial of Cephes (tanhf.c), above (1 - t) / (1 + t) with t = e^(-2 |x|).
// @ts-ignore: decorator
@inline
export function tanh4(x: v128): v128 {
  const size = f32x4.abs(x);
  const z = f32x4.mul(x, x);
  let p = f32x4.splat(-5.70498872745e-3);
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(2.06390887954e-2));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(-5.37397155531e-2));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(1.33314442236e-1));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(-3.33332819422e-1));
  const near = f32x4.add(f32x4.mul(f32x4.mul(p, z), x), x);
  const one = f32x4.splat(1);
  const t = expNegative(f32x4.mul(size, f32x4.splat(-2)));
  const far = f32x4.div(f32x4.sub(one, t), f32x4.add(one, t));
  const signed = v128.or(far, v128.and(x, i32x4.splat(0x80000000)));
  return v128.bitselect(near, signed, f32x4.lt(size, f32x4.splat(0.625)));
}

// The tail of the normal distribution over its density's exponential: Phi(-a) / e^(-a^2 / 2) for 0 <= a <=
// 12, as t Q(t) with t = 1 / (1 + a / 4). Q has a relative error of 6.1e-9; scripts/normal_tail.py prints it.
// @ts-ignore: decorator
@inline
export function scaledTail(a: v128): v128 {
  const one = f32x4.splat(1);
  const t = f32x4.div(one, f32x4.add(one, f32x4.mul(a, f32x4.splat(0.25))));
  let q = f32x4.splat(1.497786287e-2);
  q = f32x4.add(f32x4.mul(q, t), f32x4.splat(-5.374206039e-2));
  q = f32x4.add(f32x4.mul(q, t), f32x4.splat(2.941501524e-2));
  q = f32x4.add(f32x4.mul(q, t), f32x4.splat(5.957813072e-2));
  q = f32x4.add(f32x4.mul(q, t), f32x4.splat(-1.464086892e-2));
  q = f32x4.add(f32x4.mul(q, t), f32x4.splat(1.022587588e-1));
  q = f32x4.add(f32x4.mul(q, t), f32x4.splat(6.622831442e-2));
  q = f32x4.add(f32x4.mul(q, t), f32x4.splat(9.684891156e-2));
  q = f32x4.add(f32x4.mul(q, t), f32x4.splat(9.931820862e-2));
  q = f32x4.add(f32x4.mul(q, t), f32x4.splat(9.975773015e-2));
  return f32x4.mul(q, t);
}

// e^(-a^2 / 2) for a >= 0; 0 where it is below 2^-100. The square of the leading 12 bits of a is exact, so
// the rounding of a^2, which the exponential would magnify, does not happen.
// @ts-ignore: decorator
@inline
export function gaussian(a: v128): v128 {
  const lead = v128.and(a, i32x4.splat(0xfffff000));
  const rest = f32x4.mul(f32x4.sub(a, lead), f32x4.add(a, lead));
  const half = f32x4.splat(-0.5);
  return expNegativeSum(f32x4.mul(f32x4.mul(lead, lead), half), f32x4.mul(rest, half));
}

// Zero where |x| < 2^-100, so that no subnormal number goes on; NaN stays.
// @ts-ignore: decorator
@inline
export function withoutTiny(x: v128): v128 {
  return v128.andnot(x, f32x4.lt(f32x4.abs(x), f32x4.splat(7.888609052210118e-31)));
}

// ln x for normal x > 0, and NaN for NaN: the bits of a NaN would give some number, and hide that a training
// diverged.
// @ts-ignore: decorator
@inline
export function log(x: f32): f32 {
  if (x != x) return x;
  const bits = reinterpret<u32>(x);
  let e = <i32>(bits >> 23) - 126;
  let m = reinterpret<f32>((bits & 0x007fffff) | 0x3f000000); // in [0.5, 1)
  if (m < 0.707106781186547524) {
    e -= 1;
    m = m + m - 1;
  } else {
    m = m - 1;
  }
  const z = m * m;
  let p: f32 = 7.0376836292e-2;
  p = p * m - 1.1514610310e-1;
  p = p * m + 1.1676998740e-1;
  p = p * m - 1.2420140846e-1;
  p = p * m + 1.4249322787e-1;
  p = p * m - 1.6668057665e-1;
  p = p * m + 2.0000714765e-1;
  p = p * m - 2.4999993993e-1;
  p = p * m + 3.3333331174e-1;
  const n = <f32>e;
  let y = m * z * p;
  y += -2.12194440e-4 * n;
  y += -0.5 * z;
  return m + y + <f32>0.693359375 * n;
}
