/**
 * The fast kernels: float32, WebAssembly SIMD, one shared memory. Only this file and wasm/ know bytes.
 *
 * The module is compiled once and shared by all threads; each thread instantiates it over the same memory
 * with scratch of its own. The sources are in assembly/, from which the build makes two modules that give the same bits.
 */
import { readFileSync } from 'node:fs';
import { backend } from '../backend.ts';
import type { Kernels } from '../kernels.ts';
import { panelLayout } from '../layout.ts';
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

const pageBytes = 65_536;

/** What a thread needs to work: both parts can be sent to a worker. */
export interface WasmProgram {
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
}

/**
 * The kernels as V8's compiler up to version 12 (Node 20 and 22) makes the fastest program of them, and as newer
 * ones do.
 */
export const wasmFiles = ['kernels-turbofan.wasm', 'kernels.wasm'] as const;

/**
 * Compiles the kernels and allocates their memory of `elements` zeros, for all threads. The file is a choice of
 * speed: both give the same bits.
 */
export function createWasm(elements: number, file = fastestFile()): WasmProgram {
  const pages = Math.ceil((elements * 4) / pageBytes);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const module = new WebAssembly.Module(readFileSync(new URL(`../${file}`, import.meta.url)));
  return { module, memory };
}

function fastestFile(): (typeof wasmFiles)[number] {
  return Number.parseInt(process.versions.v8, 10) < 13 ? 'kernels-turbofan.wasm' : 'kernels.wasm';
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

export const wasmBackend = backend<WasmProgram>({
  name: 'wasm',
  summary: 'float32 in WebAssembly SIMD.',
  elementBytes: 4,
  // What 32-bit addresses reach.
  limit: 65_536 * pageBytes,
  layout: panelLayout,
  listsPixels: true,
  create: (elements) => createWasm(elements),
  // Used again because each memory reserves 10 GiB of addresses, which come back only with a garbage collection.
  clear({ memory }, elements, kept) {
    if (memory.buffer.byteLength < elements * 4) return false;
    new Uint8Array(memory.buffer).fill(0, kept * 4, elements * 4);
    return true;
  },
  elements: ({ memory }) => new Float32Array(memory.buffer),
  attach: wasmKernels,
});
