// What the optimizers share: the average gradient, and moving averages that end in zero.
//
// The velocity or moment of a weight whose input has become zero shrinks by a constant factor a step. It
// would end in the subnormal numbers, on which processors are some 40 times slower; such a number cannot move
// a weight any more. So what is smaller than `vanishing` becomes zero.

// 2^-100: a velocity, a moment or a mean square.
// @ts-ignore: decorator
@inline
export const vanishing: f32 = 7.888609052210118e-31;

// 2^-50: a gradient whose square would be smaller than that.
// @ts-ignore: decorator
@inline
const vanishingRoot: f32 = 8.881784197001252e-16;

// g scale + decay W: the gradient of four weights W from its sum over the minibatch.
//
// `scale` is 1 / rows. The product is exact when rows is a power of two, and within 1 ulp of the division
// otherwise; the division was measured to take twice the time of all the rest.
// @ts-ignore: decorator
@inline
export function averageGradient(g: usize, scale: v128, W: v128, decay: v128): v128 {
  return f32x4.add(f32x4.mul(v128.load(g), scale), f32x4.mul(decay, W));
}

// m = keep m + rest x, at address m.
// @ts-ignore: decorator
@inline
export function moveMoment(m: usize, keep: f32, rest: f32, x: v128): v128 {
  let moment = f32x4.add(f32x4.mul(f32x4.splat(keep), v128.load(m)), f32x4.mul(f32x4.splat(rest), x));
  moment = v128.and(moment, f32x4.ge(f32x4.abs(moment), f32x4.splat(vanishing)));
  v128.store(m, moment);
  return moment;
}

// v = keep v + rest gradient², at address v.
// @ts-ignore: decorator
@inline
export function moveSquare(v: usize, keep: f32, rest: f32, gradient: v128): v128 {
  const x = v128.and(gradient, f32x4.ge(f32x4.abs(gradient), f32x4.splat(vanishingRoot)));
  let square = f32x4.add(
    f32x4.mul(f32x4.splat(keep), v128.load(v)),
    f32x4.mul(f32x4.splat(rest), f32x4.mul(x, x)),
  );
  square = v128.and(square, f32x4.ge(square, f32x4.splat(vanishing)));
  v128.store(v, square);
  return square;
}
