// x = pixel / 255 for the image that a field makes of another: bilinear between pixels, 0 outside.
//
//   bytes        (height * width)         pixels, row-major
//   image        (height + 3, width + 3)  scratch: the same with a margin of zeros, 1 above and left, 2 below
//                                         and right
//   right, down  (height * width, padded to whole vectors)  places in pixels from the centre
//   x            (height * width, padded alike)
//
// A place is first moved to within a pixel of the image, where there are only zeros, so no address needs a
// test. Two neighbours in a row are one load of 16 bits; the four of a place, taken apart by shifts, are
// lanes of four vectors. Most places of an MNIST image have four zeros and give an exact zero, which the
// sparse kernels skip.

export function resample(
  bytes: usize,
  image: usize,
  right: usize,
  down: usize,
  height: usize,
  width: usize,
  x: usize,
): void {
  const stride = width + 3;
  addMargin(bytes, image, height, width);

  const zero = f32x4.splat(0);
  const full = f32x4.splat(255);
  const low = i32x4.splat(255);
  // From the centre of the image to the first pixel of the margin.
  const left = f32x4.splat(0.5 * <f32>(width - 1) + 1);
  const top = f32x4.splat(0.5 * <f32>(height - 1) + 1);
  const farRight = f32x4.splat(<f32>(width + 1));
  const farDown = f32x4.splat(<f32>(height + 1));
  const pixels = height * width;
  for (let at: usize = 0; at < pixels * 4; at += 16) {
    const fromLeft = f32x4.pmax(f32x4.pmin(f32x4.add(v128.load(right + at), left), farRight), zero);
    const fromTop = f32x4.pmax(f32x4.pmin(f32x4.add(v128.load(down + at), top), farDown), zero);
    const column = i32x4.trunc_sat_f32x4_s(fromLeft);
    const row = i32x4.trunc_sat_f32x4_s(fromTop);
    const first = i32x4.add(i32x4.mul(row, i32x4.splat(<i32>stride)), column);
    const four = i32x4(
      neighbours(image, stride, i32x4.extract_lane(first, 0)),
      neighbours(image, stride, i32x4.extract_lane(first, 1)),
      neighbours(image, stride, i32x4.extract_lane(first, 2)),
      neighbours(image, stride, i32x4.extract_lane(first, 3)),
    );
    if (!v128.any_true(four)) {
      v128.store(x + at, zero);
      continue;
    }
    const u = f32x4.sub(fromLeft, f32x4.convert_i32x4_s(column));
    const above = between(v128.and(four, low), v128.and(i32x4.shr_u(four, 8), low), u);
    const below = between(v128.and(i32x4.shr_u(four, 16), low), i32x4.shr_u(four, 24), u);
    const v = f32x4.sub(fromTop, f32x4.convert_i32x4_s(row));
    const value = f32x4.add(above, f32x4.mul(v, f32x4.sub(below, above)));
    v128.store(x + at, f32x4.div(value, full));
  }
  for (let i = pixels; i & 3; i++) f32.store(x + i * 4, 0);
}

// The pixels at `first`, at its right, below, and below at its right, from the lowest byte up.
// @ts-ignore: decorator
@inline
function neighbours(image: usize, stride: usize, first: i32): i32 {
  const at = image + <usize>first;
  return <i32>(<u32>load<u16>(at) | (<u32>load<u16>(at + stride) << 16));
}

// @ts-ignore: decorator
@inline
function between(a: v128, b: v128, share: v128): v128 {
  const from = f32x4.convert_i32x4_s(a);
  return f32x4.add(from, f32x4.mul(share, f32x4.sub(f32x4.convert_i32x4_s(b), from)));
}

// @ts-ignore: decorator
@inline
function addMargin(bytes: usize, image: usize, height: usize, width: usize): void {
  const stride = width + 3;
  memory.fill(image, 0, stride + 1);
  for (let i: usize = 0; i < height; i++) {
    const from = bytes + i * width;
    const to = image + (i + 1) * stride + 1;
    // Whole vectors, and then four zeros, reach into the next row, which is written later.
    for (let j: usize = 0; j < width; j += 16) v128.store(to + j, v128.load(from + j));
    store<u32>(to + width, 0);
  }
  memory.fill(image + (height + 1) * stride, 0, 2 * stride);
}
