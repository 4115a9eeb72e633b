/**
 * The fast kernels: float32, WebAssembly SIMD, one shared memory. Only wasm/ knows bytes.
 *
 * The sources are in assembly/, from which the build makes two modules that give the same bits.
 */
import { backend } from '../backend.ts';
import { panelLayout } from '../layout.ts';
import { createWasm, pageBytes, type WasmProgram, wasmKernels } from './wasm/program.ts';

export const wasmBackend = backend<WasmProgram>({
  name: 'wasm',
  summary: 'float32 in WebAssembly SIMD.',
  elementBytes: 4,
  // What 32-bit addresses reach.
  limit: 65_536 * pageBytes,
  layout: panelLayout,
  listsPixels: true,
  create: (elements) => createWasm(elements),
  // Used again because each memory reserves 10 GiB of addresses, which come back only with a garbage
  // collection.
  clear({ memory }, elements, kept) {
    if (memory.buffer.byteLength < elements * 4) return false;
    new Uint8Array(memory.buffer).fill(0, kept * 4, elements * 4);
    return true;
  },
  elements: ({ memory }) => new Float32Array(memory.buffer),
  attach: wasmKernels,
});
