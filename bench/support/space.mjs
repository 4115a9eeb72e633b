// A memory for kernels. Matrices are placed in it one after the other, filled with numbers like those of a
// training.
import { panelSize, roundUp } from '../../dist/src/foundation/shapes.js';
import { createWasm, wasmKernels } from '../../dist/src/kernels/backends/wasm/program.js';
import { panelLayout } from '../../dist/src/kernels/layout.js';

/**
 * Allocates `elements` numbers, and scratch of the kernels for layers up to `widest` and blocks up to
 * `mostRows`.
 */
export function kernelSpace(elements, widest = 1024, mostRows = 1024) {
  let end = roundUp(panelLayout.scratch(widest, mostRows), 32);
  const kernels = wasmKernels(createWasm(end + elements), 0);
  const random = noise();
  const place = (size, fill) => {
    const offset = end;
    end += roundUp(size, 32);
    if (end > kernels.elements.length)
      throw new RangeError(`bench: more than ${elements} elements were placed`);
    if (fill) for (let i = 0; i < size; i++) kernels.elements[offset + i] = random();
    return offset;
  };
  return {
    kernels,
    /** (rows, columns). The padding is filled too, which changes nothing. */
    matrix(rows, columns, fill = true) {
      const stride = panelLayout.rowStride(columns);
      return { offset: place(rows * stride, fill), columns, stride };
    },
    panels(rows, columns, width) {
      return { offset: place(panelSize({ rows, columns, width }), true), rows, columns, width };
    },
    vector(length) {
      return { offset: place(roundUp(length, panelLayout.vectorStep), true), length };
    },
    room: (size) => place(size, true),
  };
}

/** Numbers in [-1, 1), the same in every run. */
function noise() {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state / 2 ** 31;
  };
}
