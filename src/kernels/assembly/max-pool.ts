// The largest number of each window, channel by channel, and its gradient; see ../interface/pooling.ts.
//
//   x, dx (rows, input), y, dy (rows, output)  images, one stride in bytes for each
//
// Four channels at a time. The last four of a place may reach into the next: y is written place after place,
// so what is written too much is written over, and the row's padding is cleared; dx is only added to, and
// nothing is added there.

import { clear } from './frame';
import { inside } from './lanes';
import { Window } from './window';

export function maxPool(x: usize, xStride: i32, y: usize, yStride: i32, rows: i32, scratch: usize): void {
  const w = changetype<Window>(scratch);
  const place = w.channels * 4;
  const line = w.width * place;
  for (let row = 0; row < rows; row++) {
    let to = y;
    for (let py = 0; py < w.outHeight; py++) {
      const top = py * w.strideY - w.beforeY;
      const fromY = firstTap(top, w.dilationY);
      const endY = endTap(top, w.dilationY, w.height, w.kernelHeight);
      for (let px = 0; px < w.outWidth; px++) {
        const start = px * w.strideX - w.beforeX;
        const fromX = firstTap(start, w.dilationX);
        const endX = endTap(start, w.dilationX, w.width, w.kernelWidth);
        const corner = x + (top + fromY * w.dilationY) * line + (start + fromX * w.dilationX) * place;
        for (let at = 0; at < place; at += 16) {
          v128.store(to + at, largest(w, corner + at, endY - fromY, endX - fromX, line, place));
        }
        to += place;
      }
    }
    clear(to, 12);
    x += xStride;
    y += yStride;
  }
}

export function maxPoolBackward(
  x: usize, xStride: i32,
  dy: usize, dyStride: i32,
  dx: usize, dxStride: i32,
  rows: i32,
  scratch: usize,
): void {
  const w = changetype<Window>(scratch);
  const place = w.channels * 4;
  const line = w.width * place;
  const offset = dx - x;
  for (let row = 0; row < rows; row++) {
    clear(dx + row * dxStride, w.height * line);
    const toDx = offset + row * (dxStride - xStride);
    let from = dy;
    for (let py = 0; py < w.outHeight; py++) {
      const top = py * w.strideY - w.beforeY;
      const fromY = firstTap(top, w.dilationY);
      const endY = endTap(top, w.dilationY, w.height, w.kernelHeight);
      for (let px = 0; px < w.outWidth; px++) {
        const start = px * w.strideX - w.beforeX;
        const fromX = firstTap(start, w.dilationX);
        const endX = endTap(start, w.dilationX, w.width, w.kernelWidth);
        const corner = x + (top + fromY * w.dilationY) * line + (start + fromX * w.dilationX) * place;
        for (let at = 0; at < place; at += 16) {
          const d = v128.and(v128.load(from + at), inside(at, w.channels));
          toFirst(w, corner + at, toDx, endY - fromY, endX - fromX, line, place, d);
        }
        from += place;
      }
    }
    x += xStride;
    dy += dyStride;
  }
}

// The first tap that lies in the image, of a window that begins at line or column `start`.
// @ts-ignore: decorator
@inline
export function firstTap(start: i32, dilation: i32): i32 {
  return start >= 0 ? 0 : (dilation - 1 - start) / dilation;
}

// One more than the last tap that does.
// @ts-ignore: decorator
@inline
export function endTap(start: i32, dilation: i32, length: i32, kernel: i32): i32 {
  return min((length - 1 - start) / dilation + 1, kernel);
}

// The largest numbers of a window of `lines` x `columns` places; NaN where there is one.
// @ts-ignore: decorator
@inline
function largest(w: Window, from: usize, lines: i32, columns: i32, line: i32, place: i32): v128 {
  let best = v128.load(from);
  let nan = f32x4.splat(0);
  for (let ky = 0; ky < lines; ky++) {
    let p = from;
    for (let kx = 0; kx < columns; kx++) {
      const v = v128.load(p);
      nan = v128.or(nan, f32x4.ne(v, v));
      best = f32x4.pmax(best, v);
      p += w.dilationX * place;
    }
    from += w.dilationY * line;
  }
  return v128.or(best, nan);
}

// Adds d to the first of the largest numbers of a window, or to its first NaN.
// @ts-ignore: decorator
@inline
function toFirst(
  w: Window, from: usize, toDx: usize,
  lines: i32, columns: i32,
  line: i32, place: i32,
  d: v128,
): void {
  const best = largest(w, from, lines, columns, line, place);
  for (let ky = 0; ky < lines; ky++) {
    let p = from;
    for (let kx = 0; kx < columns; kx++) {
      const v = v128.load(p);
      // Equal to the largest; or where that is NaN, NaN itself.
      const hit = v128.or(f32x4.eq(v, best), v128.and(f32x4.ne(v, v), f32x4.ne(best, best)));
      v128.store(p + toDx, f32x4.add(v128.load(p + toDx), v128.and(d, hit)));
      // Where it was, nothing is left for a later one.
      d = v128.andnot(d, hit);
      p += w.dilationX * place;
    }
    from += w.dilationY * line;
  }
}
