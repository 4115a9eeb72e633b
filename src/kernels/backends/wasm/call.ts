/**
 * How the kernels in WebAssembly are called: numbers in, at most one number out, addresses and strides in
 * bytes.
 *
 * What an adapter takes for itself is measurable for small networks. So it looks up no kernel, makes no
 * object, and passes plain numbers. `* 4` turns elements into bytes: an offset into an address, a stride in
 * elements into one in bytes. A function for that would be called up to twelve times an adapter, more than V8
 * inlines: some adapters were measured to take 1.7 times as long.
 */
import type { Matrix } from '../../../foundation/shapes.ts';
import type { Kernels } from '../../kernels.ts';

export type Kernel = (...args: number[]) => number;

type MethodsOf<T> = { [K in keyof T]: T[K] extends (...args: never[]) => unknown ? K : never }[keyof T];
type ForImages = 'packImage' | 'listRows' | 'listPairs' | 'affinePixels' | 'outerPixels' | 'resampleChannels';
type ByChannel =
  | 'channelMoments'
  | 'channelNormalize'
  | 'channelNormalizeSums'
  | 'channelNormalizeBackward'
  | 'channelCentredSquares'
  | 'channelCentredProducts';

/** The exports of ../../assembly/index.ts. A method of the interface has a kernel of the same name. */
export type Exports = Record<MethodsOf<Kernels> | ForImages | ByChannel, Kernel>;

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
