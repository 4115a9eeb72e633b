// A window over images, see ../../foundation/window.ts: 15 whole numbers at the front of a thread's scratch.
// What lies in the scratch after it: the sums of a register tile, and eight zeros.

@unmanaged
export class Window {
  height: i32;
  width: i32;
  channels: i32;
  outHeight: i32;
  outWidth: i32;
  outChannels: i32;
  kernelHeight: i32;
  kernelWidth: i32;
  strideY: i32;
  strideX: i32;
  dilationY: i32;
  dilationX: i32;
  beforeY: i32;
  beforeX: i32;
  groups: i32;
}

// Where the sums of a tile lie, from the window on: 4 rows x 8 columns.
// @ts-ignore: decorator
@inline
export const tileAt: usize = 64;
// Eight zeros.
// @ts-ignore: decorator
@inline
export const zerosAt: usize = 192;

// Lines (or columns) of the input that the windows of `count` lines of the output span.
// @ts-ignore: decorator
@inline
export function span(count: i32, stride: i32, kernel: i32, dilation: i32): i32 {
  return (count - 1) * stride + (kernel - 1) * dilation + 1;
}

// a / b, rounded down and up; b > 0.
// @ts-ignore: decorator
@inline
export function floorDiv(a: i32, b: i32): i32 {
  return a >= 0 ? a / b : -((b - 1 - a) / b);
}

// @ts-ignore: decorator
@inline
export function ceilDiv(a: i32, b: i32): i32 {
  return -floorDiv(-a, b);
}

// Eight zeros in the scratch. Returns their address.
// @ts-ignore: decorator
@inline
export function zeros(scratch: usize): usize {
  v128.store(scratch + zerosAt, f32x4.splat(0));
  v128.store(scratch + zerosAt, f32x4.splat(0), 16);
  return scratch + zerosAt;
}
