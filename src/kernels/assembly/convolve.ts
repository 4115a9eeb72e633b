// y = b + the windows of x times W, for rows of x; see ../interface/convolution.ts for the shapes.
//
//   b       0 if there is none
//   list    room for what convolution-list.ts lists, or 0 where nothing is to be listed
//   table   room for the runs of a window, see convolution-tile.ts
//   framed  room for the lines of x, with their padding, that `lines` lines of y see
//
// The channels of neighbouring places lie beside each other. So a line of a window is one run of numbers if
// there are no groups and no dilation; else each place of it is one. Only the padding beside x takes a copy:
// what a window has not in one piece is never gathered.

import { listPlaces, sweepListed } from './convolution-list';
import { Dense, Depthwise, runEnd } from './convolution-tile';
import { sweep } from './convolution-sweep';
import { frame } from './frame';
import { span, tileAt, Window, zeros } from './window';

export function convolve(
  x: usize, xStride: i32,
  W: usize, b: usize,
  y: usize, yStride: i32,
  rows: i32,
  scratch: usize, table: usize, framed: usize, list: usize,
  lines: i32,
): void {
  const w = changetype<Window>(scratch);
  const place = w.channels * 4;
  const wide = span(w.outWidth, w.strideX, w.kernelWidth, w.dilationX);
  // Nothing but lists needs the lines above and below x.
  const whole = w.beforeX == 0 && wide <= w.width && (list == 0 || w.beforeY == 0);
  const columns = whole ? w.width : wide;
  if (whole && list == 0) lines = w.outHeight;
  const depthwise = w.groups == w.channels && w.groups == w.outChannels && w.groups > 1;
  const runs = windowRuns(w, columns * place, depthwise, table);
  const bStep = b == 0 ? 0 : 4;
  if (b == 0) b = zeros(scratch);
  for (let row = 0; row < rows; row++) {
    for (let line = 0; line < w.outHeight; line += lines) {
      const count = min(lines, w.outHeight - line);
      const from = line * w.strideY - w.beforeY;
      let image = x + from * w.width * place;
      if (!whole) {
        const seen = span(count, w.strideY, w.kernelHeight, w.dilationY);
        frame(x, w.height, w.width, place, from, seen, -w.beforeX, columns, framed);
        image = framed;
      }
      const to = y + line * w.outWidth * w.outChannels * 4;
      if (list != 0) {
        const listed = listPlaces(w, image, columns, count, list);
        const steps = (w.kernelHeight * w.kernelWidth) / runs;
        const places = count * w.outWidth;
        sweepListed(w, image, list, listed, places, table, runs, steps, W, b, bStep, to, scratch + tileAt);
      } else if (depthwise) {
        depthwiseLines(w, image, columns, from, table, runs, W, b, bStep, to, count, scratch + tileAt);
      } else {
        groupLines(w, image, columns, from, table, runs, W, b, bStep, to, count, scratch + tileAt);
      }
    }
    x += xStride;
    y += yStride;
  }
}

// Writes the runs of a window over lines of `line` bytes into `table`. Returns their number.
export function windowRuns(w: Window, line: i32, depthwise: bool, table: usize): i32 {
  const inputs = w.channels / w.groups;
  const merged = w.groups == 1 && w.dilationX == 1;
  const across = merged ? 1 : w.kernelWidth;
  const end = depthwise ? 0 : runEnd(merged ? w.kernelWidth * inputs : inputs);
  let at = 0;
  for (let ky = 0; ky < w.kernelHeight; ky++) {
    for (let kx = 0; kx < across; kx++) {
      const run = ky * w.dilationY * line + kx * w.dilationX * w.channels * 4;
      store<i32>(table, run - at);
      table += 4;
      at = run + end;
    }
  }
  return w.kernelHeight * across;
}

// `count` lines of y, group by group, panel by panel of W. The first window begins at `image`.
function groupLines(
  w: Window, image: usize, columns: i32, from: i32,
  table: usize, runs: i32,
  W: usize, b: usize, bStep: i32,
  y: usize, count: i32,
  tile: usize,
): void {
  const inputs = w.channels / w.groups;
  const outputs = w.outChannels / w.groups;
  const taps = w.kernelHeight * w.kernelWidth;
  const steps = (taps / runs) * inputs;
  const between = w.dilationY * columns * w.channels * 4;
  const panelBytes = taps * inputs * 32;
  const place = w.channels * 4;
  const outPlace = w.outChannels * 4;
  for (let group = 0; group < w.groups; group++) {
    const end = (group + 1) * outputs;
    for (let panel = (group * outputs) & ~7; panel < end; panel += 8) {
      const first = max(group * outputs - panel, 0);
      sweep<Dense>(
        image + group * inputs * 4, w.strideX * place, w.strideY * columns * place,
        w.outWidth, count,
        table, runs / w.kernelHeight, steps,
        w.kernelHeight, w.dilationY, between,
        from, w.strideY, w.height,
        W + (panel >> 3) * panelBytes, b + panel * bStep,
        y + (panel + first) * 4, outPlace, w.outWidth * outPlace,
        first, min(end - panel, 8) - first,
        tile,
      );
    }
  }
}

// The same where each channel is a group.
function depthwiseLines(
  w: Window, image: usize, columns: i32, from: i32,
  table: usize, taps: i32,
  W: usize, b: usize, bStep: i32,
  y: usize, count: i32,
  tile: usize,
): void {
  const place = w.channels * 4;
  const between = w.dilationY * columns * place;
  for (let channel = 0; channel < w.channels; channel += 8) {
    const offset = channel * 4;
    sweep<Depthwise>(
      image + offset, w.strideX * place, w.strideY * columns * place,
      w.outWidth, count,
      table, w.kernelWidth, 1,
      w.kernelHeight, w.dilationY, between,
      from, w.strideY, w.height,
      W + taps * offset, b + channel * bStep,
      y + offset, place, w.outWidth * place,
      0, min(w.channels - channel, 8),
      tile,
    );
  }
}
