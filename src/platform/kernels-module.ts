/**
 * The program of the kernels, ready to run. In a browser, browser/kernels-module.ts stands for this file.
 */
import { readFileSync } from 'node:fs';

/**
 * The kernels as V8's compiler up to version 12 (Node 20 and 22) makes the fastest program of them, and as
 * newer ones do.
 */
export const kernelsFiles = ['kernels-turbofan.wasm', 'kernels.wasm'] as const;
export type KernelsFile = (typeof kernelsFiles)[number];

/** Whether this V8 has the older compiler. */
export function turbofan(): boolean {
  return Number.parseInt(process.versions.v8, 10) < 13;
}

/** Compiles the kernels. The file is a choice of speed: both give the same bits. */
export function kernelsModule(
  file: KernelsFile = turbofan() ? 'kernels-turbofan.wasm' : 'kernels.wasm',
): WebAssembly.Module {
  return new WebAssembly.Module(readFileSync(new URL(`../kernels/${file}`, import.meta.url)));
}
