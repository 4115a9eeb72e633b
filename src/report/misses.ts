/** The samples whose values or flags a network predicts worst. */
import type { Samples } from '../data/dataset.ts';
import { logLossOf } from '../foundation/ranking.ts';
import type { Part } from '../training/in-parts.ts';
import type { TrainedModel } from '../training/trained-model.ts';

/** What is predicted of a sample, target by target. */
export interface Miss {
  /** Position in the test set, from 0. */
  index: number;
  actual: readonly number[];
  /** Values in the user's unit; of flags how likely each is. */
  predicted: readonly number[];
}

/** The most that are shown. */
const most = 12;

/**
 * Values: the largest errors, each in deviations of its target, as a root of their mean square.
 *
 * @param predicted of all samples (count, outputs)
 */
export function largestErrors(
  { signature: { unit } }: TrainedModel,
  { count, targets }: Samples,
  predicted: ArrayLike<number>,
): Miss[] {
  const width = unit.deviation.length;
  const sizes = Float64Array.from({ length: count }, (_, i) =>
    unit.deviation.reduce((sum, deviation, c) => {
      const error = (predicted[i * width + c]! - targets[i * width + c]!) / deviation;
      return sum + error * error;
    }, 0),
  );
  return largest(sizes, () => true).map((index) => missOf(index, width, targets, predicted));
}

/** Flags: wrong ones that gave what is right the lowest probability, added up over the flags as log loss. */
export function worstFlags(
  { outputs: width }: TrainedModel,
  samples: Samples,
  parts: Iterable<Part>,
): Miss[] {
  const { count, targets } = samples;
  const said = new Float64Array(count * width);
  for (const part of parts) said.set(part.probabilities, part.first * width);
  const wrong = (i: number) => {
    for (let c = i * width; c < (i + 1) * width; c++) if (said[c]! > 0.5 !== (targets[c] === 1)) return true;
    return false;
  };
  const losses = Float64Array.from({ length: count }, (_, i) => {
    let sum = 0;
    for (let c = i * width; c < (i + 1) * width; c++) {
      sum += logLossOf(targets[c] === 1 ? said[c]! : 1 - said[c]!);
    }
    return sum;
  });
  return largest(losses, wrong).map((index) => missOf(index, width, targets, said));
}

/** Indices of the largest, of equal ones the first. */
function largest(sizes: Float64Array, shown: (index: number) => boolean): number[] {
  return Array.from(sizes.keys())
    .filter(shown)
    .sort((a, b) => sizes[b]! - sizes[a]! || a - b)
    .slice(0, most);
}

function missOf(index: number, width: number, actual: ArrayLike<number>, predicted: ArrayLike<number>): Miss {
  const own = (numbers: ArrayLike<number>) =>
    Array.from({ length: width }, (_, c) => numbers[index * width + c]!);
  return { index, actual: own(actual), predicted: own(predicted) };
}
