/**
 * The reference kernels: float64, one plain loop each. Slow; the oracle that the fast ones are compared with.
 */
import { backend } from '../backend.ts';
import { panelLayout } from '../layout.ts';
import { createReference, referenceKernels } from './reference/kernels.ts';

export const referenceBackend = backend<SharedArrayBuffer>({
  name: 'reference',
  summary: 'float64 in plain TypeScript: the oracle; slow.',
  elementBytes: 8,
  limit: undefined,
  layout: panelLayout,
  listsPixels: false,
  create: createReference,
  clear: () => false,
  elements: (buffer) => new Float64Array(buffer),
  attach: (buffer) => referenceKernels(buffer),
});
