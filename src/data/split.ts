/** The samples as all threads see them: which are trained on, in which order, and which are held out. */
import type { Experiment } from '../experiment/experiment.ts';
import { LockstepError } from '../foundation/errors.ts';
import { permutation, shuffle, stream } from '../foundation/random.ts';
import type { ImageShape } from '../kernels/kernels.ts';
import type { DataShape, Locate } from '../model/network.ts';
import { allocateShared } from '../platform/shared-memory.ts';
import type { EvaluationSet } from '../sync/control.ts';
import type { Dataset, Samples } from './dataset.ts';

/** Every array is shared memory. */
export interface SharedData extends DataShape, ImageShape {
  train: Samples;
  test: Samples;
  /** Orders of two epochs, the odd ones first: the next is prepared while one is trained on. (2, count) */
  order: Uint32Array<SharedArrayBuffer>;
  /** Indices of the training images that are held out. (count) */
  validation: Uint32Array<SharedArrayBuffer>;
}

export function shapeOf({ height, width, classes }: Dataset): DataShape {
  return { inputs: height * width, classes };
}

/**
 * Splits the training images and lays out what the threads share. `training` are those that are trained on.
 */
export function shareData(
  experiment: Experiment,
  dataset: Dataset,
  locate: Locate,
): { data: SharedData; training: Uint32Array } {
  const {
    seed,
    data: { validation },
  } = experiment;
  const { count } = dataset.train;
  if (validation >= count) {
    throw new LockstepError('usage', {
      where: locate('data.validation'),
      expected: `fewer than the ${count} training images`,
      got: String(validation),
      hint: `hold out a part of them, such as --set data.validation=${Math.floor(count / 10)}`,
    });
  }
  const drawn = permutation(count, stream(seed, 'validation'));
  const shared = new Uint32Array(allocateShared(validation * 4));
  shared.set(drawn.subarray(0, validation).sort());
  const used = trainingCount(experiment, { train: dataset.train, validation: shared });
  const training = drawn.subarray(validation, validation + used).sort();
  return {
    training,
    data: {
      ...shapeOf(dataset),
      height: dataset.height,
      width: dataset.width,
      train: dataset.train,
      test: dataset.test,
      order: new Uint32Array(allocateShared(2 * training.length * 4)),
      validation: shared,
    },
  };
}

/** Samples of an epoch: what is left of the training images after the validation split, or fewer. */
export function trainingCount(
  { data: { training } }: Experiment,
  { train, validation }: Pick<SharedData, 'train' | 'validation'>,
): number {
  const left = train.count - validation.length;
  return training === 'all' ? left : Math.min(training, left);
}

/** Prepares the order in which an epoch goes through the training images. */
export function writeOrder({ order }: SharedData, training: Uint32Array, seed: number, epoch: number): void {
  const part = orderOf(order, epoch, training.length);
  part.set(training);
  shuffle(part, stream(seed, 'shuffle', epoch));
}

/** The order of this epoch, of so many samples. */
export function orderOf<Buffer extends ArrayBufferLike>(
  order: Uint32Array<Buffer>,
  epoch: number,
  count: number,
): Uint32Array<Buffer> {
  const first = (epoch % 2) * count;
  return order.subarray(first, first + count);
}

/** A set of samples that can be evaluated. */
export interface SetOfSamples {
  set: EvaluationSet;
  count: number;
}

/** The set whose figures are taken during the training, if there is one. */
export function monitored(
  { data: { monitor } }: Experiment,
  { validation, test }: SharedData,
): SetOfSamples | undefined {
  if (monitor === 'test') return { set: 'test', count: test.count };
  return validation.length > 0 ? { set: 'validation', count: validation.length } : undefined;
}
