/** The compiled kernels in a browser. The page provides them, because a page cannot read files. */

let provided: WebAssembly.Module | undefined;

/** Provides the kernels, the bytes of kernels.wasm, for all later trainings. */
export function provideKernels(bytes: Uint8Array): void {
  provided = new WebAssembly.Module(bytes);
}

/** The kernels that were provided. */
export function kernelsModule(): WebAssembly.Module {
  if (!provided) throw new Error('no kernels: call provideKernels() with the bytes of kernels.wasm first');
  return provided;
}
