// dx = dy Wᵀ for rows of dy of which about half is zero: a layer between rectifiers.
//
//   dy (rows, units)   row-major, dyStride bytes a row, zero past the last unit up to a multiple of 32
//   W  (fanIn, units)  in panels of 32 columns: (panels, fanIn, 32); the last panel is padded with zeros
//   dx (rows, fanIn)   row-major, dxStride bytes a row; written up to the next multiple of 32 columns
//   scratch            a row of zeros, (panels * 32, 32) floats of Wᵀ, the lists of 32 rows
//
// 32 rows of dy at a time become lists of their non-zero numbers. Then 32 rows of W at a time are transposed,
// which makes a panel of Wᵀ, and the lists run past it. See docs/kernels.md, "Lists of what is not zero".

import { headsSize, nonZeroRows, sparseRows } from './sparse-rows';
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
  scratch: usize,
): void {
  const panels = (units + 31) >> 5;
  const zeros = scratch;
  const packed = zeros + 128;
  const lists = packed + panels * 32 * 128;
  memory.fill(zeros, 0, 128);
  for (let row: usize = 0; row < rows; row += 32) {
    const some = min<usize>(rows - row, 32);
    nonZeroRows(dy, dyStride, some, units, lists, lists + headsSize(some, units));
    for (let column: usize = 0; column < fanIn; column += 32) {
      pack(W + column * 128, fanIn * 128, panels, min<usize>(fanIn - column, 32), packed);
      sparseRows(lists, packed, units, 1, zeros, dx + column * 4, dxStride, some);
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
