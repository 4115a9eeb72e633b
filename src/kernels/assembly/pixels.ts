// x = pixel / 255 for one image.
//
//   bytes (count, padded to whole vectors of 16)
//   x     (count, padded alike)
//
// The division is the correctly rounded one; a product with 1 / 255 would differ in the last bit. Most
// vectors of sixteen MNIST pixels are all zero, and zeros are only stored.

export function pixels(bytes: usize, x: usize, count: usize): void {
  const full = f32x4.splat(255);
  const zero = f32x4.splat(0);
  for (let i: usize = 0; i < count; i += 16) {
    const b = v128.load(bytes + i);
    const to = x + i * 4;
    if (v128.any_true(b)) {
      const low = i16x8.extend_low_i8x16_u(b);
      const high = i16x8.extend_high_i8x16_u(b);
      v128.store(to, f32x4.div(f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(low)), full));
      v128.store(to, f32x4.div(f32x4.convert_i32x4_u(i32x4.extend_high_i16x8_u(low)), full), 16);
      v128.store(to, f32x4.div(f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(high)), full), 32);
      v128.store(to, f32x4.div(f32x4.convert_i32x4_u(i32x4.extend_high_i16x8_u(high)), full), 48);
    } else {
      v128.store(to, zero);
      v128.store(to, zero, 16);
      v128.store(to, zero, 32);
      v128.store(to, zero, 48);
    }
  }
}
