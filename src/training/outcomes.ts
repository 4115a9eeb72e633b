/** Reads what an evaluation has left in the kernels' memory. */
import type { TaskFigures } from '../contracts/figures.ts';
import type { OutputUnit } from '../contracts/task.ts';
import type { Samples } from '../data/dataset.ts';
import type { Elements } from '../kernels/layout.ts';
import type { MemoryMap } from '../model/memory-map.ts';

/** What came out for a sample. `predicted` is used again for the next. */
export interface Outcome {
  /** The class; or the values, in the user's unit; or the flags, 0 or 1. */
  predicted: Float64Array;
  loss: number;
}

/** The outcome of each sample of the set that was evaluated last, by its number there. */
export function outcomesOf(
  elements: Elements,
  { outcome, loss }: Pick<MemoryMap, 'outcome' | 'loss'>,
  { decide }: TaskFigures,
  unit: OutputUnit,
): (sample: number) => Outcome {
  const predicted = new Float64Array(outcome.columns);
  return (sample) => {
    const first = outcome.offset + sample * outcome.stride;
    for (let c = 0; c < outcome.columns; c++) predicted[c] = elements[first + c]!;
    decide(predicted, unit);
    return { predicted, loss: elements[loss.offset + sample]! };
  };
}

/** What was asked for of each sample, by its index. The array is used again for the next. */
export function targetsOf(
  { targets }: Pick<Samples, 'targets'>,
  width: number,
): (sample: number) => Float64Array {
  const actual = new Float64Array(width);
  return (sample) => {
    for (let c = 0; c < width; c++) actual[c] = targets[sample * width + c]!;
    return actual;
  };
}
