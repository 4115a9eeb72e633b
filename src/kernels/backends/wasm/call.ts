/** How the kernels in WebAssembly are called: numbers in, at most a number out, addresses in bytes. */
import type { Matrix } from '../../../foundation/shapes.ts';

/** The exports of ../assembly/index.ts. */
export type Exports = Record<string, (...args: number[]) => number>;

/** What this thread's kernels work with. */
export interface Bound {
  wasm: Exports;
  /** The whole memory. */
  bytes: Uint8Array;
  /** Address of this thread's scratch. */
  scratch: number;
}

/** Address of the element (row, column). */
export const at = (matrix: Matrix, row: number, column = 0) =>
  (matrix.offset + row * matrix.stride + column) * 4;
