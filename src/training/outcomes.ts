/** Reads what an evaluation has left in the kernels' memory. */
import type { TaskFigures } from '../contracts/figures.ts';
import type { OutputUnit } from '../contracts/task.ts';
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
    predicted.set(elements.subarray(first, first + outcome.columns));
    decide(predicted, unit);
    return { predicted, loss: elements[loss.offset + sample]! };
  };
}
