/** What the loss of a sample is multiplied by, so that rare classes count as much as frequent ones. */
import type { Experiment } from '../experiment/experiment.ts';
import { shown } from '../foundation/check.ts';
import { LockstepError } from '../foundation/errors.ts';
import type { Locate } from '../model/network.ts';
import type { Dataset } from './dataset.ts';

/**
 * The weight of each class, scaled so that its mean over the samples that are trained on is 1. `balanced`:
 * in inverse proportion to the frequency of the class among them (King and Zeng, "Logistic regression in rare
 * events data", 2001). Classes that do not occur have the weight 1.
 *
 * @throws LockstepError `usage` if there are no classes, or another number of weights
 */
export function classWeightsOf(
  { classWeights }: Experiment,
  { targets, train }: Dataset,
  training: Uint32Array,
  locate: Locate,
): number[] | undefined {
  if (classWeights === undefined) return undefined;
  const complain = (expected: string, got: string) =>
    new LockstepError('usage', { where: locate('classWeights'), expected, got });
  if (targets.kind !== 'classes') throw complain('a target of classes, which have weights', targets.kind);
  const counts = new Array<number>(targets.count).fill(0);
  for (const sample of training) counts[train.targets[sample]!]!++;
  if (classWeights === 'balanced') {
    const occurring = counts.filter((count) => count > 0).length;
    return counts.map((count) => (count === 0 ? 1 : training.length / (occurring * count)));
  }
  if (classWeights.length !== targets.count) {
    throw complain(`${targets.count} weights, one for each class`, shown(classWeights.length));
  }
  const total = counts.reduce((sum, count, c) => sum + count * classWeights[c]!, 0);
  if (!(total > 0)) throw complain('a weight above 0 for some class that occurs', 'none');
  return counts.map((count, c) => (count === 0 ? 1 : (classWeights[c]! * training.length) / total));
}
