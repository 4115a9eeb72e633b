// dx = the gradient of a convolution's input, for rows of dy; see ../interface/convolution.ts.
//
//   table   room for the runs of a window of dy, see convolution-tile.ts
//   framed  room for the lines of dy, with their padding, that `lines` lines of dx see
//   packed  room for W as dx needs it
//   entries, starts
//           room for lists of what is not zero in dy, or 0 where they cannot be used
//   scattered
//           room for what convolve-backward-scatter.ts sums, or 0: then convolve-backward-sparse.ts does it
//   lines   a multiple of the stride
//
// A place q of the input was seen by the places p of the output with p stride = q + before - k dilation, so
// dx is a convolution too: of dy, by W with its last tap first and transposed. Which taps k have such a p
// depends on the remainder of q by the stride: its class. The places of a class see as many lines and columns
// of dy further as they lie apart in their class, and so a class is done like the lines of a forward
// convolution.

import { Dense, Depthwise, runEnd } from './convolution-tile';
import { sweep } from './convolution-sweep';
import { packScatter, scatterRowBackward } from './convolve-backward-scatter';
import { packSparse, sparseRowBackward } from './convolve-backward-sparse';
import { mostlyZero, mostSkipped } from './convolve-weights-sparse';
import { frame } from './frame';
import { transpose4x4 } from './transpose';
import { ceilDiv, floorDiv, tileAt, Window, zeros } from './window';

export function convolveBackward(
  dy: usize, dyStride: i32,
  W: usize,
  dx: usize, dxStride: i32,
  rows: i32,
  scratch: usize, table: usize, framed: usize, packed: usize, entries: usize, starts: usize,
  scattered: usize,
  lines: i32,
): void {
  const w = changetype<Window>(scratch);
  const depthwise = w.groups == w.channels && w.groups == w.outChannels && w.groups > 1;
  const place = w.outChannels * 4;
  // The first line and column of dy that any place sees.
  const top = ceilDiv(w.beforeY - (w.kernelHeight - 1) * w.dilationY, w.strideY);
  const start = ceilDiv(w.beforeX - (w.kernelWidth - 1) * w.dilationX, w.strideX);
  const wide = floorDiv(w.width - 1 + w.beforeX, w.strideX) - start + 1;
  // Nothing needs the lines above and below dy.
  const whole = start >= 0 && start + wide <= w.outWidth;
  const columns = whole ? w.outWidth : wide;
  if (whole) lines = w.height;
  let asSparse = false;
  for (let row = 0; row < rows; row++) {
    const sparse = entries != 0 && mostlyZero(dy, w.outHeight * w.outWidth * w.outChannels, mostSkipped);
    if (row == 0 || sparse != asSparse) {
      if (sparse && scattered != 0) packScatter(w, W, packed);
      else if (sparse) packSparse(w, W, packed);
      else pack(w, W, depthwise, packed);
      asSparse = sparse;
    }
    if (sparse) {
      if (scattered != 0) scatterRowBackward(w, dy, dx, entries, starts, packed, scattered);
      else sparseRowBackward(w, dy, dx, entries, starts, packed, scratch);
      dy += dyStride;
      dx += dxStride;
      continue;
    }
    for (let line = 0; line < w.height; line += lines) {
      const count = min(lines, w.height - line);
      const from = line / w.strideY + top;
      let image = dy + (from * w.outWidth + start) * place;
      if (!whole) {
        const some = floorDiv(count - 1 + w.beforeY, w.strideY) - top + 1;
        frame(dy, w.outHeight, w.outWidth, place, from, some, start, columns, framed);
        image = framed;
      }
      const to = dx + line * w.width * w.channels * 4;
      classes(w, image, columns, from, top, start, table, packed, depthwise, to, count, scratch);
    }
    dy += dyStride;
    dx += dxStride;
  }
}

// `count` lines of dx, class by class. `image` is line `from`, column `start` of dy: the first that any of
// them sees. The first line of dx of all sees line `top`.
function classes(
  w: Window, image: usize, columns: i32, from: i32, top: i32, start: i32,
  table: usize, packed: usize, depthwise: bool,
  dx: usize, count: i32,
  scratch: usize,
): void {
  const b = zeros(scratch);
  const inputs = w.channels / w.groups;
  const outputs = w.outChannels / w.groups;
  const place = w.channels * 4;
  const outPlace = w.outChannels * 4;
  // Lines of dy from one tap of a class to the next.
  const between = w.dilationY / divisor(w.strideY, w.dilationY);
  for (let cy = 0; cy < min(w.strideY, w.height); cy++) {
    for (let cx = 0; cx < min(w.strideX, w.width); cx++) {
      const runs = classRuns(w, cy, cx, columns * outPlace, top, start, depthwise, table);
      const down = tapsOf(cy, w.beforeY, w.kernelHeight, w.dilationY, w.strideY);
      const taps = down * tapsOf(cx, w.beforeX, w.kernelWidth, w.dilationX, w.strideX);
      const perLine = down == 0 ? 0 : runs / down;
      const steps = runs == 0 ? 0 : (taps / runs) * outputs;
      const first = firstSeen(w, cy) - top;
      const lines = max((count - cy + w.strideY - 1) / w.strideY, 0);
      const across = (w.width - cx + w.strideX - 1) / w.strideX;
      const to = dx + (cy * w.width + cx) * place;
      const toRight = w.strideX * place;
      const toDown = w.strideY * w.width * place;
      if (depthwise) {
        for (let channel = 0; channel < w.channels; channel += 8) {
          sweep<Depthwise>(
            image + channel * 4, outPlace, columns * outPlace,
            across, lines,
            table, perLine, 1,
            down, between, between * columns * outPlace,
            from + first, 1, w.outHeight,
            packed, b,
            to + channel * 4, toRight, toDown,
            0, min(w.channels - channel, 8),
            scratch + tileAt,
          );
          packed += taps * 32;
        }
        continue;
      }
      for (let group = 0; group < w.groups; group++) {
        for (let panel = 0; panel < inputs; panel += 8) {
          sweep<Dense>(
            image + group * outputs * 4, outPlace, columns * outPlace,
            across, lines,
            table, perLine, steps,
            down, between, between * columns * outPlace,
            from + first, 1, w.outHeight,
            packed, b,
            to + (group * inputs + panel) * 4, toRight, toDown,
            0, min(inputs - panel, 8),
            scratch + tileAt,
          );
          packed += taps * outputs * 32;
        }
      }
    }
  }
}

