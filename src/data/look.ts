/**
 * A look at a data set before it is trained on. What cannot be meant is refused; what is probably a mistake
 * is told in one line. It reads each sample once at most, so it takes a small part of the time of reading
 * the files.
 */
import { breathe } from '../platform/breath.ts';
import type { Dataset } from './dataset.ts';
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
export function lookAt(dataset: Dataset): string[] {
  const steps = look(dataset);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** The same, a piece at a time, so that no other task waits for longer than one piece takes. */
export async function lookAtMeanwhile(dataset: Dataset): Promise<string[]> {
  const steps = look(dataset);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    await breathe();
  }
}

function* look(dataset: Dataset): Generator<void, string[]> {
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
