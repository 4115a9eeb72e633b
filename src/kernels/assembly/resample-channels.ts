// x = pixel / 255 for the image that a field makes of one with several channels: bilinear between pixels, 0
// outside. The channels of a pixel lie together and have one place. The bits of a channel are those that
// resample.ts gives it alone.
//
//   bytes        (height * width * channels)          row-major
//   image        (height + 3, width + 3, channels)    scratch: the same with a margin of zeros, 1 pixel above
//                                                     and left, 2 below and right
//   right, down  (height * width, padded to whole vectors)  places in pixels from the centre
//   x            (height * width * channels, padded alike, and 3 more that stay zero)
//
// Places are found four at a time. Then up to four channels of a pixel are the lanes of a vector; lanes
// beyond the last channel reach into the next pixel, which is written later.

export function resampleChannels(
  bytes: usize,
  image: usize,
  right: usize,
  down: usize,
  height: usize,
  width: usize,
  channels: usize,
  x: usize,
): void {
  const stride = (width + 3) * channels;
  addMargin(bytes, image, height, width * channels, stride, channels);

  const zero = f32x4.splat(0);
  const left = f32x4.splat(0.5 * <f32>(width - 1) + 1);
  const top = f32x4.splat(0.5 * <f32>(height - 1) + 1);
  const farRight = f32x4.splat(<f32>(width + 1));
  const farDown = f32x4.splat(<f32>(height + 1));
  const pixels = height * width;
  const size = channels * 4;
  for (let p: usize = 0; p < pixels; p += 4) {
    const fromLeft = f32x4.pmax(f32x4.pmin(f32x4.add(v128.load(right + p * 4), left), farRight), zero);
    const fromTop = f32x4.pmax(f32x4.pmin(f32x4.add(v128.load(down + p * 4), top), farDown), zero);
    const column = i32x4.trunc_sat_f32x4_s(fromLeft);
    const row = i32x4.trunc_sat_f32x4_s(fromTop);
    const u = f32x4.sub(fromLeft, f32x4.convert_i32x4_s(column));
    const v = f32x4.sub(fromTop, f32x4.convert_i32x4_s(row));
    const first = i32x4.add(
      i32x4.mul(row, i32x4.splat(<i32>stride)),
      i32x4.mul(column, i32x4.splat(<i32>channels)),
    );
    const to = x + p * size;
    let at = image + <usize>i32x4.extract_lane(first, 0);
    place(at, stride, channels, f32x4.extract_lane(u, 0), f32x4.extract_lane(v, 0), to);
    if (p + 1 == pixels) break;
    at = image + <usize>i32x4.extract_lane(first, 1);
    place(at, stride, channels, f32x4.extract_lane(u, 1), f32x4.extract_lane(v, 1), to + size);
    if (p + 2 == pixels) break;
    at = image + <usize>i32x4.extract_lane(first, 2);
    place(at, stride, channels, f32x4.extract_lane(u, 2), f32x4.extract_lane(v, 2), to + 2 * size);
    if (p + 3 == pixels) break;
    at = image + <usize>i32x4.extract_lane(first, 3);
    place(at, stride, channels, f32x4.extract_lane(u, 3), f32x4.extract_lane(v, 3), to + 3 * size);
  }
  v128.store(x + pixels * size, zero);
}

// All channels of the pixel whose place has its upper left neighbour at `at`.
// @ts-ignore: decorator
@inline
function place(at: usize, stride: usize, channels: usize, across: f32, deep: f32, to: usize): void {
  const u = f32x4.splat(across);
  const v = f32x4.splat(deep);
  for (let c: usize = 0; c < channels; c += 4) {
    const above = between(four(at + c), four(at + c + channels), u);
    const below = between(four(at + c + stride), four(at + c + stride + channels), u);
    const value = f32x4.add(above, f32x4.mul(v, f32x4.sub(below, above)));
    v128.store(to + c * 4, f32x4.div(value, f32x4.splat(255)));
  }
}

// @ts-ignore: decorator
@inline
function four(at: usize): v128 {
  const bytes = v128.load32_zero(at);
  return f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(bytes)));
}

// @ts-ignore: decorator
@inline
function between(from: v128, to: v128, share: v128): v128 {
  return f32x4.add(from, f32x4.mul(share, f32x4.sub(to, from)));
}

// @ts-ignore: decorator
@inline
function addMargin(
  bytes: usize,
  image: usize,
  height: usize,
  rowBytes: usize,
  stride: usize,
  channels: usize,
): void {
  memory.fill(image, 0, (height + 3) * stride + 16);
  for (let i: usize = 0; i < height; i++) {
    memory.copy(image + (i + 1) * stride + channels, bytes + i * rowBytes, rowBytes);
  }
}
