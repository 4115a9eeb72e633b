/**
 * A look at a data set before it is trained on. What cannot be meant is refused; what is probably a mistake
 * is told in one line. It reads each sample once at most, so it takes a small part of the time of reading
 * the files.
 */
import type { Dataset } from './dataset.ts';
import { atOnce, meanwhile, type Steps } from './in-steps.ts';
import { lookAtColumns } from './look/columns.ts';
import { lookAtGrounds } from './look/grounds.ts';
import { lookAtLeaks } from './look/leaks.ts';
import { lookAtPixels } from './look/pixels.ts';
import { lookAtRepeats } from './look/repeats.ts';
import { lookAtTargets } from './look/targets.ts';

/**
 * What looks like a mistake, one line each, the most severe first.
 *
 * @throws LockstepError `data` if nothing can be learnt: the training samples have one class only, or each
 *   has a class of its own, or the values to predict are all the same
 */
export const lookAt = (dataset: Dataset): string[] => atOnce(look(dataset));

/** The same, beside other tasks. */
export const lookAtMeanwhile = (dataset: Dataset): Promise<string[]> => meanwhile(look(dataset));

function* look(dataset: Dataset): Steps<string[]> {
  const warnings = lookAtTargets(dataset);
  yield;
  warnings.push(...lookAtPixels(dataset));
  warnings.push(...lookAtGrounds(dataset));
  warnings.push(...lookAtLeaks(dataset));
  yield;
  warnings.push(...(yield* lookAtRepeats(dataset)));
  warnings.push(...(yield* lookAtColumns(dataset)));
  return warnings;
}
