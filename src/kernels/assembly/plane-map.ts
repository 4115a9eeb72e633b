// Where the pixels of a distorted image come from: the identity, and a map of the plane, x' = xx x + xy y +
// dx and y' = yx x + yy y + dy.
//
//   right, down  (height * width, padded to whole vectors)  places in pixels from the centre of the image
//
// Half a pixel and its multiples are exact, so the identity is exact, and so is a shift by whole pixels.

export function identityField(right: usize, down: usize, height: usize, width: usize): void {
  const left: f32 = -0.5 * <f32>(width - 1);
  const top: f32 = -0.5 * <f32>(height - 1);
  for (let i: usize = 0; i < height; i++) {
    const y = f32x4.splat(top + <f32>i);
    let x = f32x4.add(f32x4.splat(left), f32x4(0, 1, 2, 3));
    // The last vector of a row may reach into the next, which is written later.
    for (let j: usize = 0; j < width; j += 4) {
      const at = (i * width + j) * 4;
      v128.store(right + at, x);
      v128.store(down + at, y);
      x = f32x4.add(x, f32x4.splat(4));
    }
  }
}

export function mapField(
  right: usize,
  down: usize,
  pixels: usize,
  xx: f32,
  xy: f32,
  yx: f32,
  yy: f32,
  dx: f32,
  dy: f32,
): void {
  for (let at: usize = 0; at < pixels * 4; at += 16) {
    const x = v128.load(right + at);
    const y = v128.load(down + at);
    const toRight = f32x4.add(f32x4.mul(f32x4.splat(xx), x), f32x4.mul(f32x4.splat(xy), y));
    v128.store(right + at, f32x4.add(toRight, f32x4.splat(dx)));
    const toDown = f32x4.add(f32x4.mul(f32x4.splat(yx), x), f32x4.mul(f32x4.splat(yy), y));
    v128.store(down + at, f32x4.add(toDown, f32x4.splat(dy)));
  }
}
