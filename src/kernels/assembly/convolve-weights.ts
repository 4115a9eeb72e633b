// g = dW, or g = g + dW: the gradient of a convolution's weights, rows `first` to `first + count` of W,
// summed over rows of x; see ../interface/convolution.ts.
//
//   g       (panels, count, 8)  the block of the gradient; what is not a column becomes zero
//   framed  room for the lines of x, with their padding, that `lines` lines of dy have seen
//   dyTiles room for (panels, places, 8), the places of `lines` lines of dy
//   xTiles  room for (2, places, 4), what these places have seen for eight rows of W
//   list    room for what convolution-list.ts lists, or 0 where nothing is to be listed
//   entries room for what convolve-weights-sparse.ts lists, or 0 where it cannot be used
//   sums    room for (tiles, slots, 4, 8), the sums of a row of x so far
//   totals  likewise, the sums of the rows before
//
// A tile is 4 rows of W x 8 columns. What it reads is gathered, as much as then stays in a level-1 cache:
// four and eight numbers of each place, one after the other. The sums of a row wait in `sums` from some lines
// to the next, so that the places of a row are one chain, whatever `lines` is. A tile sees one group of
// channels, so a panel has a slot for each of its groups, and only the columns of that group count.

import { chains, channelChains } from './convolution-chains';
import { endGroup, endOf, firstGroup, firstOf, slotsOf } from './convolution-groups';
import { listPlaces } from './convolution-list';
import { copy } from './convolution-sweep';
import { chunksOf, mostlyZero, mostSkipped, sparseLines, writeSparse } from './convolve-weights-sparse';
import { clear, frame, framed as isFramed } from './frame';
import { gatherGradient, gatherListed, gatherWindows, offsetOf } from './gather-windows';
import { span, tileAt, Window } from './window';

export function convolveWeights(
  x: usize, xStride: i32,
  dy: usize, dyStride: i32,
  rows: i32,
  first: i32, count: i32,
  firstPanel: i32, panels: i32,
  g: usize, add: bool,
  scratch: usize, framed: usize, list: usize, entries: usize,
  dyTiles: usize, xTiles: usize, sums: usize, totals: usize,
  lines: i32,
): void {
  const w = changetype<Window>(scratch);
  const place = w.channels * 4;
  const outLine = w.outWidth * w.outChannels * 4;
  const down = span(w.outHeight, w.strideY, w.kernelHeight, w.dilationY);
  const wide = span(w.outWidth, w.strideX, w.kernelWidth, w.dilationX);
  // All rows go the way of the first. The bits are the same.
  const sparse = entries != 0 && mostlyZero(dy, w.outHeight * w.outWidth * w.outChannels, mostSkipped);
  const channels = min(w.outChannels - firstPanel * 8, panels * 8);
  // A chunk may be read a little beyond the image.
  const whole = !sparse && isFramed(w.height, w.width, -w.beforeY, down, -w.beforeX, wide);
  const columns = whole ? w.width : wide;
  const depthwise = w.groups == w.channels && w.groups == w.outChannels && w.groups > 1;
  const slots = depthwise ? panels : slotsOf(w, firstPanel, panels);
  const bytes = (sparse ? chunksOf(w, first, count) * channels : ((count + 3) >> 2) * slots) * 128;
  clear(totals, bytes);
  for (let row = 0; row < rows; row++) {
    if (sparse) clear(sums, bytes);
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
      let places = some * w.outWidth;
      const begin = line == 0;
      const end = line + lines >= w.outHeight;
      if (list != 0) {
        places = listPlaces(w, image, columns, some, list);
        gatherListed(seenBy + firstPanel * 32, w.outChannels * 4, list, places, panels, dyTiles);
      } else if (!depthwise) {
        gatherGradient(seenBy + firstPanel * 32, w.outChannels * 4, places, panels, dyTiles);
      }
      if (sparse) {
        sparseLines(w, image, columns, dyTiles, some, first, count, channels, entries, sums);
      } else if (depthwise) {
        channelTiles(
          w, image, columns,
          seenBy, some,
          first, count,
          firstPanel, panels,
          sums, totals,
          begin, end,
        );
      } else {
        tiles(
          w, image, columns, some, list, places,
          first, count,
          firstPanel, panels, slots,
          dyTiles, xTiles, sums, totals,
          begin, end,
        );
      }
    }
    if (sparse) addTo(totals, sums, bytes);
    x += xStride;
    dy += dyStride;
  }
  if (!add) clear(g, count * panels * 32);
  if (sparse) writeSparse(w, totals, first, count, channels, g);
  else write(w, totals, count, firstPanel, panels, slots, depthwise, g, scratch + tileAt);
}

