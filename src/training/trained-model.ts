/**
 * A trained network at work: the probabilities it gives to images, and how well it does on a data set.
 *
 * It takes the samples through the very code by which a training evaluates (engine/evaluate.ts), on the same
 * kernels, in this thread, so the figures of a run's own test set come out as the training found them, bit
 * for bit. (But for `kernels: reference`, which train in float64: a file holds float32.)
 */
import { checkImages, checkSamples } from '../data/check.ts';
import type { Samples } from '../data/dataset.ts';
import { planEvaluation } from '../engine/evaluate.ts';
import { createMemory, imagesListed, kernelsOver } from '../engine/memory.ts';
import type { Experiment } from '../experiment/experiment.ts';
import { type Evaluation, startTally } from '../figures/confusion.ts';
import { checkBytes } from '../foundation/check.ts';
import { backendOf } from '../model/backends.ts';
import { catalogue } from '../model/catalogue.ts';
import { evaluationRows, mapMemory } from '../model/memory-map.ts';
import type { NetworkPlan } from '../model/network.ts';
import { type WeightTensor, writeWeights } from '../model/weights.ts';
import { allocateShared } from '../platform/shared-memory.ts';

/** Images whose class nobody has told. */
export type Images = Pick<Samples, 'count' | 'images'>;

export interface TrainedModel {
  experiment: Experiment;
  /** Pixels of an image. */
  inputs: number;
  classes: number;
  /**
   * How likely each class is, for each image. Each row adds up to 1, and its largest element is the predicted
   * class. After softmax cross-entropy this is the softmax of the outputs; after mean squared error, the
   * probabilities that are nearest to the outputs. (count, classes)
   *
   * @param images bytes 0 to 255, image after image; an array of them, or with their count
   * @throws TypeError or RangeError if these are not bytes of whole images
   */
  probabilities(images: Images | Uint8Array): Float64Array;
  /** The most likely class of each image, of several the first. (count) */
  predict(images: Images | Uint8Array): Uint32Array;
  /**
   * Loss, accuracy, macro precision, recall and F1, and the confusion matrix: what the training reports for
   * these samples.
   *
   * @throws TypeError or RangeError if images have another size, or a label is none of the classes
   */
  evaluate(samples: Samples): Evaluation;
}

/**
 * Puts a network with these numbers to work, in this thread.
 *
 * @param weights in the order of the plan, as `readWeights` gives them
 * @param state likewise, what layers carry beside the weights
 */
export function trainedModel(
  experiment: Experiment,
  network: NetworkPlan,
  weights: readonly WeightTensor[],
  state: readonly WeightTensor[],
): TrainedModel {
  const { inputs, classes } = network;
  const map = mapMemory(network, {
    layout: backendOf(experiment.kernels).layout,
    rows: 1,
    samples: evaluationRows,
    slots: [],
    images: imagesListed(experiment.kernels, { some: evaluationRows }),
    threads: 1,
  });
  const packed = map.packed?.some;
  const own = map.threads[0]!;
  const memory = createMemory(experiment.kernels, map.elements);
  const kernels = kernelsOver(memory, own.scratch);
  const { elements } = kernels;
  writeWeights(elements, network.parameters, map.parameters, weights);
  writeWeights(elements, network.state, map.state, state);
  const draw = { seed: experiment.seed, epoch: 0, sample: (row: number) => row };
  const evaluateBlock = planEvaluation(network, map, kernels, experiment.loss, own, draw);
  const loss = catalogue.loss.get(experiment.loss.kind)!;
  const logits = own.values.at(-1)!;

  /** Takes the samples through the network, some at a time; `visit` sees each where it was left. */
  const each = ({ count, images, labels }: Samples, visit: (sample: number, row: number) => void) => {
    for (let first = 0; first < count; first += evaluationRows) {
      const rows = Math.min(evaluationRows, count - first);
      const part = {
        count: rows,
        images: images.subarray(first * inputs, (first + rows) * inputs),
        labels: labels.subarray(first, first + rows),
      };
      if (packed) kernels.images!.pack(part.images, packed, 0);
      evaluateBlock({ samples: part, order: undefined, count: rows, packed }, 0);
      for (let row = 0; row < rows; row++) visit(first + row, row);
    }
  };
  /** Images without labels, as samples. */
  const unlabelled = (given: Images | Uint8Array): Samples => {
    const { count, images } = imagesOf(given, inputs);
    return { count, images: images as Samples['images'], labels: new Uint8Array(allocateShared(count)) };
  };

  return {
    experiment,
    inputs,
    classes,
    probabilities(given) {
      const samples = unlabelled(given);
      const probabilities = new Float64Array(samples.count * classes); // (count, classes)
      each(samples, (sample, row) => {
        const first = logits.offset + row * logits.stride;
        const outputs = probabilities.subarray(sample * classes, (sample + 1) * classes);
        outputs.set(elements.subarray(first, first + classes));
        loss.probabilities(outputs);
      });
      return probabilities;
    },
    predict(given) {
      const samples = unlabelled(given);
      const predicted = new Uint32Array(samples.count);
      each(samples, (sample, row) => {
        predicted[sample] = elements[map.predicted.offset + row]!;
      });
      return predicted;
    },
    evaluate(samples) {
      checkSamples('samples', samples, inputs, classes);
      const tally = startTally(classes);
      each(samples, (sample, row) => {
        const predicted = elements[map.predicted.offset + row]!;
        tally.add(samples.labels[sample]!, predicted, elements[map.loss.offset + row]!);
      });
      return tally.figures();
    },
  };
}

/** Whole images of so many pixels. */
function imagesOf(given: Images | Uint8Array, pixels: number): { count: number; images: Uint8Array } {
  if (!ArrayBuffer.isView(given)) {
    checkImages('images', given, pixels);
    return given;
  }
  const images = checkBytes('images', given);
  const count = images.length / pixels;
  if (Number.isInteger(count)) return { count, images };
  throw new RangeError(
    `images: expected a multiple of ${pixels} bytes, the pixels of an image, got ${images.length}`,
  );
}
