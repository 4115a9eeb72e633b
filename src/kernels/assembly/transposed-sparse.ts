// dx = dy Wᵀ for rows of dy of which about half is zero: a layer between rectifiers.
//
//   dy (rows, units)   row-major, dyStride bytes a row, zero past the last unit up to a multiple of 32
//   W  (fanIn, units)  in panels of 32 columns: (panels, fanIn, 32); the last panel is padded with zeros. W
//                      points at the first of `count` rows, those of the columns of dx.
//   dx (rows, count)   row-major, dxStride bytes a row; written up to the next multiple of 32 columns
//   scratch            a row of zeros, a piece of 32 columns of Wᵀ, the lists of a piece of some rows
//
// A piece of some rows of dy at a time becomes lists of the non-zero numbers. Then the piece of 32 rows of W
// at a time is transposed, which makes a piece of a panel of Wᵀ, and the lists run past it. See
// docs/kernels.md, "Lists of what is not zero".

import { listNumbers, pieceOfNumbers, rowsAtOnce, sparsePiece } from './sparse-rows';
import { transpose4x4 } from './transpose';

export function transposedSparse(
  dy: usize,
  dyStride: usize,
  W: usize,
  fanIn: usize,
  units: usize,
  dx: usize,
  dxStride: usize,
  rows: usize,
  count: usize,
  scratch: usize,
): void {
  const piece = pieceOfNumbers(units);
  const most = rowsAtOnce(units);
  const zeros = scratch;
  const packed = zeros + 128;
  const lists = packed + piece * 128;
  memory.fill(zeros, 0, 128);
  for (let row: usize = 0; row < rows; row += most) {
    const some = min<usize>(rows - row, most);
    for (let first: usize = 0; first < units; first += piece) {
      const steps = min<usize>(units - first, piece);
      listNumbers(dy + first * 4, dyStride, some, steps, lists);
      let w = W + (first >> 5) * fanIn * 128;
      for (let column: usize = 0; column < count; column += 32) {
        pack(w, fanIn * 128, (steps + 31) >> 5, min<usize>(count - column, 32), packed);
        const sums = dx + column * 4;
        const a = first == 0 ? zeros : sums;
        sparsePiece(lists, 4, packed, a, first == 0 ? 0 : dxStride, sums, dxStride, some);
        w += 32 * 128;
      }
    }
    dy += some * dyStride;
    dx += some * dxStride;
  }
}

// packed[j][i] = W[i][j] for `count` rows i of W, at most 32; the columns that are missing become zero.
// @ts-ignore: decorator
@inline
function pack(W: usize, panelStride: usize, panels: usize, count: usize, packed: usize): void {
  for (let panel: usize = 0; panel < panels; panel++) {
    let i: usize = 0;
    for (; i + 4 <= count; i += 4) {
      for (let j: usize = 0; j < 32; j += 4) {
        transpose4x4(W + i * 128 + j * 4, 128, packed + j * 128 + i * 4, 128);
      }
    }
    for (; i < 32; i++) {
      for (let j: usize = 0; j < 32; j++) {
        store<f32>(packed + j * 128 + i * 4, i < count ? load<f32>(W + i * 128 + j * 4) : 0);
      }
    }
    W += panelStride;
    packed += 32 * 128;
  }
}
