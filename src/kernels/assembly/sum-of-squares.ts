// The sum of the squares of a block of a gradient, in float64: its share of the gradient's norm.
//
//   g      (panels, rows, width) floats, width in bytes; padding is zero
//   slice  bytes of each row that are added before the rest of the row: columns of all rows, then the next
//          columns
//
// Two vectors of two sums, added to element by element from front to back, then joined: one order, for a
// block that is the same block whoever has it. A float32 square is exact in float64.

export function sumOfSquares(g: usize, panels: usize, rows: usize, width: usize, slice: usize): f64 {
  let even = f64x2.splat(0);
  let odd = f64x2.splat(0);
  for (let panel: usize = 0; panel < panels; panel++) {
    for (let column: usize = 0; column < width; column += slice) {
      for (let row: usize = 0; row < rows; row++) {
        let at = g + row * width + column;
        for (const end = at + slice; at < end; at += 16) {
          const low = f64x2.promote_low_f32x4(v128.load(at));
          const high = f64x2.promote_low_f32x4(v128.load64_zero(at + 8));
          even = f64x2.add(even, f64x2.mul(low, low));
          odd = f64x2.add(odd, f64x2.mul(high, high));
        }
      }
    }
    g += rows * width;
  }
  const both = f64x2.add(even, odd);
  return f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
}
