/**
 * The reference kernels: float64, one plain loop each, as the textbook writes them.
 *
 * They are the oracle that the fast kernels are compared with, and they check gradients, for which
 * float32 is too coarse. Nothing here is fast, and nothing needs explaining; what a function computes
 * stands at the interface in kernels.ts.
 */
import { allocateShared } from '../../../platform/shared-memory.ts';
import type { Kernels } from '../../kernels.ts';
import { activations } from './activations.ts';
import { augmentations } from './augmentations.ts';
import { convolution } from './convolution.ts';
import { dropouts } from './dropout.ts';
import { losses } from './losses.ts';
import { normalization } from './normalization.ts';
import { pooling } from './pooling.ts';
import { products } from './products.ts';
import { rowNormalization } from './row-normalization.ts';
import { smoothActivations } from './smooth-activations.ts';
import { updates } from './updates.ts';

/** Shared memory of `elements` float64 zeros. */
export function createReference(elements: number): SharedArrayBuffer {
  return allocateShared(elements * 8);
}

export function referenceKernels(buffer: SharedArrayBuffer): Kernels {
  const elements = new Float64Array(buffer);
  return {
    elements,
    ...products(elements),
    ...convolution(elements),
    ...pooling(elements),
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