function addTo(totals: usize, sums: usize, bytes: i32): void {
  for (let at = 0; at < bytes; at += 16) {
    v128.store(totals + at, f32x4.add(v128.load(totals + at), v128.load(sums + at)));
  }
}

// The tiles of these lines. They begin and end the sums of a row of x, or they do not.
function tiles(
  w: Window, image: usize, columns: i32, lines: i32,
  list: usize, places: i32,
  first: i32, count: i32,
  firstPanel: i32, panels: i32, slots: i32,
  dyTiles: usize, xTiles: usize, sums: usize, totals: usize,
  begin: bool, end: bool,
): void {
  const inputs = w.channels / w.groups;
  const stop = first + count;
  let at = 0;
  for (let k = first; k < stop; k += 8) {
    const two = k + 4 < stop;
    for (let group = firstGroup(w, firstPanel); group < endGroup(w, firstPanel, panels); group++) {
      const seen = image + group * inputs * 4;
      gatherWindows(w, seen, columns, lines, list, places, k, stop, xTiles);
      if (two) gatherWindows(w, seen, columns, lines, list, places, k + 4, stop, xTiles + places * 16);
      const last = (endOf(w, group, firstPanel, panels) + 7) >> 3;
      for (let panel = firstOf(w, group, firstPanel) >> 3; panel < last; panel++) {
        const d = dyTiles + panel * places * 32;
        chains(xTiles, d, places, sums + at, totals + at, begin, end);
        if (two) {
          const next = at + slots * 128;
          chains(xTiles + places * 16, d, places, sums + next, totals + next, begin, end);
        }
        at += 128;
      }
    }
    // The second tile's slots.
    at += slots * 128;
  }
}

// The tiles of these lines where each channel is a group: 4 taps x 8 channels.
function channelTiles(
  w: Window, image: usize, columns: i32,
  dy: usize, lines: i32,
  first: i32, count: i32,
  firstPanel: i32, panels: i32,
  sums: usize, totals: usize,
  begin: bool, end: bool,
): void {
  const place = w.channels * 4;
  const right = w.strideX * place;
  const nextLine = (w.strideY * columns - w.outWidth * w.strideX) * place;
  const stop = first + count;
  for (let k = first; k < stop; k += 4) {
    const o0 = offsetOf(w, k, columns);
    const o1 = offsetOf(w, min(k + 1, stop - 1), columns);
    const o2 = offsetOf(w, min(k + 2, stop - 1), columns);
    const o3 = offsetOf(w, min(k + 3, stop - 1), columns);
    for (let panel = firstPanel; panel < firstPanel + panels; panel++) {
      const x = image + panel * 32;
      const d = dy + panel * 32;
      channelChains(
        x + o0, x + o1, x + o2, x + o3, right, nextLine,
        d, place,
        w.outWidth, lines,
        sums, totals,
        begin, end,
      );
      sums += 128;
      totals += 128;
    }
  }
}

// Adds the totals to g, (panels, count, 8): of each slot, the columns of its group.
function write(
  w: Window, totals: usize,
  count: i32, firstPanel: i32, panels: i32, slots: i32,
  depthwise: bool,
  g: usize, tile: usize,
): void {
  for (let k = 0; k < count; k++) {
    let from = totals + ((k >> 2) * slots * 4 + (k & 3)) * 32;
    if (depthwise) {
      const end = min(w.outChannels - firstPanel * 8, panels * 8);
      for (let column = 0; column < end; column += 8) {
        addColumns(from, g + ((column >> 3) * count + k) * 32, 0, min(end - column, 8), tile);
        from += 128;
      }
      continue;
    }
    for (let group = firstGroup(w, firstPanel); group < endGroup(w, firstPanel, panels); group++) {
      const first = firstOf(w, group, firstPanel);
      const end = endOf(w, group, firstPanel, panels);
      for (let column = first & ~7; column < end; column += 8) {
        const skipped = max(first - column, 0);
        const few = min(end - column, 8) - skipped;
        addColumns(from, g + ((column >> 3) * count + k) * 32, skipped, few, tile);
        from += 128;
      }
    }
  }
}

// Adds some of eight columns.
// @ts-ignore: decorator
@inline
function addColumns(from: usize, to: usize, first: usize, count: usize, tile: usize): void {
  v128.store(tile, f32x4.add(v128.load(to), v128.load(from)));
  v128.store(tile, f32x4.add(v128.load(to, 16), v128.load(from, 16)), 16);
  copy(tile + first * 4, to + first * 4, count);
}
