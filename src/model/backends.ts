/** The backends that an experiment's `kernels` can name. */
import type { Backend } from '../kernels/backend.ts';
import { referenceBackend } from '../kernels/backends/reference.ts';
import { wasmBackend } from '../kernels/backends/wasm.ts';

export const backends: ReadonlyMap<string, Backend> = new Map(
  [wasmBackend, referenceBackend].map((backend) => [backend.name, backend]),
);

/** The backend of this name, which the experiment's schema knows. */
export function backendOf(name: string): Backend {
  return backends.get(name)!;
}
