// y = x W + b for rows of x that are mostly zero: the input layer.
//
//   x (rows, fanIn)   row-major, xStride bytes a row
//   W (fanIn, units)  in panels of 32 columns: (panels, fanIn, 32); the last panel is padded with zeros
//   b (panels * 32)
//   y (rows, panels * 32), yStride bytes a row
//   list              scratch for fanIn entries of 8 bytes: (address of a row in the panel, value)
//
// 81 % of MNIST's pixels are zero, and adding 0 w changes no sum. Each row of x is first turned into the list of
// its non-zero numbers; then a panel's 32 sums stay in 8 registers while the list runs past: 1 number of x and
// 8 vectors of W, 128 consecutive bytes, for 8 multiplications and additions. A panel is one piece of memory
// (128 bytes x fanIn), which keeps its pages and cache sets apart whatever the width of the layer.
// Every sum starts at b and runs up the contracted index, as in affine.ts.

export function affineSparse(
  x: usize,
  xStride: usize,
  W: usize,
  fanIn: usize,
  panels: usize,
  b: usize,
  y: usize,
  yStride: usize,
  rows: usize,
  list: usize,
): void {
  for (let row: usize = 0; row < rows; row++) {
    const end = nonZeros(x, fanIn, list);
    let panel = W;
    for (let p: usize = 0; p < panels; p++) {
      const at = b + p * 128;
      let s0 = v128.load(at);
      let s1 = v128.load(at, 16);
      let s2 = v128.load(at, 32);
      let s3 = v128.load(at, 48);
      let s4 = v128.load(at, 64);
      let s5 = v128.load(at, 80);
      let s6 = v128.load(at, 96);
      let s7 = v128.load(at, 112);
      for (let entry = list; entry < end; entry += 8) {
        const w = panel + load<u32>(entry);
        const v = v128.load_splat<f32>(entry, 4);
        s0 = f32x4.add(s0, f32x4.mul(v, v128.load(w)));
        s1 = f32x4.add(s1, f32x4.mul(v, v128.load(w, 16)));
        s2 = f32x4.add(s2, f32x4.mul(v, v128.load(w, 32)));
        s3 = f32x4.add(s3, f32x4.mul(v, v128.load(w, 48)));
        s4 = f32x4.add(s4, f32x4.mul(v, v128.load(w, 64)));
        s5 = f32x4.add(s5, f32x4.mul(v, v128.load(w, 80)));
        s6 = f32x4.add(s6, f32x4.mul(v, v128.load(w, 96)));
        s7 = f32x4.add(s7, f32x4.mul(v, v128.load(w, 112)));
      }
      const to = y + p * 128;
      v128.store(to, s0);
      v128.store(to, s1, 16);
      v128.store(to, s2, 32);
      v128.store(to, s3, 48);
      v128.store(to, s4, 64);
      v128.store(to, s5, 80);
      v128.store(to, s6, 96);
      v128.store(to, s7, 112);
      panel += fanIn * 128;
    }
    x += xStride;
    y += yStride;
  }
}

// Writes (k * 128, x[k]) for every x[k] != 0, k rising, and returns the list's end. Rows are padded to whole
// vectors, so reading the last one is safe; numbers past fanIn are zero there.
// @ts-ignore: decorator
@inline
function nonZeros(x: usize, fanIn: usize, list: usize): usize {
  const zero = f32x4.splat(0);
  for (let k: usize = 0; k < fanIn; k += 4) {
    const at = x + k * 4;
    let mask = i32x4.bitmask(f32x4.ne(v128.load(at), zero));
    while (mask) {
      const lane = <usize>ctz(mask);
      store<u32>(list, (k + lane) * 128);
      store<f32>(list, load<f32>(at + lane * 4), 4);
      list += 8;
      mask &= mask - 1;
    }
  }
  return list;
}
