// The largest number of each window, channel by channel, and its gradient; see ../interface/pooling.ts.
//
//   x, dx (rows, input), y, dy (rows, output)  images, one stride in bytes for each
//
// Four channels at a time. The last four of a place may reach into the next, so only the channels that there
// are are written; to what lies beyond, nothing is added. Windows of 2 x 2 places that do not overlap have
// loops of their own: the first ten times as fast, and a gradient that needs no sum.

import { clear } from './frame';
import { inside } from './lanes';
import { Window } from './window';

// Whether each place is seen by at most one window, of 2 x 2.
// @ts-ignore: decorator
@inline
function twoByTwo(w: Window): bool {
  return (
    w.kernelHeight == 2 && w.kernelWidth == 2 &&
    w.strideY >= 2 && w.strideX >= 2 &&
    w.dilationY == 1 && w.dilationX == 1 &&
    w.beforeY == 0 && w.beforeX == 0 &&
    (w.outHeight - 1) * w.strideY + 2 <= w.height && (w.outWidth - 1) * w.strideX + 2 <= w.width
  );
}

// Writes the first `count` of four numbers.
// @ts-ignore: decorator
@inline
export function put(to: usize, v: v128, count: i32): void {
  if (count >= 4) {
    v128.store(to, v);
    return;
  }
  if (count & 2) v128.store64_lane(to, v, 0);
  if (count == 1) v128.store32_lane(to, v, 0);
  if (count == 3) v128.store32_lane(to, v, 2, 8);
}

// The largest of four; NaN where one of them is.
// @ts-ignore: decorator
@inline
function largestOf(a: v128, b: v128, c: v128, d: v128): v128 {
  const best = f32x4.pmax(f32x4.pmax(f32x4.pmax(a, b), c), d);
  const nan = v128.or(v128.or(f32x4.ne(a, a), f32x4.ne(b, b)), v128.or(f32x4.ne(c, c), f32x4.ne(d, d)));
  return v128.or(best, nan);
}

function maxPoolTwo(w: Window, x: usize, y: usize): void {
  const place = w.channels * 4;
  const line = w.width * place;
  for (let py = 0; py < w.outHeight; py++) {
    let from = x + py * w.strideY * line;
    for (let px = 0; px < w.outWidth; px++) {
      let left = w.channels;
      let p = from;
      for (; left >= 4; left -= 4) {
        v128.store(y, largestAt(p, place, line));
        p += 16;
        y += 16;
      }
      if (left > 0) {
        put(y, largestAt(p, place, line), left);
        y += left * 4;
      }
      from += w.strideX * place;
    }
  }
}

// @ts-ignore: decorator
@inline
function largestAt(p: usize, place: i32, line: i32): v128 {
  return largestOf(v128.load(p), v128.load(p + place), v128.load(p + line), v128.load(p + line + place));
}

function maxPoolTwoBackward(w: Window, x: usize, dy: usize, dx: usize): void {
  const place = w.channels * 4;
  const line = w.width * place;
  if (w.height != 2 * w.outHeight || w.width != 2 * w.outWidth) clear(dx, w.height * line);
  for (let py = 0; py < w.outHeight; py++) {
    let from = x + py * w.strideY * line;
    let to = dx + py * w.strideY * line;
    for (let px = 0; px < w.outWidth; px++) {
      let left = w.channels;
      let p = from;
      let q = to;
      for (; left >= 4; left -= 4) {
        toFirstOfFour(p, dy, q, place, line, 4);
        p += 16;
        q += 16;
        dy += 16;
      }
      if (left > 0) {
        toFirstOfFour(p, dy, q, place, line, left);
        dy += left * 4;
      }
      from += w.strideX * place;
      to += w.strideX * place;
    }
  }
}

// dy goes to the first of the largest, or to the first NaN: at the last place there is nothing to ask.
// @ts-ignore: decorator
@inline
function toFirstOfFour(p: usize, dy: usize, q: usize, place: i32, line: i32, count: i32): void {
  const a = v128.load(p);
  const b = v128.load(p + place);
  const c = v128.load(p + line);
  const best = largestOf(a, b, c, v128.load(p + line + place));
  let d = v128.load(dy);
  let atA = f32x4.eq(a, best);
  let atB = f32x4.eq(b, best);
  let atC = f32x4.eq(c, best);
  const nan = f32x4.ne(best, best);
  if (v128.any_true(nan)) {
    atA = v128.or(atA, v128.and(f32x4.ne(a, a), nan));
    atB = v128.or(atB, v128.and(f32x4.ne(b, b), nan));
    atC = v128.or(atC, v128.and(f32x4.ne(c, c), nan));
  }
  put(q, v128.and(d, atA), count);
  d = v128.andnot(d, atA);
  put(q + place, v128.and(d, atB), count);
  d = v128.andnot(d, atB);
  put(q + line, v128.and(d, atC), count);
  put(q + line + place, v128.andnot(d, atC), count);
}

// Where v is the largest, or a NaN where that is one.
// @ts-ignore: decorator
@inline
function hits(v: v128, best: v128, nan: v128): v128 {
  return v128.or(f32x4.eq(v, best), v128.and(f32x4.ne(v, v), nan));
}

export function maxPool(x: usize, xStride: i32, y: usize, yStride: i32, rows: i32, scratch: usize): void {
  const w = changetype<Window>(scratch);
  const place = w.channels * 4;
  const line = w.width * place;
  const two = twoByTwo(w);
  for (let row = 0; row < rows; row++) {
    if (two) {
      maxPoolTwo(w, x, y);
      x += xStride;
      y += yStride;
      continue;
    }
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
          put(to + at, largest(w, corner + at, endY - fromY, endX - fromX, line, place), (place - at) >> 2);
        }
        to += place;
      }
    }
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
  const two = twoByTwo(w);
  for (let row = 0; row < rows; row++) {
    if (two) {
      maxPoolTwoBackward(w, x, dy, dx);
      x += xStride;
      dy += dyStride;
      dx += dxStride;
      continue;
    }
    clear(dx, w.height * line);
    const toDx = dx - x;
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
    dx += dxStride;
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

// Adds d to dx at the first of the largest numbers of a window, or to its first NaN.
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
      const hit = hits(v, best, f32x4.ne(best, best));
      v128.store(p + toDx, f32x4.add(v128.load(p + toDx), v128.and(d, hit)));
      // Where it was, nothing is left for a later one.
      d = v128.andnot(d, hit);
      p += w.dilationX * place;
    }
    from += w.dilationY * line;
  }
}
