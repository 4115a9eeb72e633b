/** The backends that an experiment's `kernels` can name: the files in kernels/backends/; see catalogue.ts. */
import type { Backend } from '../kernels/backend.ts';
import { backends as found } from './catalogue.generated.ts';

/** By name. */
export const backends: ReadonlyMap<string, Backend> = new Map(
  found.map((backend) => [backend.name, backend]),
);

/** The backend of this name, which the experiment's schema knows. */
export function backendOf(name: string): Backend {
  return backends.get(name)!;
}
