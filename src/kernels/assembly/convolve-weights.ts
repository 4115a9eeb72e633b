// g = dW, or g = g + dW: the gradient of a convolution's weights, rows `first` to `first + count` of W, summed
// over rows of x; see ../interface/convolution.ts.
//
//   g       (panels, count, 8)  the block of the gradient; what is not a column becomes zero
//   framed  room for the lines of x, with their padding, that `lines` lines of dy have seen
//   dyTiles room for (panels, places, 8), the places of `lines` lines of dy
//   xTiles  room for (4, places, 4), what these places have seen for sixteen rows of W
//   sums    room for (tiles, panels, 4, 8), the sums of a row of x, tiles of four rows of W
//   totals  likewise, the sums of the rows so far
//
// What a tile needs is gathered, as far as it then stays in the level-1 cache: 4 rows of W x 8 columns read
// four and eight numbers of each place, one after the other. The sums of a row wait in `sums` from some lines
// to the next, so that the places of a row are one chain, whatever `lines` is.

import { clear, frame, framed as isFramed } from './frame';
import { inside } from './lanes';
import { copy } from './convolution-sweep';
import { span, tileAt, Window } from './window';

export function convolveWeights(
  x: usize, xStride: i32,
  dy: usize, dyStride: i32,
  rows: i32,
  first: i32, count: i32,
  firstPanel: i32, panels: i32,
  g: usize, add: bool,
  scratch: usize, framed: usize, dyTiles: usize, xTiles: usize, sums: usize, totals: usize,
  lines: i32,
): void {
  const w = changetype<Window>(scratch);
  const place = w.channels * 4;
  const outLine = w.outWidth * w.outChannels * 4;
  const down = span(w.outHeight, w.strideY, w.kernelHeight, w.dilationY);
  const wide = span(w.outWidth, w.strideX, w.kernelWidth, w.dilationX);
  const whole = isFramed(w.height, w.width, -w.beforeY, down, -w.beforeX, wide);
  const columns = whole ? w.width : wide;
  const depthwise = w.groups == w.channels && w.groups == w.outChannels && w.groups > 1;
  const bytes = ((count + 3) >> 2) * panels * 128;
  clear(totals, bytes);
  for (let row = 0; row < rows; row++) {
    clear(sums, bytes);
    for (let line = 0; line < w.outHeight; line += lines) {
      const some = min(lines, w.outHeight - line);
      const from = line * w.strideY - w.beforeY;
      let image = x + from * w.width * place;
      if (!whole) {
        const seen = span(some, w.strideY, w.kernelHeight, w.dilationY);
        frame(x, w.height, w.width, place, from, seen, -w.beforeX, columns, framed);
        image = framed;
      }
      const seenBy = dy + line * outLine;
      if (depthwise) {
        channelTiles(w, image, columns, seenBy, some, first, count, firstPanel, panels, sums);
      } else {
        gatherGradient(seenBy + firstPanel * 32, w.outChannels * 4, some * w.outWidth, panels, dyTiles);
        tiles(w, image, columns, some, first, count, firstPanel, panels, dyTiles, xTiles, sums, scratch + tileAt);
      }
    }
    for (let at = 0; at < bytes; at += 16) {
      v128.store(totals + at, f32x4.add(v128.load(totals + at), v128.load(sums + at)));
    }
    x += xStride;
    dy += dyStride;
  }
  write(totals, count, panels, w.outChannels - firstPanel * 8, g, add);
}

// to = dy, (panels, places, 8). What is not a channel is no zero: `write` leaves it out.
function gatherGradient(dy: usize, place: usize, places: i32, panels: i32, to: usize): void {
  for (let panel = 0; panel < panels; panel++) {
    let from = dy + panel * 32;
    for (let left = places; left > 0; left--) {
      v128.store(to, v128.load(from));
      v128.store(to, v128.load(from, 16), 16);
      from += place;
      to += 32;
    }
  }
}

// Bytes from where a window begins to its number k, of the first group.
// @ts-ignore: decorator
@inline
function offsetOf(w: Window, k: i32, columns: i32): i32 {
  const inputs = w.channels / w.groups;
  const tap = k / inputs;
  const ky = tap / w.kernelWidth;
  const kx = tap % w.kernelWidth;
  return ((ky * w.dilationY * columns + kx * w.dilationX) * w.channels + (k % inputs)) * 4;
}

