/**
 * The arithmetic that layers, losses and optimizers are written against.
 *
 * Two implementations stand behind this interface: `backends/wasm.ts`, float32 in WebAssembly SIMD, and
 * `backends/reference.ts`, float64 in plain TypeScript. The second is the oracle for the first, it checks
 * gradients, and it can train too. Both work on one memory that all threads share; offsets count its
 * elements.
 *
 * Letters: `rows` of the minibatch, `fanIn` inputs and `units` outputs of a dense layer. A result is the same
 * bits whatever range of rows or block of parameters a call covers: each sum runs over its contracted index
 * in one order.
 */

import type { ActivationKernels } from './interface/activations.ts';
import type { AugmentationKernels } from './interface/augmentation.ts';
import type { ConvolutionKernels } from './interface/convolution.ts';
import type { DropoutKernels } from './interface/dropout.ts';
import type { ImageKernels } from './interface/images.ts';
import type { LossKernels } from './interface/losses.ts';
import type { NormalizationKernels } from './interface/normalization.ts';
import type { PoolingKernels } from './interface/pooling.ts';
import type { ProductKernels } from './interface/products.ts';
import type { RowNormalizationKernels } from './interface/row-normalization.ts';
import type { SmoothActivationKernels } from './interface/smooth-activations.ts';
import type { UpdateKernels } from './interface/updates.ts';
import type { Elements } from './layout.ts';

export type { GradientBlock, Pieces } from './interface/blocks.ts';
export type { ImageKernels } from './interface/images.ts';
export * from './pixel-field.ts';

export interface Kernels
  extends ProductKernels,
    ConvolutionKernels,
    PoolingKernels,
    ActivationKernels,
    SmoothActivationKernels,
    LossKernels,
    NormalizationKernels,
    RowNormalizationKernels,
    DropoutKernels,
    AugmentationKernels,
    UpdateKernels {
  /** The whole memory, for what is read and written element by element outside the kernels. */
  readonly elements: Elements;
  /** Undefined where these kernels read images as numbers only. */
  readonly images: ImageKernels | undefined;
}
