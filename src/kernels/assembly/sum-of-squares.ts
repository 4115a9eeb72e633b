// The sum of the squares of a block of a gradient, in float64: its share of the gradient's norm.
//
//   g  `length` floats, a multiple of 4; padding is zero
//
// Two vectors of two sums, added to element by element from front to back, then joined: one order, for a block
// that is the same block whoever has it. A float32 square is exact in float64.

export function sumOfSquares(g: usize, length: usize): f64 {
  let even = f64x2.splat(0);
  let odd = f64x2.splat(0);
  for (let end = g + length * 4; g < end; g += 16) {
    const low = f64x2.promote_low_f32x4(v128.load(g));
    const high = f64x2.promote_low_f32x4(v128.load64_zero(g + 8));
    even = f64x2.add(even, f64x2.mul(low, low));
    odd = f64x2.add(odd, f64x2.mul(high, high));
  }
  const both = f64x2.add(even, odd);
  return f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
}
