/**
 * What an augmentation is: something that moves pixels about, another way for each sample in each epoch.
 *
 * A network of dense layers knows nothing of neighbouring pixels; it learns what a small rotation is by being shown
 * small rotations. Each kind changes where the pixels of the new image come from (a field of positions), and the
 * image is resampled once after the last, so however many there are, it is blurred once.
 *
 * What is drawn is named by seed, position in the list, epoch and sample: it depends on no thread, batch size or
 * order.
 */
import type { RowWords } from '../foundation/philox.ts';
import type { ImageShape, Kernels, PixelField } from '../kernels/kernels.ts';
import { erase } from './erase.ts';
import type { Config, Fields } from './fields.ts';

/** What an augmentation works with. */
export interface AugmentationContext {
  kernels: Kernels;
  /** Where each pixel of the new image comes from. */
  field: PixelField;
  /** This thread's elements for it, as many as `room` asked for. */
  room: number;
}

/** Changes the field for one sample, with these random words. */
export type Distortion = (words: RowWords) => void;

export interface AugmentationKind<F extends Fields = Fields> {
  kind: string;
  summary: string;
  fields: F;
  /** Elements of memory that it needs; none unless it says so. */
  room?(config: Config<F>, shape: ImageShape): number;
  build(config: Config<F>, site: AugmentationContext): Distortion;
}

/** Declares an augmentation; checks its configuration's type against its fields. */
export function augmentation<const F extends Fields>(kind: AugmentationKind<F>): AugmentationKind {
  return erase<AugmentationKind>(kind);
}