// to = what the places have seen, (places, 4): the numbers k to k + 3 of their windows, where there are that
// many; what stands for the others is never used.
function gatherWindows(
  w: Window, image: usize, columns: i32, lines: i32,
  k: i32, end: i32,
  to: usize,
): void {
  const right = w.strideX * w.channels * 4;
  const nextLine = (w.strideY * columns - w.outWidth * w.strideX) * w.channels * 4;
  const o0 = offsetOf(w, k, columns);
  const o1 = offsetOf(w, min(k + 1, end - 1), columns) - o0;
  const o2 = offsetOf(w, min(k + 2, end - 1), columns) - o0;
  const o3 = offsetOf(w, min(k + 3, end - 1), columns) - o0;
  let at = image + o0;
  if (o1 == 4 && o2 == 8 && o3 == 12) {
    for (; lines > 0; lines--) {
      for (let left = w.outWidth; left > 0; left--) {
        v128.store(to, v128.load(at));
        at += right;
        to += 16;
      }
      at += nextLine;
    }
    return;
  }
  for (; lines > 0; lines--) {
    for (let left = w.outWidth; left > 0; left--) {
      store<f32>(to, load<f32>(at));
      store<f32>(to, load<f32>(at + o1), 4);
      store<f32>(to, load<f32>(at + o2), 8);
      store<f32>(to, load<f32>(at + o3), 12);
      at += right;
      to += 16;
    }
    at += nextLine;
  }
}

// The tiles of these lines.
function tiles(
  w: Window, image: usize, columns: i32, lines: i32,
  first: i32, count: i32,
  firstPanel: i32, panels: i32,
  dyTiles: usize, xTiles: usize, sums: usize,
  tile: usize,
): void {
  const places = lines * w.outWidth;
  const inputs = w.channels / w.groups;
  const outputs = w.outChannels / w.groups;
  const end = first + count;
  const firstColumn = firstPanel * 8;
  const endColumn = min(firstColumn + panels * 8, w.outChannels);
  for (let k = first; k < end; k += 16) {
    const some = min((end - k + 3) >> 2, 4);
    for (let group = firstColumn / outputs; group * outputs < endColumn; group++) {
      for (let t = 0; t < some; t++) {
        gatherWindows(w, image + group * inputs * 4, columns, lines, k + t * 4, end, xTiles + t * places * 16);
      }
      const begin = max(group * outputs - firstColumn, 0);
      const stop = min((group + 1) * outputs, endColumn) - firstColumn;
      for (let panel = begin >> 3; panel * 8 < stop; panel++) {
        const from = max(begin - panel * 8, 0);
        const few = min(stop - panel * 8, 8) - from;
        let at = sums + (((k - first) >> 2) * panels + panel) * 128;
        for (let t = 0; t < some; t++) {
          // Columns of other groups keep their sums.
          const to = w.groups == 1 ? at : tile;
          chains(xTiles + t * places * 16, dyTiles + panel * places * 32, places, at, to);
          if (w.groups > 1) for (let i = 0; i < 4; i++) copy(tile + i * 32 + from * 4, at + i * 32 + from * 4, few);
          at += panels * 128;
        }
      }
    }
  }
}

// to = from + the sums over the places of 4 numbers x 8 channels.
function chains(x: usize, dy: usize, places: usize, from: usize, to: usize): void {
  if (TURBOFAN) {
    x &= ~3;
    dy &= ~15;
  }
  let s00 = v128.load(from);
  let s01 = v128.load(from, 16);
  let s10 = v128.load(from, 32);
  let s11 = v128.load(from, 48);
  let s20 = v128.load(from, 64);
  let s21 = v128.load(from, 80);
  let s30 = v128.load(from, 96);
  let s31 = v128.load(from, 112);
  let d0: v128;
  let d1: v128;
  let v: v128;
  let left: isize = places;
  const last = x + places * 16 - 16;
  while (true) {
    // repeat: k = 0 to 7
    if (!TURBOFAN || left > k) {
      d0 = v128.load(dy, 32 * k);
      d1 = v128.load(dy, 32 * k + 16);
      v = v128.load_splat<f32>(x, 16 * k + 12);
      s30 = f32x4.add(s30, f32x4.mul(v, d0));
      s31 = f32x4.add(s31, f32x4.mul(v, d1));
      v = v128.load_splat<f32>(x, 16 * k + 8);
      s20 = f32x4.add(s20, f32x4.mul(v, d0));
      s21 = f32x4.add(s21, f32x4.mul(v, d1));
      v = v128.load_splat<f32>(x, 16 * k + 4);
      s10 = f32x4.add(s10, f32x4.mul(v, d0));
      s11 = f32x4.add(s11, f32x4.mul(v, d1));
      v = v128.load_splat<f32>(x, 16 * k);
      s00 = f32x4.add(s00, f32x4.mul(v, d0));
      s01 = f32x4.add(s01, f32x4.mul(v, d1));
    }
    if (!TURBOFAN && x == last - 16 * k) break;
    // end of repeat
    x += 128;
    dy += 256;
    left -= 8;
    if (TURBOFAN && left <= 0) break;
  }
  if (TURBOFAN) {
    const none = f32x4.splat(0);
    s00 = v128.or(s00, none);
    s01 = v128.or(s01, none);
    s10 = v128.or(s10, none);
    s11 = v128.or(s11, none);
    s20 = v128.or(s20, none);
    s21 = v128.or(s21, none);
    s30 = v128.or(s30, none);
    s31 = v128.or(s31, none);
  }
  do {
    v128.store(to, s00);
    v128.store(to, s01, 16);
    v128.store(to, s10, 32);
    v128.store(to, s11, 48);
    v128.store(to, s20, 64);
    v128.store(to, s21, 80);
    v128.store(to, s30, 96);
    v128.store(to, s31, 112);
  } while (TURBOFAN && left > 0);
}

