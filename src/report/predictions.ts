/** Some of a network's predictions for the test samples: right ones, wrong ones, and its worst mistakes. */
import type { Samples } from '../data/dataset.ts';
import { inParts, type Part } from '../training/in-parts.ts';
import type { TrainedModel } from '../training/trained-model.ts';
import { inTurn } from './in-turn.ts';

/** A test sample with the class that the network predicts. */
export interface Prediction {
  /** Position in the test set, from 0. */
  index: number;
  actual: number;
  /** The most likely classes. The first is the prediction. */
  likely: readonly { class: number; probability: number }[];
  /** How likely the network finds the actual class. */
  ofActual: number;
}

export interface Predictions {
  /** Right ones from the beginning of the test set, all classes in turn. */
  right: Prediction[];
  /** Wrong ones that gave the actual class the lowest probability: those of the largest cross-entropy. */
  worst: Prediction[];
  /** The first of the other wrong ones. */
  others: Prediction[];
  /** Of the most frequent confusions, the mistakes that gave the actual class the lowest probability. */
  cells: CellMistakes[];
}

/** Mistakes of one cell of the confusion matrix. */
export interface CellMistakes {
  actual: number;
  predicted: number;
  /** Those that there are; `shown` are some of them. */
  count: number;
  shown: Prediction[];
}

/** The most that are chosen of each. */
const most = { right: 12, worst: 24, others: 12, likely: 3, ofCell: 8, inCells: 240 };

/** The most bytes that the samples in cells have: pictures of noise do not get smaller in a page. */
const mostCellBytes = 400_000;

/** Evaluates the whole test set and chooses. The same weights and samples give the same choice. */
export function choosePredictions(
  model: TrainedModel,
  test: Samples,
  parts: Iterable<Part> = inParts(model, test),
): Predictions {
  const { outputs: classes } = model;
  const right: number[][] = Array.from({ length: classes }, () => []);
  const wrong: Mistake[] = [];
  for (const { first, count, probabilities } of parts) {
    for (let i = 0; i < count; i++) {
      const row = probabilities.subarray(i * classes, (i + 1) * classes);
      const index = first + i;
      const actual = test.targets[index]!;
      const predicted = likeliest(row);
      if (predicted !== actual) wrong.push({ index, actual, predicted, ofActual: row[actual]! });
      else if (right[actual]!.length < most.right) right[actual]!.push(index);
    }
  }
  const ordered = wrong.toSorted((a, b) => a.ofActual - b.ofActual || a.index - b.index);
  const worst = ordered.slice(0, most.worst).map(({ index }) => index);
  const chosen = new Set(worst);
  const others = wrong.filter(({ index }) => !chosen.has(index)).slice(0, most.others);

  const predictionOf = (index: number): Prediction => {
    const width = test.features.length / test.count;
    const row = model.probabilities({
      count: 1,
      features: test.features.subarray(index * width, (index + 1) * width),
    });
    const actual = test.targets[index]!;
    const likely = Array.from(row, (probability, c) => ({ class: c, probability }))
      .sort((a, b) => b.probability - a.probability)
      .slice(0, most.likely);
    return { index, actual, likely, ofActual: row[actual]! };
  };
  return {
    right: inTurn(right, most.right).map(predictionOf),
    worst: worst.map(predictionOf),
    others: others.map(({ index }) => predictionOf(index)),
    cells: cellsOf(ordered, bytesOf(test)).map(({ shown, ...cell }) => ({
      ...cell,
      shown: shown.map(predictionOf),
    })),
  };
}

interface Mistake {
  index: number;
  actual: number;
  predicted: number;
  ofActual: number;
}

/** Of a sample in a page, about. */
function bytesOf({ features, count }: Samples): number {
  const numbers = features.length / count;
  return features instanceof Uint8Array ? numbers : 10 * Math.min(numbers, 12);
}

/** The cells with the most mistakes, as long as there is room for their samples. */
function cellsOf(
  ordered: readonly Mistake[],
  bytes: number,
): (Omit<CellMistakes, 'shown'> & { shown: number[] })[] {
  const cells = new Map<string, Omit<CellMistakes, 'shown'> & { shown: number[] }>();
  for (const { index, actual, predicted } of ordered) {
    const key = `${actual}-${predicted}`;
    const cell = cells.get(key) ?? { actual, predicted, count: 0, shown: [] };
    cells.set(key, cell);
    cell.count++;
    if (cell.shown.length < most.ofCell) cell.shown.push(index);
  }
  let room = Math.min(most.inCells, Math.floor(mostCellBytes / bytes));
  return [...cells.values()]
    .sort((a, b) => b.count - a.count || a.actual - b.actual || a.predicted - b.predicted)
    .filter(({ shown }) => {
      room -= shown.length;
      return room >= 0;
    });
}

/** The first of the largest. */
function likeliest(probabilities: Float64Array): number {
  let best = 0;
  for (const [c, probability] of probabilities.entries()) if (probability > probabilities[best]!) best = c;
  return best;
}
