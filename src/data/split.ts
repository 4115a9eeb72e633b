/** The samples as all threads see them: which are trained on, in which order, and which are held out. */
import type { OutputUnit, Targets } from '../contracts/task.ts';
import { outputsOf } from '../contracts/task.ts';
import type { Experiment } from '../experiment/experiment.ts';
import { LockstepError } from '../foundation/errors.ts';
import { permutation, shuffle, stream } from '../foundation/random.ts';
import type { ChannelShape } from '../kernels/kernels.ts';
import type { DataShape, Locate } from '../model/network.ts';
import { allocateShared } from '../platform/shared-memory.ts';
import type { EvaluationSet } from '../sync/control.ts';
import { classWeightsOf } from './class-weights.ts';
import type { Dataset, Features, Samples } from './dataset.ts';
import { holdOut } from './hold-out.ts';
import { refuseMissing } from './missing.ts';
import type { PictureProfile } from './pictures/profile.ts';
import { fitNumbers, fitPreparation, inputsOf, type Preparation } from './preparation.ts';

/** What a network was trained for, and how raw samples become its inputs: plain data, kept with it. */
export interface Signature {
  features: Features;
  targets: Targets;
  preparation: Preparation;
  /** Of the outputs. */
  unit: OutputUnit;
  /** What the training pictures look like, so that pictures to predict are made like them. */
  pictures?: PictureProfile;
}

/** The signature alone, of whatever has one. */
export function signatureOf({ features, targets, preparation, unit, pictures }: Signature): Signature {
  return { features, targets, preparation, unit, ...(pictures ? { pictures } : {}) };
}

/** Every array is shared memory. */
export interface SharedData extends Signature, DataShape, ChannelShape {
  train: Samples;
  test: Samples;
  /** Orders of two epochs, the odd ones first: the next is prepared while one is trained on. (2, count) */
  order: Uint32Array<SharedArrayBuffer>;
  /** Indices of the training samples that are held out. (count) */
  validation: Uint32Array<SharedArrayBuffer>;
  /** By class, what a sample's loss is multiplied by; undefined: nothing. */
  classWeights: readonly number[] | undefined;
}

export function shapeOf({
  features,
  targets,
  preparation,
}: Omit<Signature, 'unit'>): DataShape & ChannelShape {
  const inputs = inputsOf(preparation, features);
  const picture = features.kind === 'bytes';
  const [height, width, channels] = picture ? features.shape : [1, inputs, 1];
  return {
    inputs,
    outputs: outputsOf(targets),
    task: targets.kind,
    packable: picture,
    ...(picture ? { shape: { height, width, channels } } : {}),
    height,
    width,
    channels,
  };
}

/** Which samples are trained on and which are held out, by index, and what was fitted to the former. */
export interface FittedData extends Signature {
  training: Uint32Array;
  validation: Uint32Array;
}

/** What is not fitted, because a network that is taken over brings it. */
export interface KeptUnits {
  preparation?: Preparation;
  unit?: OutputUnit;
}

/**
 * Splits the training samples, and fits the preparation and the unit of the outputs to those that are
 * trained on.
 */
export function fitData(
  experiment: Experiment,
  dataset: Dataset,
  locate: Locate,
  kept: KeptUnits = {},
): FittedData {
  const { seed, data } = experiment;
  const { features, targets, train } = dataset;
  if ((data.missing ?? 'refuse') === 'refuse') refuseMissing(dataset);
  const drawn = permutation(train.count, stream(seed, 'validation'));
  const { held, rest } = holdOut(drawn, train, targets, data.validation, locate);
  const used = data.training === 'all' ? rest.length : Math.min(data.training, rest.length);
  const training = rest.slice(0, used).sort();
  const rule = { scaling: data.preparation ?? 'standardise', missing: data.missing ?? 'refuse' } as const;
  return {
    features,
    targets,
    preparation: kept.preparation ?? fitPreparation(features, train, training, rule),
    unit: kept.unit ?? fitUnit(targets, train, training),
    training,
    validation: held.sort(),
  };
}

/** Mean and deviation of the values that are trained on. */
function fitUnit(targets: Targets, { targets: values }: Samples, training: Uint32Array): OutputUnit {
  const outputs = outputsOf(targets);
  if (targets.kind !== 'values') {
    return targets.kind === 'classes'
      ? { mean: [0], deviation: [1] }
      : { mean: targets.names.map(() => 0), deviation: targets.names.map(() => 1) };
  }
  const fitted = fitNumbers(values, outputs, training, 'standardise');
  return { mean: fitted.map(({ shift }) => shift), deviation: fitted.map(({ scale }) => scale) };
}

/** Lays out what the threads share. `training` are the indices of the samples that are trained on. */
export function shareData(
  experiment: Experiment,
  dataset: Dataset,
  locate: Locate,
  kept?: KeptUnits,
): { data: SharedData; training: Uint32Array } {
  const { training, validation, ...signature } = fitData(experiment, dataset, locate, kept);
  if (training.length === 0) {
    throw new LockstepError('usage', {
      where: locate('data.validation'),
      expected: 'samples that are left to train on',
      got: 'none',
    });
  }
  const held = new Uint32Array(allocateShared(validation.length * 4));
  held.set(validation);
  return {
    training,
    data: {
      ...signature,
      ...shapeOf(signature),
      train: dataset.train,
      test: dataset.test,
      order: new Uint32Array(allocateShared(2 * training.length * 4)),
      validation: held,
      classWeights: classWeightsOf(experiment, dataset, training, locate),
    },
  };
}

/** Samples of an epoch. */
export function trainingCount({ order }: Pick<SharedData, 'order'>): number {
  return order.length / 2;
}

/** Prepares the order in which an epoch goes through the training samples. */
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
