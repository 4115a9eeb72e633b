// One row of  y = x W + b  from the list of what is not zero in the row of x: entries of 8 bytes,
// (offset of a row in the panel, value), and one more, (0, 0), where the list has an odd number.
//
//   W  in panels of 32 columns, panelBytes from one to the next;  b, y  32 columns a panel
//
// A half panel at a time: 4 sums of 4 columns stay in registers, and a turn takes two entries, that is 2 numbers of x and 8
// vectors of W for 8 multiplications and additions. One entry a turn with 32 columns and 8 sums took half as long again,
// because V8 loads all operands first and then keeps sums in memory.

// @ts-ignore: decorator
@inline
export function sparseRow(
  list: usize,
  end: usize,
  W: usize,
  panels: usize,
  panelBytes: usize,
  b: usize,
  y: usize,
): void {
  for (let column: usize = 0; column < panels * 128; column += 128) {
    halfPanel(list, end, W, b + column, y + column);
    halfPanel(list, end, W + 64, b + column + 64, y + column + 64);
    W += panelBytes;
  }
}

// Sixteen columns of one row of y.
// @ts-ignore: decorator
@inline
function halfPanel(list: usize, end: usize, W: usize, b: usize, y: usize): void {
  let s0 = v128.load(b);
  let s1 = v128.load(b, 16);
  let s2 = v128.load(b, 32);
  let s3 = v128.load(b, 48);
  for (; list < end; list += 16) {
    let w = W + load<u32>(list);
    let v = v128.load_splat<f32>(list, 4);
    s0 = f32x4.add(s0, f32x4.mul(v, v128.load(w)));
    s1 = f32x4.add(s1, f32x4.mul(v, v128.load(w, 16)));
    s2 = f32x4.add(s2, f32x4.mul(v, v128.load(w, 32)));
    s3 = f32x4.add(s3, f32x4.mul(v, v128.load(w, 48)));
    w = W + load<u32>(list, 8);
    v = v128.load_splat<f32>(list, 12);
    s0 = f32x4.add(s0, f32x4.mul(v, v128.load(w)));
    s1 = f32x4.add(s1, f32x4.mul(v, v128.load(w, 16)));
    s2 = f32x4.add(s2, f32x4.mul(v, v128.load(w, 32)));
    s3 = f32x4.add(s3, f32x4.mul(v, v128.load(w, 48)));
  }
  v128.store(y, s0);
  v128.store(y, s1, 16);
  v128.store(y, s2, 32);
  v128.store(y, s3, 48);
}
