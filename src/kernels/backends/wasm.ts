/**
 * The fast kernels: float32, WebAssembly SIMD, one shared memory. Only this file and wasm/ know bytes.
 *
 * The module is compiled once and shared by all threads; each thread instantiates it over the same memory
 * with scratch of its own. The sources are in assembly/, from which the build makes two modules that give the same bits.
 */
import { type KernelsFile, kernelsModule } from '../../platform/kernels-module.ts';
import type { Kernels } from '../kernels.ts';
import { activations } from './wasm/activations.ts';
import { augmentations } from './wasm/augmentations.ts';
import type { Exports } from './wasm/call.ts';
import { dropouts } from './wasm/dropout.ts';
import { images } from './wasm/images.ts';
import { losses } from './wasm/losses.ts';
import { normalization } from './wasm/normalization.ts';
import { products } from './wasm/products.ts';
import { rowNormalization } from './wasm/row-normalization.ts';
import { smoothActivations } from './wasm/smooth-activations.ts';
import { updates } from './wasm/updates.ts';

const pageBytes = 65536;
/** What 32-bit addresses reach. */
export const wasmMemoryLimit = 65536 * pageBytes;

/** What a thread needs to work: both parts can be sent to a worker. */
export interface WasmProgram {
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
}

/**
 * Compiles the kernels and allocates their memory of `elements` zeros, for all threads. The file is a choice of speed: both give
 * the same bits.
 */
export function createWasm(elements: number, file?: KernelsFile): WasmProgram {
  const pages = Math.ceil((elements * 4) / pageBytes);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  return { module: kernelsModule(file), memory };
}

/**
 * Makes `elements` of a memory that nobody uses any more zero again, but for the first `kept`; false if it is too small. Used again
 * because each memory reserves 10 GiB of addresses, which come back only when this thread's garbage is collected.
 */
export function clearWasm({ memory }: WasmProgram, elements: number, kept: number): boolean {
  if (memory.buffer.byteLength < elements * 4) return false;
  new Uint8Array(memory.buffer).fill(0, kept * 4, elements * 4);
  return true;
}

/** This thread's kernels over the shared memory. `scratch` is the offset of this thread's scratch. */
export function wasmKernels({ module, memory }: WasmProgram, scratch: number): Kernels {
  const wasm = new WebAssembly.Instance(module, { env: { memory } }).exports as Exports;
  const bytes = new Uint8Array(memory.buffer);
  const elements = new Float32Array(memory.buffer);
  const bound = { wasm, bytes, scratch: scratch * 4 };
  return {
    name: 'wasm',
    elements,
    ...products(bound),
    images: images(bound),
    ...augmentations(bound),
    ...activations(bound),
    ...smoothActivations(bound),
    ...dropouts(bound),
    ...losses(bound),
    ...normalization(bound),
    ...rowNormalization(bound),
    ...updates(bound),
  };
}
