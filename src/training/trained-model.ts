/**
 * A trained network at work: what it predicts for samples, and how well it does on a data set.
 *
 * It takes the samples through the very code by which a training evaluates (engine/evaluate.ts), on the same
 * kernels, in this thread, so the figures of a run's own test set come out as the training found them, bit
 * for bit. (But for `kernels: reference`, which train in float64: a file holds float32.)
 */
import { targetWidth } from '../contracts/task.ts';
import { checkRows, checkSamples } from '../data/check.ts';
import {
  allocateTargets,
  columnsOf,
  type FeatureArray,
  type Features,
  type Samples,
} from '../data/dataset.ts';
import { inWordsOf } from '../data/preparation.ts';
import type { Signature } from '../data/split.ts';
import type { Experiment } from '../experiment/experiment.ts';
import { wrongKind, wrongValue } from '../foundation/check.ts';
import { catalogue, figuresFor } from '../model/catalogue.ts';
import type { NetworkPlan } from '../model/network.ts';
import type { NumberTensor } from '../model/weights.ts';
import { type Evaluation, evaluationOf } from './evaluation.ts';
import { networkAtWork, type Progress } from './network-at-work.ts';
import { outcomesOf, targetsOf } from './outcomes.ts';

/**
 * Samples as they were read, not prepared: pictures as bytes 0 to 255, one after the other; rows of a table
 * as float64 numbers in the order of its columns, a word by its index (or the number of words, if it is not
 * listed), a missing cell as NaN. (count, columns)
 */
export interface Rows {
  count: number;
  features: Uint8Array | Float64Array;
}

export interface TrainedModel {
  experiment: Experiment;
  /** What a sample is, what is predicted, and how a sample is prepared. Plain data. */
  signature: Signature;
  /** Numbers that the network reads for each sample. */
  inputs: number;
  /** Classes, values or flags that it gives. */
  outputs: number;
  /**
   * Classes: how likely each is, for each sample. Each row adds up to 1, and its largest element is the
   * predicted class. After softmax cross-entropy this is the softmax of the outputs; after mean squared
   * error, the probabilities that are nearest to the outputs. Flags: how likely each is. (count, outputs)
   *
   * @param rows whole samples; an array of them, or with their count
   * @param features of a table whose words are in another order than in `signature`
   * @throws TypeError or RangeError if these are not whole samples, or if the network predicts values
   */
  probabilities(rows: Rows | Rows['features'], features?: Features): Float64Array;
  /**
   * Classes: the most likely class of each sample, of several the first. (count) Values, in the user's unit,
   * and flags, 0 or 1. (count, outputs)
   */
  predict(rows: Rows | Rows['features'], features?: Features): Uint32Array | Float64Array;
  /**
   * The loss and the figures that the training reports for these samples; see `Evaluation`.
   *
   * @throws TypeError or RangeError if samples have another shape, or a target that the network does not know
   */
  evaluate(samples: Samples, features?: Features): Evaluation;
}

export interface TrainedModelOptions {
  /** By class, what the losses are multiplied by. */
  classWeights?: readonly number[] | undefined;
  onProgress?: Progress | undefined;
}

/**
 * Puts a network with these numbers to work, in this thread.
 *
 * @param weights in the order of the plan, as `readNumbers` gives them
 * @param state likewise, what layers carry beside the weights
 */
export function trainedModel(
  experiment: Experiment,
  network: NetworkPlan,
  signature: Signature,
  weights: readonly NumberTensor[],
  state: readonly NumberTensor[],
  { classWeights, onProgress }: TrainedModelOptions = {},
): TrainedModel {
  const { inputs, outputs, task } = network;
  const { features, targets, unit } = signature;
  const { map, own, elements, write, each } = networkAtWork(experiment, network, signature, classWeights);
  write(weights, state);
  const loss = catalogue.loss.get(experiment.loss.kind)!;
  const table = figuresFor(task);
  const outcomeOf = outcomesOf(elements, map, table, unit);
  const logits = own.values.at(-1)!;
  const width = targetWidth(targets);

  /** Rows as samples whose targets nobody has told. */
  const unlabelled = (given: Rows | Rows['features'], like: Features = features): Samples => {
    const { count, features: numbers } = rowsOf(given, like);
    const own = inWordsOf(features, like, numbers as FeatureArray);
    return { count, features: own, targets: allocateTargets(count, targets) };
  };

  return {
    experiment,
    signature,
    inputs,
    outputs,
    probabilities(given, like) {
      const samples = unlabelled(given, like);
      const { probabilities: turn } = loss;
      if (!turn || task === 'values')
        throw new TypeError('probabilities: expected classes or flags, got values');
      const probabilities = new Float64Array(samples.count * outputs); // (count, outputs)
      const visit = (sample: number, row: number) => {
        const first = logits.offset + row * logits.stride;
        const own = probabilities.subarray(sample * outputs, (sample + 1) * outputs);
        own.set(elements.subarray(first, first + outputs));
        turn(own);
      };
      each(samples, visit, onProgress);
      return probabilities;
    },
    predict(given, like) {
      const samples = unlabelled(given, like);
      const size = samples.count * width;
      const predicted = task === 'values' ? new Float64Array(size) : new Uint32Array(size);
      const visit = (sample: number, row: number) => predicted.set(outcomeOf(row).predicted, sample * width);
      each(samples, visit, onProgress);
      return predicted;
    },
    evaluate(samples, like = features) {
      checkSamples('samples', samples, like, targets, 1);
      const tally = table.start(targets, unit);
      const asked = targetsOf(samples, width);
      const own = { ...samples, features: inWordsOf(features, like, samples.features) };
      const visit = (sample: number, row: number) => {
        const { predicted, loss } = outcomeOf(row);
        tally.add(asked(sample), predicted, loss);
      };
      each(own, visit, onProgress);
      return evaluationOf(tally);
    },
  };
}

/** Whole samples. */
function rowsOf(given: Rows | Rows['features'], features: Features): Rows {
  if (!ArrayBuffer.isView(given)) {
    checkRows('rows', given, features);
    return given;
  }
  const bytes = features.kind === 'bytes';
  const right = bytes
    ? given instanceof Uint8Array || (given as unknown) instanceof Uint8ClampedArray
    : given instanceof Float64Array;
  if (!right) throw wrongKind('rows', bytes ? 'bytes (a Uint8Array)' : 'a Float64Array', given);
  const columns = columnsOf(features);
  const count = given.length / columns;
  if (!Number.isInteger(count)) {
    const each = bytes
      ? `${columns} bytes, the pixels of an image`
      : `${columns} numbers, a row of the table`;
    throw wrongValue('rows', `a multiple of ${each}`, given.length);
  }
  if (!bytes) checkRows('rows', { count, features: given }, features);
  return { count, features: given };
}
