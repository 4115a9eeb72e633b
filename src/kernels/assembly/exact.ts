// Exponential and logarithm of four floats, from operations whose bits WebAssembly fixes. Polynomials and
// constants are those of Cephes (expf.c, logf.c; S. Moshier), evaluated without fused operations. The error
// bounds are in the titles of test/kernels/exact.test.ts.

// e^x for x <= 0; below -69 (e^x < 2^-100) the result is 0, which keeps subnormal numbers out of every gradient.
// @ts-ignore: decorator
@inline
export function expNegative(x: v128): v128 {
  const tooSmall = f32x4.lt(x, f32x4.splat(-69));
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.44269504088896341)));
  let r = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)));
  r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(-2.12194440e-4)));
  let p = f32x4.splat(1.9875691500e-4);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.3981999507e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(8.3334519073e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(4.1665795894e-2));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.6666665459e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(5.0000001201e-1));
  p = f32x4.add(f32x4.add(f32x4.mul(p, f32x4.mul(r, r)), r), f32x4.splat(1));
  // 2^n by its exponent bits: n >= -100 here, so the number is normal.
  const scale = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return v128.andnot(f32x4.mul(p, scale), tooSmall);
}

// ln x for normal x > 0, and NaN for NaN: the bits of a NaN would give some number, and hide that a training diverged.
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
