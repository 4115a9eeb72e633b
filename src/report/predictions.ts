/** Some of a network's predictions for the test images: right ones, wrong ones, and its worst mistakes. */
import { columnsOf, type Samples } from '../data/dataset.ts';
import type { TrainedModel } from '../training/trained-model.ts';
import { inTurn } from './in-turn.ts';

/** A test image with the network's prediction. */
export interface Prediction {
  /** Position in the test set, from 0. */
  index: number;
  actual: number;
  /** The most likely classes. The first is the prediction. */
  likely: readonly { class: number; probability: number }[];
  /** Grey values 0-255. (height * width) */
  image: Uint8Array;
}

export interface Predictions {
  /** Right ones from the beginning of the test set, all classes in turn. */
  right: Prediction[];
  /** Wrong ones that gave the actual class the lowest probability: those of the largest cross-entropy. */
  worst: Prediction[];
  /** The first of the other wrong ones. */
  others: Prediction[];
}

/** The most that are chosen of each. */
const most = { right: 12, worst: 24, others: 12, likely: 3 };

/** Evaluates the whole test set and chooses. The same weights and images give the same choice. */
export function choosePredictions(model: TrainedModel, test: Samples): Predictions {
  const { outputs: classes } = model;
  const pixels = columnsOf(model.signature.features);
  const probabilities = model.probabilities(test);
  const row = (index: number) => probabilities.subarray(index * classes, (index + 1) * classes);
  const right: number[][] = Array.from({ length: classes }, () => []);
  const wrong: number[] = [];
  for (let index = 0; index < test.count; index++) {
    const actual = test.targets[index]!;
    (likeliest(row(index)) === actual ? right[actual]! : wrong).push(index);
  }
  const ofActual = (index: number) => row(index)[test.targets[index]!]!;
  const worst = wrong.toSorted((a, b) => ofActual(a) - ofActual(b) || a - b).slice(0, most.worst);
  const others = wrong.filter((index) => !worst.includes(index)).slice(0, most.others);

  const predictionOf = (index: number): Prediction => ({
    index,
    actual: test.targets[index]!,
    likely: Array.from(row(index), (probability, c) => ({ class: c, probability }))
      .sort((a, b) => b.probability - a.probability)
      .slice(0, most.likely),
    image: test.features.subarray(index * pixels, (index + 1) * pixels) as Uint8Array,
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