// The tiles of these lines where each channel is a group: 4 taps x 8 channels.
function channelTiles(
  w: Window, image: usize, columns: i32,
  dy: usize, lines: i32,
  first: i32, count: i32,
  firstPanel: i32, panels: i32,
  sums: usize,
): void {
  const place = w.channels * 4;
  const right = w.strideX * place;
  const nextLine = (w.strideY * columns - w.outWidth * w.strideX) * place;
  const end = first + count;
  for (let k = first; k < end; k += 4) {
    const o0 = offsetOf(w, k, columns);
    const o1 = offsetOf(w, min(k + 1, end - 1), columns);
    const o2 = offsetOf(w, min(k + 2, end - 1), columns);
    const o3 = offsetOf(w, min(k + 3, end - 1), columns);
    for (let panel = firstPanel; panel < firstPanel + panels; panel++) {
      let x = image + panel * 32;
      let d = dy + panel * 32;
      let s00 = v128.load(sums);
      let s01 = v128.load(sums, 16);
      let s10 = v128.load(sums, 32);
      let s11 = v128.load(sums, 48);
      let s20 = v128.load(sums, 64);
      let s21 = v128.load(sums, 80);
      let s30 = v128.load(sums, 96);
      let s31 = v128.load(sums, 112);
      for (let down = lines; down > 0; down--) {
        for (let left = w.outWidth; left > 0; left--) {
          const d0 = v128.load(d);
          const d1 = v128.load(d, 16);
          s00 = f32x4.add(s00, f32x4.mul(v128.load(x + o0), d0));
          s01 = f32x4.add(s01, f32x4.mul(v128.load(x + o0, 16), d1));
          s10 = f32x4.add(s10, f32x4.mul(v128.load(x + o1), d0));
          s11 = f32x4.add(s11, f32x4.mul(v128.load(x + o1, 16), d1));
          s20 = f32x4.add(s20, f32x4.mul(v128.load(x + o2), d0));
          s21 = f32x4.add(s21, f32x4.mul(v128.load(x + o2, 16), d1));
          s30 = f32x4.add(s30, f32x4.mul(v128.load(x + o3), d0));
          s31 = f32x4.add(s31, f32x4.mul(v128.load(x + o3, 16), d1));
          x += right;
          d += place;
        }
        x += nextLine;
      }
      v128.store(sums, s00);
      v128.store(sums, s01, 16);
      v128.store(sums, s10, 32);
      v128.store(sums, s11, 48);
      v128.store(sums, s20, 64);
      v128.store(sums, s21, 80);
      v128.store(sums, s30, 96);
      v128.store(sums, s31, 112);
      sums += 128;
    }
  }
}

// The totals as g has them: (panels, count, 8).
function write(totals: usize, count: i32, panels: i32, columns: i32, g: usize, add: bool): void {
  for (let k = 0; k < count; k++) {
    let from = totals + ((k >> 2) * panels * 4 + (k & 3)) * 32;
    let to = g + k * 32;
    for (let panel = 0; panel < panels; panel++) {
      let t0 = v128.and(v128.load(from), inside(panel * 32, columns));
      let t1 = v128.and(v128.load(from, 16), inside(panel * 32 + 16, columns));
      if (add) {
        t0 = f32x4.add(v128.load(to), t0);
        t1 = f32x4.add(v128.load(to, 16), t1);
      }
      v128.store(to, t0);
      v128.store(to, t1, 16);
      from += 128;
      to += count * 32;
    }
  }
}