// Whether tap k meets the places of class c, along one axis.
// @ts-ignore: decorator
@inline
function meets(c: i32, before: i32, k: i32, dilation: i32, stride: i32): bool {
  return (c + before - k * dilation) % stride == 0;
}

// Taps of a class, along one axis.
function tapsOf(c: i32, before: i32, kernel: i32, dilation: i32, stride: i32): i32 {
  let taps = 0;
  for (let k = 0; k < kernel; k++) taps += i32(meets(c, before, k, dilation, stride));
  return taps;
}

// The first line of dy that the first line of a class sees; 0 if it sees none.
function firstSeen(w: Window, cy: i32): i32 {
  for (let ky = w.kernelHeight - 1; ky >= 0; ky--) {
    if (meets(cy, w.beforeY, ky, w.dilationY, w.strideY)) {
      return (cy + w.beforeY - ky * w.dilationY) / w.strideY;
    }
  }
  return 0;
}

// The greatest common divisor.
function divisor(a: i32, b: i32): i32 {
  while (b != 0) {
    const rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

// Writes the runs of a class's window over lines of `line` bytes into `table`. Returns their number.
function classRuns(
  w: Window, cy: i32, cx: i32,
  line: i32, top: i32, start: i32,
  depthwise: bool,
  table: usize,
): i32 {
  const outputs = w.outChannels / w.groups;
  // The taps of a line then see neighbours.
  const merged = w.groups == 1 && w.strideX % w.dilationX == 0;
  const across = tapsOf(cx, w.beforeX, w.kernelWidth, w.dilationX, w.strideX);
  const end = depthwise ? 0 : runEnd(merged ? across * outputs : outputs);
  let runs = 0;
  let at = 0;
  for (let ky = w.kernelHeight - 1; ky >= 0; ky--) {
    if (!meets(cy, w.beforeY, ky, w.dilationY, w.strideY)) continue;
    const py = (cy + w.beforeY - ky * w.dilationY) / w.strideY - top;
    for (let kx = w.kernelWidth - 1; kx >= 0; kx--) {
      if (!meets(cx, w.beforeX, kx, w.dilationX, w.strideX)) continue;
      const px = (cx + w.beforeX - kx * w.dilationX) / w.strideX - start;
      const run = py * line + px * w.outChannels * 4;
      store<i32>(table + runs * 4, run - at);
      at = run + end;
      runs++;
      if (merged) break;
    }
  }
  return runs;
}

// packed = W as dx needs it: for each class, group and 8 of its inputs (taps, outputs, 8), the last tap
// first. Where each channel is a group: for each class and 8 channels (taps, 8).
function pack(w: Window, W: usize, depthwise: bool, packed: usize): void {
  const inputs = w.channels / w.groups;
  const groups = depthwise ? (w.channels + 7) >> 3 : w.groups;
  const rows = w.kernelHeight * w.kernelWidth * inputs;
  for (let cy = 0; cy < min(w.strideY, w.height); cy++) {
    for (let cx = 0; cx < min(w.strideX, w.width); cx++) {
      for (let group = 0; group < groups; group++) {
        for (let panel = 0; panel < inputs; panel += 8) {
          for (let ky = w.kernelHeight - 1; ky >= 0; ky--) {
            if (!meets(cy, w.beforeY, ky, w.dilationY, w.strideY)) continue;
            for (let kx = w.kernelWidth - 1; kx >= 0; kx--) {
              if (!meets(cx, w.beforeX, kx, w.dilationX, w.strideX)) continue;
              const row = (ky * w.kernelWidth + kx) * inputs + panel;
              if (depthwise) {
                const from = W + (group * rows + row) * 32;
                v128.store(packed, v128.load(from));
                v128.store(packed, v128.load(from, 16), 16);
                packed += 32;
              } else {
                const outputs = w.outChannels / w.groups;
                packTap(W, row, rows, group * outputs, outputs, min(inputs - panel, 8), packed);
                packed += outputs * 32;
              }
            }
          }
        }
      }
    }
  }
}

// packed[o][i] = W[row + i][first + o] for `outputs` columns and 8 rows of W, of which `count` are needed:
// the others may be anything, because nothing of them is kept.
function packTap(W: usize, row: i32, rows: i32, first: i32, outputs: i32, count: i32, packed: usize): void {
  const panelStride = rows * 32;
  W += row * 32;
  let o = 0;
  if (row + 8 <= rows && (first & 3) == 0) {
    for (; o + 4 <= outputs; o += 4) {
      const from = W + ((first + o) >> 3) * panelStride + ((first + o) & 7) * 4;
      transpose4x4(from, 32, packed, 32);
      transpose4x4(from + 4 * 32, 32, packed + 16, 32);
      packed += 4 * 32;
    }
  }
  for (; o < outputs; o++) {
    const from = W + ((first + o) >> 3) * panelStride + ((first + o) & 7) * 4;
    for (let i = 0; i < 8; i++) store<f32>(packed + i * 4, i < count ? load<f32>(from + i * 32) : 0);
    packed += 32;
  }
}
