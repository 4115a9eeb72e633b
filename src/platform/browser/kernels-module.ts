/** The program of the kernels in a browser: the page brings it, because a page cannot read files. */

let provided: WebAssembly.Module | undefined;

/** Gives the kernels, the bytes of kernels.wasm; all trainings from now on run these. */
export function provideKernels(bytes: Uint8Array): void {
  provided = new WebAssembly.Module(bytes);
}

/** The kernels that were provided. */
export function kernelsModule(): WebAssembly.Module {
  if (!provided) throw new Error('no kernels: call provideKernels() with the bytes of kernels.wasm first');
  return provided;
}
