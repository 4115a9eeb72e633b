/**
 * An augmentation moves the pixels of a sample, differently in each epoch.
 *
 * A network of dense layers knows nothing of neighbouring pixels. It learns small rotations only if it is
 * shown them. Each augmentation changes a field of positions: where the pixels of the new image come from.
 * The image is resampled once, after the last augmentation, so it is blurred only once.
 *
 * Random draws are keyed by seed, position in the list, epoch and sample. They depend on no thread, batch
 * size or order.
 */
import type { RowWords } from '../foundation/philox.ts';
import type { ImageShape, Kernels, PixelField } from '../kernels/kernels.ts';
import { erase } from './erase.ts';
import type { Config, Fields } from './fields.ts';

/** The kernels and memory that an augmentation works with. */
export interface AugmentationContext {
  kernels: Kernels;
  /** Where each pixel of the new image comes from. */
  field: PixelField;
  /** Offset of this thread's own elements, as many as the kind's `room` asked for. */
  room: number;
}

/** Changes the field for one sample, with these random words. */
export type Distortion = (words: RowWords) => void;

export interface AugmentationKind<F extends Fields = Fields> {
  kind: string;
  summary: string;
  fields: F;
  /** Elements of memory that it needs. Absent: none. */
  room?(config: Config<F>, shape: ImageShape): number;
  build(config: Config<F>, site: AugmentationContext): Distortion;
}

/** Declares an augmentation. The compiler checks the configuration's type against the fields. */
export function augmentation<const F extends Fields>(kind: AugmentationKind<F>): AugmentationKind {
  return erase<AugmentationKind>('augmentation', kind);
}
