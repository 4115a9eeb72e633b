// g = dW, or g = g + dW: the gradient of a convolution's weights, rows `first` to `first + count` of W, summed
// over rows of x; see ../interface/convolution.ts.
//
//   g       (panels, count, 8)  the block of the gradient; what is not a column becomes zero
//   framed  room for the lines of x, with their padding, that `lines` lines of dy have seen
//   dyTiles room for (panels, places, 8), the places of `lines` lines of dy
//   xTiles  room for (2, places, 4), what these places have seen for eight rows of W
//   list    room for what convolution-list.ts lists, or 0 where nothing is to be listed
//   sums    room for (tiles, slots, 4, 8), the sums of a row of x so far
//   totals  likewise, the sums of the rows before
//
// A tile is 4 rows of W x 8 columns. What it reads is gathered, as much as then stays in a level-1 cache: four
// and eight numbers of each place, one after the other. The sums of a row wait in `sums` from some lines to the
// next, so that the places of a row are one chain, whatever `lines` is. A tile sees one group of channels, so a
// panel has a slot for each of its groups, and only the columns of that group count.

import { listPlaces } from './convolution-list';
import { copy } from './convolution-sweep';
import { clear, frame, framed as isFramed } from './frame';
import { span, tileAt, Window } from './window';

export function convolveWeights(
  x: usize, xStride: i32,
  dy: usize, dyStride: i32,
  rows: i32,
  first: i32, count: i32,
  firstPanel: i32, panels: i32,
  g: usize, add: bool,
  scratch: usize, framed: usize, list: usize, dyTiles: usize, xTiles: usize, sums: usize, totals: usize,
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
  const slots = depthwise ? panels : slotsOf(w, firstPanel, panels);
  clear(totals, ((count + 3) >> 2) * slots * 128);
  for (let row = 0; row < rows; row++) {
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
      if (depthwise) {
        channelTiles(w, image, columns, seenBy, some, first, count, firstPanel, panels, sums, totals, begin, end);
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
    x += xStride;
    dy += dyStride;
  }
  if (!add) clear(g, count * panels * 32);
  write(w, totals, count, firstPanel, panels, slots, depthwise, g, scratch + tileAt);
}

// The columns of a group among those of some panels, from the first of these on.
// @ts-ignore: decorator
@inline
function firstOf(w: Window, group: i32, firstPanel: i32): i32 {
  return max(group * (w.outChannels / w.groups) - firstPanel * 8, 0);
}

// @ts-ignore: decorator
@inline
function endOf(w: Window, group: i32, firstPanel: i32, panels: i32): i32 {
  return min((group + 1) * (w.outChannels / w.groups) - firstPanel * 8, panels * 8);
}

// The first group with columns in a panel, and one more than the last with columns in some panels.
// @ts-ignore: decorator
@inline
function firstGroup(w: Window, panel: i32): i32 {
  return (panel * 8) / (w.outChannels / w.groups);
}

// @ts-ignore: decorator
@inline
function endGroup(w: Window, firstPanel: i32, panels: i32): i32 {
  const outputs = w.outChannels / w.groups;
  return min(((firstPanel + panels) * 8 + outputs - 1) / outputs, w.groups);
}

// Pairs of a panel and a group with columns in it.
function slotsOf(w: Window, firstPanel: i32, panels: i32): i32 {
  let slots = 0;
  for (let group = firstGroup(w, firstPanel); group < endGroup(w, firstPanel, panels); group++) {
    const end = endOf(w, group, firstPanel, panels);
    slots += ((end + 7) >> 3) - (firstOf(w, group, firstPanel) >> 3);
  }
  return slots;
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

// The same, of the listed places.
function gatherListed(dy: usize, place: usize, list: usize, count: i32, panels: i32, to: usize): void {
  for (let panel = 0; panel < panels; panel++) {
    for (let i = 0; i < count; i++) {
      const from = dy + panel * 32 + <usize>load<i32>(list + i * 8, 4) * place;
      v128.store(to, v128.load(from));
      v128.store(to, v128.load(from, 16), 16);
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
// many; what stands for the others is never used. Four numbers lie beside each other, or they lie in two runs:
// then both are read, as if each had all four, and `mask` says which of them the second has; or anyhow.
class Four {
  // @ts-ignore: decorator
  @inline
  put(at: usize, o1: i32, o2: i32, o3: i32, _: v128, to: usize): void {
    store<f32>(to, load<f32>(at));
    store<f32>(to, load<f32>(at + o1), 4);
    store<f32>(to, load<f32>(at + o2), 8);
    store<f32>(to, load<f32>(at + o3), 12);
  }
}

class OfTwoRuns {
  // @ts-ignore: decorator
  @inline
  put(at: usize, _: i32, __: i32, o3: i32, mask: v128, to: usize): void {
    v128.store(to, v128.bitselect(v128.load(at + o3 - 12), v128.load(at), mask));
  }
}

class OfOneRun {
  // @ts-ignore: decorator
  @inline
  put(at: usize, _: i32, __: i32, ___: i32, ____: v128, to: usize): void {
    v128.store(to, v128.load(at));
  }
}

function gatherWindows(
  w: Window, image: usize, columns: i32, lines: i32,
  list: usize, listed: i32,
  k: i32, end: i32,
  to: usize,
): void {
  const o0 = offsetOf(w, k, columns);
  const o1 = offsetOf(w, min(k + 1, end - 1), columns) - o0;
  const o2 = offsetOf(w, min(k + 2, end - 1), columns) - o0;
  const o3 = offsetOf(w, min(k + 3, end - 1), columns) - o0;
  const at = image + o0;
  // What a second run has: the last one, two or three.
  const mask = i32x4(0, o1 == 4 ? 0 : -1, o1 == 4 && o2 == 8 ? 0 : -1, -1);
  const run = o1 == 4 && o2 == 8 && o3 == 12;
  const two = o1 == 4 ? o2 == 8 || o3 == o2 + 4 : o2 == o1 + 4 && o3 == o2 + 4;
  if (run) gatherAs<OfOneRun>(w, at, columns, lines, list, listed, o1, o2, o3, mask, to);
  else if (two) gatherAs<OfTwoRuns>(w, at, columns, lines, list, listed, o1, o2, o3, mask, to);
  else gatherAs<Four>(w, at, columns, lines, list, listed, o1, o2, o3, mask, to);
}

function gatherAs<Kind>(
  w: Window, at: usize, columns: i32, lines: i32,
  list: usize, listed: i32,
  o1: i32, o2: i32, o3: i32, mask: v128,
  to: usize,
): void {
  const kind = changetype<Kind>(0);
  if (list != 0) {
    for (; listed > 0; listed--) {
      kind.put(at + load<i32>(list), o1, o2, o3, mask, to);
      list += 8;
      to += 16;
    }
    return;
  }
  const right = w.strideX * w.channels * 4;
  const nextLine = (w.strideY * columns - w.outWidth * w.strideX) * w.channels * 4;
  for (; lines > 0; lines--) {
    for (let left = w.outWidth; left > 0; left--) {
      kind.put(at, o1, o2, o3, mask, to);
      at += right;
      to += 16;
    }
    at += nextLine;
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

// The sums over the places of 4 numbers x 8 channels, from those in `sums` on, or from 0. They are put there
// again, or at the end added to the totals.
function chains(
  x: usize, dy: usize, places: usize,
  sums: usize, totals: usize,
  begin: bool, end: bool,
): void {
  if (TURBOFAN) {
    x &= ~3;
    dy &= ~15;
  }
  let s00 = f32x4.splat(0);
  let s01 = s00;
  let s10 = s00;
  let s11 = s00;
  let s20 = s00;
  let s21 = s00;
  let s30 = s00;
  let s31 = s00;
  if (!begin) {
    s00 = v128.load(sums);
    s01 = v128.load(sums, 16);
    s10 = v128.load(sums, 32);
    s11 = v128.load(sums, 48);
    s20 = v128.load(sums, 64);
    s21 = v128.load(sums, 80);
    s30 = v128.load(sums, 96);
    s31 = v128.load(sums, 112);
  }
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
  if (end) {
    s00 = f32x4.add(v128.load(totals), s00);
    s01 = f32x4.add(v128.load(totals, 16), s01);
    s10 = f32x4.add(v128.load(totals, 32), s10);
    s11 = f32x4.add(v128.load(totals, 48), s11);
    s20 = f32x4.add(v128.load(totals, 64), s20);
    s21 = f32x4.add(v128.load(totals, 80), s21);
    s30 = f32x4.add(v128.load(totals, 96), s30);
    s31 = f32x4.add(v128.load(totals, 112), s31);
    sums = totals;
  }
  v128.store(sums, s00);
  v128.store(sums, s01, 16);
  v128.store(sums, s10, 32);
  v128.store(sums, s11, 48);
  v128.store(sums, s20, 64);
  v128.store(sums, s21, 80);
  v128.store(sums, s30, 96);
  v128.store(sums, s31, 112);
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
      let x = image + panel * 32;
      let d = dy + panel * 32;
      let s00 = f32x4.splat(0);
      let s01 = s00;
      let s10 = s00;
      let s11 = s00;
      let s20 = s00;
      let s21 = s00;
      let s30 = s00;
      let s31 = s00;
      if (!begin) {
        s00 = v128.load(sums);
        s01 = v128.load(sums, 16);
        s10 = v128.load(sums, 32);
        s11 = v128.load(sums, 48);
        s20 = v128.load(sums, 64);
        s21 = v128.load(sums, 80);
        s30 = v128.load(sums, 96);
        s31 = v128.load(sums, 112);
      }
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
      let to = sums;
      if (end) {
        s00 = f32x4.add(v128.load(totals), s00);
        s01 = f32x4.add(v128.load(totals, 16), s01);
        s10 = f32x4.add(v128.load(totals, 32), s10);
        s11 = f32x4.add(v128.load(totals, 48), s11);
        s20 = f32x4.add(v128.load(totals, 64), s20);
        s21 = f32x4.add(v128.load(totals, 80), s21);
        s30 = f32x4.add(v128.load(totals, 96), s30);
        s31 = f32x4.add(v128.load(totals, 112), s31);
        to = totals;
      }
      v128.store(to, s00);
      v128.store(to, s01, 16);
      v128.store(to, s10, 32);
      v128.store(to, s11, 48);
      v128.store(to, s20, 64);
      v128.store(to, s21, 80);
      v128.store(to, s30, 96);
      v128.store(to, s31, 112);
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
