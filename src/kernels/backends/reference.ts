/**
 * The reference kernels: float64, one plain loop each, as the textbook writes them.
 *
 * They are the oracle that the fast kernels are compared with, and they check gradients, for which
 * float32 is too coarse. Nothing here is fast, and nothing needs explaining; what a function computes
 * stands at the interface in kernels.ts.
 */
import { allocateShared } from '../../platform/shared-memory.ts';
import type { Kernels } from '../kernels.ts';
import { activations } from './reference/activations.ts';
import { augmentations } from './reference/augmentations.ts';
import { dropouts } from './reference/dropout.ts';
import { losses } from './reference/losses.ts';
import { normalization } from './reference/normalization.ts';
import { products } from './reference/products.ts';
import { rowNormalization } from './reference/row-normalization.ts';
import { smoothActivations } from './reference/smooth-activations.ts';
import { updates } from './reference/updates.ts';

/** Shared memory of `elements` float64 zeros. */
export function createReference(elements: number): SharedArrayBuffer {
  return allocateShared(elements * 8);
}

export function referenceKernels(buffer: SharedArrayBuffer): Kernels {
  const elements = new Float64Array(buffer);
  return {
    name: 'reference',
    elements,
    ...products(elements),
    ...augmentations(elements),
    ...activations(elements),
    ...smoothActivations(elements),
    ...dropouts(elements),
    ...losses(elements),
    ...normalization(elements),
    ...rowNormalization(elements),
    ...updates(elements),
  };
}
