// The tiles of a convolution, over all places of some lines and at most 8 channels.
//
//   image         the window of the first place; the next place's lies `right` bytes further, the next line's
//                 `down`
//   table, runs, steps, W, b
//                 see convolution-tile.ts
//   y             the first place of the output; the next lies yRight bytes further, the next line's yDown
//   first, count  the channels that are stored, of the 8 of a tile
//   tile          scratch for the sums of a tile
//
// Tiles are four places in reading order, across the ends of lines. If there are fewer, the last is computed
// more than once.
//
// What lies above and below the image is left out: that is, the runs of these lines.
//
//   perLine       runs in a line of a window
//   taps          lines of a window, `between` lines of the image apart, which are betweenBytes
//   start         the line of the image that the first window begins with, which may be negative; the next
//                 line's begins `step` lines further
//   height        lines of the image

export function sweep<Kind>(
  image: usize, right: usize, down: usize,
  across: i32, lines: i32,
  table: usize, perLine: i32, steps: i32,
  taps: i32, between: i32, betweenBytes: i32,
  start: i32, step: i32, height: i32,
  W: usize, b: usize,
  y: usize, yRight: usize, yDown: usize,
  first: usize, count: usize,
  tile: usize,
): void {
  for (let line = 0; line < lines; ) {
    const from = firstTap(start, between, taps);
    const end = endTap(start, between, height, taps);
    // Lines that see as much of the image.
    let next = line + 1;
    start += step;
    for (; next < lines; next++) {
      if (firstTap(start, between, taps) != from || endTap(start, between, height, taps) != end) break;
      start += step;
    }
    const run = from * perLine;
    // From there on, `table` leads to the first run that is not left out.
    const skipped = load<i32>(table) + from * betweenBytes - load<i32>(table + run * 4);
    places<Kind>(
      image + <usize>line * down + skipped, right, down,
      across, next - line,
      table + run * 4, max(end - from, 0) * perLine, steps,
      W + run * steps * 32, b,
      y + <usize>line * yDown, yRight, yDown,
      first, count,
      tile,
    );
    line = next;
  }
}

// Of taps `between` lines apart, the first from `start` that lies in the image; and one more than the last.
// @ts-ignore: decorator
@inline
function firstTap(start: i32, between: i32, taps: i32): i32 {
  return start >= 0 ? 0 : min((between - 1 - start) / between, taps - 1);
}

// @ts-ignore: decorator
@inline
function endTap(start: i32, between: i32, height: i32, taps: i32): i32 {
  return start >= height ? 0 : min((height - 1 - start) / between + 1, taps);
}

function places<Kind>(
  image: usize, right: usize, down: usize,
  across: i32, lines: i32,
  table: usize, runs: usize, steps: usize,
  W: usize, b: usize,
  y: usize, yRight: usize, yDown: usize,
  first: usize, count: usize,
  tile: usize,
): void {
  const direct = count == 8 && yDown == <usize>across * yRight;
  const nextLine = down - <usize>across * right;
  const nextLineOfY = yDown - <usize>across * yRight;
  const six = first + count <= 6;
  let left = across;
  for (let places = across * lines; places > 0; places -= 4) {
    const x = image;
    const y0 = y;
    let x1 = x;
    let x2 = x;
    let x3 = x;
    let y1 = y;
    let y2 = y;
    let y3 = y;
    image += right;
    y += yRight;
    if (--left == 0) {
      left = across;
      image += nextLine;
      y += nextLineOfY;
    }
    if (places > 1) {
      x1 = image;
      y1 = y;
      image += right;
      y += yRight;
      if (--left == 0) {
        left = across;
        image += nextLine;
        y += nextLineOfY;
      }
    }
    if (places > 2) {
      x2 = image;
      y2 = y;
      image += right;
      y += yRight;
      if (--left == 0) {
        left = across;
        image += nextLine;
        y += nextLineOfY;
      }
    }
    if (places > 3) {
      x3 = image;
      y3 = y;
      image += right;
      y += yRight;
      if (--left == 0) {
        left = across;
        image += nextLine;
        y += nextLineOfY;
      }
    }
    const whole = direct && places > 3;
    const to = whole ? y0 : tile;
    const toStride = whole ? yRight : 32;
    changetype<Kind>(0).tile(x, x1, x2, x3, table, runs, steps, W, b, to, toStride, six);
    if (!whole) {
      const from = tile + first * 4;
      copy(from, y0, count);
      if (places > 1) copy(from + 32, y1, count);
      if (places > 2) copy(from + 64, y2, count);
      if (places > 3) copy(from + 96, y3, count);
    }
  }
}

// Copies so many numbers, at most 8.
// @ts-ignore: decorator
@inline
export function copy(from: usize, to: usize, count: usize): void {
  if (count == 8) {
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
    return;
  }
  if (count & 4) {
    v128.store(to, v128.load(from));
    from += 16;
    to += 16;
  }
  if (count & 2) {
    store<u64>(to, load<u64>(from));
    from += 8;
    to += 8;
  }
  if (count & 1) store<u32>(to, load<u32>(from));
}
