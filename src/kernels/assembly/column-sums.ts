// g = the sums of dy's columns over the rows of the minibatch, or g = g + them: the gradient of a bias.
//
//   dy (rows, vectors * 4)  row-major, dyStride bytes a row
//   g  (vectors * 4)

export function columnSums(dy: usize, dyStride: usize, rows: usize, vectors: usize, g: usize, add: bool): void {
  for (let vector: usize = 0; vector < vectors; vector++) {
    let s = f32x4.splat(0);
    let at = dy;
    for (let row: usize = 0; row < rows; row++) {
      s = f32x4.add(s, v128.load(at));
      at += dyStride;
    }
    v128.store(g, add ? f32x4.add(v128.load(g), s) : s);
    dy += 16;
    g += 16;
  }
}
