// g = xᵀ dy, or g = g + xᵀ dy, for images, from lists of the rows in which pairs of pixels are not zero,
// which list-images.ts makes.
//
//   dy (rows, panels * 32)  row-major
//   g  (panels, count, 32)  the block of the gradient, as the block of W lies in its panels
//   heads                   where the list of each pair of features begins and where it ends, 4 bytes each
//   list                    entries of 12 bytes, (x of the first feature, x of the second, offset of the row
//                           of dy)
//
// Tile: 2 features x 16 columns. A panel's columns of dy (128 bytes x rows) stay in the level-1 cache for all
// features of the block. See docs/kernels.md, "Lists of what is not zero".

export function sparsePairs(
  heads: usize,
  dy: usize,
  count: usize,
  panels: usize,
  g: usize,
  add: bool,
): void {
  for (let panel: usize = 0; panel < panels; panel++) {
    let head = heads;
    for (let k: usize = 0; k < count; k += 2) {
      const single = k + 1 == count;
      const list = <usize>load<u32>(head);
      const end = <usize>load<u32>(head, 4);
      halfPanel(list, end, dy, g, single, add);
      halfPanel(list, end, dy + 64, g + 64, single, add);
      g += single ? 128 : 256;
      head += 8;
    }
    dy += 128;
  }
}

// Two features (or the last one) x sixteen columns of g; a feature's columns are 128 bytes apart.
// @ts-ignore: decorator
@inline
function halfPanel(list: usize, end: usize, dy: usize, g: usize, single: bool, add: bool): void {
  let s00 = f32x4.splat(0);
  let s01 = s00;
  let s02 = s00;
  let s03 = s00;
  let s10 = s00;
  let s11 = s00;
  let s12 = s00;
  let s13 = s00;
  for (let entry = list; entry < end; entry += 12) {
    const v0 = v128.load_splat<f32>(entry);
    const v1 = v128.load_splat<f32>(entry, 4);
    const d = dy + load<u32>(entry, 8);
    const d0 = v128.load(d);
    const d1 = v128.load(d, 16);
    const d2 = v128.load(d, 32);
    const d3 = v128.load(d, 48);
    s00 = f32x4.add(s00, f32x4.mul(v0, d0));
    s01 = f32x4.add(s01, f32x4.mul(v0, d1));
    s02 = f32x4.add(s02, f32x4.mul(v0, d2));
    s03 = f32x4.add(s03, f32x4.mul(v0, d3));
    s10 = f32x4.add(s10, f32x4.mul(v1, d0));
    s11 = f32x4.add(s11, f32x4.mul(v1, d1));
    s12 = f32x4.add(s12, f32x4.mul(v1, d2));
    s13 = f32x4.add(s13, f32x4.mul(v1, d3));
  }
  put(g, s00, s01, s02, s03, add);
  if (!single) put(g + 128, s10, s11, s12, s13, add);
}

// @ts-ignore: decorator
@inline
function put(g: usize, s0: v128, s1: v128, s2: v128, s3: v128, add: bool): void {
  if (add) {
    s0 = f32x4.add(v128.load(g), s0);
    s1 = f32x4.add(v128.load(g, 16), s1);
    s2 = f32x4.add(v128.load(g, 32), s2);
    s3 = f32x4.add(v128.load(g, 48), s3);
  }
  v128.store(g, s0);
  v128.store(g, s1, 16);
  v128.store(g, s2, 32);
  v128.store(g, s3, 48);
}
