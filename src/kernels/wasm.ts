/**
 * The fast kernels: float32, WebAssembly SIMD, one shared memory. This is the only file that knows bytes.
 *
 * The module is compiled once and shared by all threads; each thread instantiates it over the same memory
 * with scratch of its own. The sources are in assembly/.
 */
import { readFileSync } from 'node:fs';
import { type Matrix, panelCount, roundUp } from '../foundation/shape.ts';
import { type Kernels, sparseListStride } from './kernels.ts';

const pageBytes = 65536;
/** What 32-bit addresses reach. */
export const wasmMemoryLimit = 65536 * pageBytes;

/** What a thread needs to work: both parts can be sent to a worker. */
export interface WasmProgram {
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
}

/** Compiles the kernels and allocates their memory of `elements` zeros, for all threads. */
export function createWasm(elements: number): WasmProgram {
  const pages = Math.ceil((elements * 4) / pageBytes);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const module = new WebAssembly.Module(readFileSync(new URL('kernels.wasm', import.meta.url)));
  return { module, memory };
}

/** The exports of assembly/index.ts, as numbers in and nothing out. */
type Exports = Record<string, (...args: number[]) => void>;

/** Address of the element (row, column). */
const at = (matrix: Matrix, row: number, column = 0) => (matrix.offset + row * matrix.stride + column) * 4;

/** This thread's kernels over the shared memory. `scratch` is the offset of this thread's scratch. */
export function wasmKernels({ module, memory }: WasmProgram, scratch: number): Kernels {
  const wasm = new WebAssembly.Instance(module, { env: { memory } }).exports as Exports;
  // Bound once: a property look-up a call is measurable for small networks.
  const affine = wasm.affine!;
  const affineSparse = wasm.affineSparse!;
  const transposed = wasm.transposed!;
  const outer = wasm.outer!;
  const outerSparse = wasm.outerSparse!;
  const columnSums = wasm.columnSums!;
  const relu = wasm.relu!;
  const reluBackward = wasm.reluBackward!;
  const leakyRelu = wasm.leakyRelu!;
  const leakyReluBackward = wasm.leakyReluBackward!;
  const pixels = wasm.pixels!;
  const softmaxCrossEntropy = wasm.softmaxCrossEntropy!;
  const sgd = wasm.sgd!;
  const momentum = wasm.momentum!;
  const takeLines = wasm.takeLines!;

  const buffer = memory.buffer;
  const bytes = new Uint8Array(buffer);
  const scratchAt = scratch * 4;

  return {
    name: 'wasm',
    elements: new Float32Array(buffer),

    pixels(image, x, row) {
      bytes.set(image, scratchAt);
      const whole = roundUp(image.length, 16);
      if (whole > image.length) bytes.fill(0, scratchAt + image.length, scratchAt + whole);
      pixels(scratchAt, at(x, row), whole);
    },

    affine(x, W, b, y, { first, count }) {
      affine(
        at(x, first),
        x.stride * 4,
        W.offset * 4,
        W.rows,
        panelCount(W),
        b.offset * 4,
        at(y, first),
        y.stride * 4,
        count,
      );
    },
    affineSparse(x, W, b, y, { first, count }) {
      affineSparse(
        at(x, first),
        x.stride * 4,
        W.offset * 4,
        W.rows,
        panelCount(W),
        b.offset * 4,
        at(y, first),
        y.stride * 4,
        count,
        scratchAt,
      );
    },
    transposed(dy, W, dx, { first, count }) {
      transposed(
        at(dy, first),
        dy.stride * 4,
        W.offset * 4,
        W.rows,
        W.columns,
        at(dx, first),
        dx.stride * 4,
        count,
        scratchAt,
      );
    },
    outer(x, dy, { first, count }, W, block, g) {
      outer(
        at(x, first, block.first),
        x.stride * 4,
        at(dy, first),
        dy.stride * 4,
        count,
        block.count,
        panelCount(W),
        g.offset * 4,
        g.add ? 1 : 0,
      );
    },
    outerSparse(x, dy, { first, count }, W, block, g) {
      outerSparse(
        at(x, first, block.first),
        x.stride * 4,
        at(dy, first),
        dy.stride * 4,
        count,
        block.count,
        panelCount(W),
        g.offset * 4,
        g.add ? 1 : 0,
        scratchAt,
        sparseListStride * 4,
      );
    },
    columnSums(dy, { first, count }, block, g) {
      columnSums(
        at(dy, first, block.first),
        dy.stride * 4,
        count,
        Math.ceil(block.count / 4),
        g.offset * 4,
        g.add ? 1 : 0,
      );
    },

    relu(x, y, { first, count }) {
      relu(at(x, first), x.stride * 4, at(y, first), y.stride * 4, Math.ceil(x.columns / 4), count);
    },
    reluBackward(y, dy, dx, { first, count }) {
      reluBackward(
        at(y, first),
        y.stride * 4,
        at(dy, first),
        dy.stride * 4,
        at(dx, first),
        dx.stride * 4,
        Math.ceil(y.columns / 4),
        count,
      );
    },
    leakyRelu(x, y, slope, { first, count }) {
      leakyRelu(
        at(x, first),
        x.stride * 4,
        at(y, first),
        y.stride * 4,
        Math.ceil(x.columns / 4),
        count,
        slope,
      );
    },
    leakyReluBackward(y, dy, dx, slope, { first, count }) {
      leakyReluBackward(
        at(y, first),
        y.stride * 4,
        at(dy, first),
        dy.stride * 4,
        at(dx, first),
        dx.stride * 4,
        Math.ceil(y.columns / 4),
        count,
        slope,
      );
    },

    softmaxCrossEntropy(z, dz, label, loss, best, { first, count }) {
      softmaxCrossEntropy(
        at(z, first),
        z.stride * 4,
        at(dz, first),
        dz.stride * 4,
        (label.offset + first) * 4,
        (loss.offset + first) * 4,
        (best.offset + first) * 4,
        z.columns,
        count,
      );
    },

    takeLines: (W) => takeLines(W.offset * 4, W.runs, W.length, W.stride * 4),
    sgd(W, g, step) {
      sgd(
        W.offset * 4,
        g * 4,
        W.runs,
        W.length,
        W.stride * 4,
        step.share,
        step.learningRate,
        step.weightDecay,
      );
    },
    momentum(W, v, g, step, mu, nesterov) {
      momentum(
        W.offset * 4,
        v.offset * 4,
        g * 4,
        W.runs,
        W.length,
        W.stride * 4,
        step.share,
        step.learningRate,
        step.weightDecay,
        mu,
        nesterov ? 1 : 0,
      );
    },
  };
}
