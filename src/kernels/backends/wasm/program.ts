/**
 * The kernels in WebAssembly as a program: compiled once and shared by all threads. Each thread instantiates
 * it over the same memory, with scratch of its own.
 */
import { type KernelsFile, kernelsModule } from '../../../platform/kernels-module.ts';
import type { Kernels } from '../../kernels.ts';
import { activations } from './activations.ts';
import { augmentations } from './augmentations.ts';
import type { Exports } from './call.ts';
import { convolution } from './convolution.ts';
import { dropouts } from './dropout.ts';
import { images } from './images.ts';
import { losses } from './losses.ts';
import { normalization } from './normalization.ts';
import { pooling } from './pooling.ts';
import { products } from './products.ts';
import { rowNormalization } from './row-normalization.ts';
import { smoothActivations } from './smooth-activations.ts';
import { updates } from './updates.ts';

/** Bytes of a page of WebAssembly memory. */
export const pageBytes = 65_536;

/** What a thread needs to work: both parts can be sent to a worker. */
export interface WasmProgram {
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
}

/**
 * Compiles the kernels and allocates their memory of `elements` zeros, for all threads. The file is a choice
 * of speed: both give the same bits.
 */
export function createWasm(elements: number, file?: KernelsFile): WasmProgram {
  const pages = Math.ceil((elements * 4) / pageBytes);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  return { module: kernelsModule(file), memory };
}

/** This thread's kernels over the shared memory. `scratch` is the offset of this thread's scratch. */
export function wasmKernels({ module, memory }: WasmProgram, scratch: number): Kernels {
  const wasm = new WebAssembly.Instance(module, { env: { memory } }).exports as Exports;
  const bytes = new Uint8Array(memory.buffer);
  const elements = new Float32Array(memory.buffer);
  const bound = { wasm, bytes, scratch: scratch * 4 };
  return {
    elements,
    ...products(bound),
    ...convolution(bound),
    ...pooling(bound),
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
