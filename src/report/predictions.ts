/** Some of a network's predictions for the test images: right ones, wrong ones, and its worst mistakes. */
import type { Samples } from '../data/dataset.ts';
import type { TrainedModel } from '../training/trained-model.ts';
import { inTurn } from './in-turn.ts';

/** A test image with what the network says of it. */
export interface Prediction {
  /** In the order of the test set, from 0. */
  index: number;
  actual: number;
  /** The most likely classes, the likeliest first: the first is the prediction. */
  likely: readonly { class: number; probability: number }[];
  /** Grey values 0-255. (height * width) */
  image: Uint8Array;
}

export interface Predictions {
  /** From the beginning of the test set, all classes in turn. */
  right: Prediction[];
  /** Those in which the actual class got the lowest probability: of the largest cross-entropy. */
  worst: Prediction[];
  /** The first of the other wrong ones. */
  others: Prediction[];
}

/** How many of each are chosen at most. */
const most = { right: 12, worst: 24, others: 12, likely: 3 };

/** Takes the whole test set through the network, and chooses. The same for the same weights and images. */
export function choosePredictions(model: TrainedModel, test: Samples): Predictions {
  const { classes, inputs } = model;
  const probabilities = model.probabilities(test);
  const row = (index: number) => probabilities.subarray(index * classes, (index + 1) * classes);
  const right: number[][] = Array.from({ length: classes }, () => []);
  const wrong: number[] = [];
  for (let index = 0; index < test.count; index++) {
    const actual = test.labels[index]!;
    (likeliest(row(index)) === actual ? right[actual]! : wrong).push(index);
  }
  const ofActual = (index: number) => row(index)[test.labels[index]!]!;
  const worst = wrong.toSorted((a, b) => ofActual(a) - ofActual(b) || a - b).slice(0, most.worst);
  const others = wrong.filter((index) => !worst.includes(index)).slice(0, most.others);

  const predictionOf = (index: number): Prediction => ({
    index,
    actual: test.labels[index]!,
    likely: Array.from(row(index), (probability, c) => ({ class: c, probability }))
      .sort((a, b) => b.probability - a.probability)
      .slice(0, most.likely),
    image: test.images.subarray(index * inputs, (index + 1) * inputs),
  });
  return {
    right: inTurn(right, most.right).map(predictionOf),
    worst: worst.map(predictionOf),
    others: others.map(predictionOf),
  };
}

/** The first of the largest. */
function likeliest(probabilities: Float64Array): number {
  let best = 0;
  for (const [c, probability] of probabilities.entries()) if (probability > probabilities[best]!) best = c;
  return best;
}
