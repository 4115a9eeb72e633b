/**
 * The compiled kernels. In a browser, browser/kernels-module.ts replaces this file.
 */
import { readFileSync } from 'node:fs';

/**
 * The module of the kernels that is fastest with V8's compiler up to version 12 (Node 20 and 22), and the one
 * for newer compilers.
 */
export const kernelsFiles = ['kernels-turbofan.wasm', 'kernels.wasm'] as const;
export type KernelsFile = (typeof kernelsFiles)[number];

/** Whether this V8 has the older compiler. */
export function turbofan(): boolean {
  return Number.parseInt(process.versions.v8, 10) < 13;
}

/** Compiles the kernels. The file only changes the speed: both give the same bits. */
export function kernelsModule(
  file: KernelsFile = turbofan() ? 'kernels-turbofan.wasm' : 'kernels.wasm',
): WebAssembly.Module {
  return new WebAssembly.Module(readFileSync(new URL(`../kernels/${file}`, import.meta.url)));
}
