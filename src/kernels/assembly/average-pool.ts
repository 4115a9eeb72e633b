// The mean of each window, channel by channel, and its gradient; see ../interface/pooling.ts and max-pool.ts.

import { clear } from './frame';
import { inside } from './lanes';
import { endTap, firstTap, put } from './max-pool';
import { Window } from './window';

export function averagePool(x: usize, xStride: i32, y: usize, yStride: i32, rows: i32, scratch: usize): void {
  const w = changetype<Window>(scratch);
  const place = w.channels * 4;
  const line = w.width * place;
  for (let row = 0; row < rows; row++) {
    let to = y;
    for (let py = 0; py < w.outHeight; py++) {
      const top = py * w.strideY - w.beforeY;
      const fromY = firstTap(top, w.dilationY);
      const lines = endTap(top, w.dilationY, w.height, w.kernelHeight) - fromY;
      for (let px = 0; px < w.outWidth; px++) {
        const start = px * w.strideX - w.beforeX;
        const fromX = firstTap(start, w.dilationX);
        const columns = endTap(start, w.dilationX, w.width, w.kernelWidth) - fromX;
        const corner = x + (top + fromY * w.dilationY) * line + (start + fromX * w.dilationX) * place;
        const n = f32x4.splat(<f32>(lines * columns));
        for (let at = 0; at < place; at += 16) {
          let s = f32x4.splat(0);
          let from = corner + at;
          for (let ky = 0; ky < lines; ky++) {
            let p = from;
            for (let kx = 0; kx < columns; kx++) {
              s = f32x4.add(s, v128.load(p));
              p += w.dilationX * place;
            }
            from += w.dilationY * line;
          }
          put(to + at, f32x4.div(s, n), (place - at) >> 2);
        }
        to += place;
      }
    }
    x += xStride;
    y += yStride;
  }
}

export function averagePoolBackward(
  dy: usize, dyStride: i32,
  dx: usize, dxStride: i32,
  rows: i32,
  scratch: usize,
): void {
  const w = changetype<Window>(scratch);
  const place = w.channels * 4;
  const line = w.width * place;
  for (let row = 0; row < rows; row++) {
    clear(dx, w.height * line);
    let from = dy;
    for (let py = 0; py < w.outHeight; py++) {
      const top = py * w.strideY - w.beforeY;
      const fromY = firstTap(top, w.dilationY);
      const lines = endTap(top, w.dilationY, w.height, w.kernelHeight) - fromY;
      for (let px = 0; px < w.outWidth; px++) {
        const start = px * w.strideX - w.beforeX;
        const fromX = firstTap(start, w.dilationX);
        const columns = endTap(start, w.dilationX, w.width, w.kernelWidth) - fromX;
        const corner = dx + (top + fromY * w.dilationY) * line + (start + fromX * w.dilationX) * place;
        const n = f32x4.splat(<f32>(lines * columns));
        for (let at = 0; at < place; at += 16) {
          const d = v128.and(f32x4.div(v128.load(from + at), n), inside(at, w.channels));
          let to = corner + at;
          for (let ky = 0; ky < lines; ky++) {
            let p = to;
            for (let kx = 0; kx < columns; kx++) {
              v128.store(p, f32x4.add(v128.load(p), d));
              p += w.dilationX * place;
            }
            to += w.dilationY * line;
          }
        }
        from += place;
      }
    }
    dy += dyStride;
    dx += dxStride;
  }
}
