// g = the sums of dy's columns over the rows of the minibatch, or g = g + them: the gradient of a bias.
//
//   dy (rows, columns)  row-major, padded to whole vectors, dyStride bytes a row
//   g  (columns)        padded likewise

export function columnSums(
  dy: usize,
  dyStride: usize,
  rows: usize,
  columns: usize,
  g: usize,
  add: bool,
): void {
  for (const end = g + columns * 4; g < end; g += 16) {
    let s = f32x4.splat(0);
    let at = dy;
    for (let row: usize = 0; row < rows; row++) {
      s = f32x4.add(s, v128.load(at));
      at += dyStride;
    }
    v128.store(g, add ? f32x4.add(v128.load(g), s) : s);
    dy += 16;
  }
}
