/** An experiment's augmentations at work: one sample after the other, by one thread. */

import type { KindConfig } from '../contracts/fields.ts';
import { LockstepError } from '../foundation/errors.ts';
import { rowWords } from '../foundation/philox.ts';
import type { Matrix } from '../foundation/shapes.ts';
import {
  type ChannelShape,
  type ImageShape,
  type Kernels,
  type PixelField,
  planeSize,
} from '../kernels/kernels.ts';
import { catalogue } from '../model/catalogue.ts';
import type { Locate } from '../model/network.ts';

/** Writes an image, as sample `sample` of the data set looks in this epoch, into row `row` of x. */
export type Augment = (image: Uint8Array, sample: number, epoch: number, x: Matrix, row: number) => void;

/** Whether the samples are images, of which pixels can be moved about. */
export function checkAugmentable(
  list: readonly KindConfig[],
  { height, width }: ImageShape,
  locate: Locate,
): void {
  if (list.length === 0 || (height > 1 && width > 1)) return;
  throw new LockstepError('usage', {
    where: locate('augmentation'),
    expected: 'samples that are images',
    got: `samples of ${height} x ${width}`,
    hint: 'remove the augmentation',
  });
}

/** Elements of memory that each thread needs for them. */
export function augmentationRoom(list: readonly KindConfig[], shape: ImageShape): number {
  if (list.length === 0) return 0;
  return list.reduce((sum, config) => sum + roomOf(config, shape), 2 * planeSize(shape));
}

const roomOf = (config: KindConfig, shape: ImageShape) =>
  catalogue.augmentation.get(config.kind)!.room?.(config, shape) ?? 0;

/**
 * Undefined where there is nothing to do. The first of the list is done to the image first. All channels of a
 * pixel move together.
 *
 * @param offset this thread's elements for it, as many as `augmentationRoom` says
 * @param last the last epoch in which images are distorted, counted from 1
 */
export function planAugmentation(
  list: readonly KindConfig[],
  { height, width, channels = 1 }: ChannelShape,
  kernels: Kernels,
  offset: number,
  seed: number,
  last = Infinity,
): Augment | undefined {
  if (list.length === 0) return undefined;
  const field: PixelField = { offset, height, width };
  let room = offset + 2 * planeSize(field);
  const distortions = list.map((config, place) => {
    const distort = catalogue.augmentation.get(config.kind)!.build(config, { kernels, field, room });
    room += roomOf(config, field);
    return { distort, place };
  });
  // A place in the new image goes back through the last first.
  distortions.reverse();
  return (image, sample, epoch, x, row) => {
    kernels.identityField(field);
    if (epoch <= last) {
      for (const { distort, place } of distortions) {
        distort(rowWords('augmentation', place, { seed, epoch }, sample));
      }
    }
    kernels.resample(image, field, channels, x, row);
  };
}
