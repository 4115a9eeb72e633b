/** Takes many samples through a network part by part: the probabilities of all of them may be too many. */
import { columnsOf, type Samples } from '../data/dataset.ts';
import type { TrainedModel } from './trained-model.ts';

/** The most probabilities at a time: 32 MiB. */
const mostAtATime = 4_194_304;

export interface Part {
  /** Index of the first sample. */
  first: number;
  count: number;
  /** (count, outputs) */
  probabilities: Float64Array;
}

/**
 * The probabilities of all samples, in their order. They are computed when somebody asks for them; if they
 * fit into one part, only once.
 */
export function inParts(model: TrainedModel, samples: Samples): Iterable<Part> {
  const columns = columnsOf(model.signature.features);
  const size = Math.max(1, Math.floor(mostAtATime / model.outputs));
  const partFrom = (first: number): Part => {
    const count = Math.min(size, samples.count - first);
    const features = samples.features.subarray(first * columns, (first + count) * columns);
    return { first, count, probabilities: model.probabilities({ count, features }) };
  };
  let only: Part | undefined;
  return {
    *[Symbol.iterator]() {
      if (samples.count <= size) {
        only ??= partFrom(0);
        yield only;
        return;
      }
      for (let first = 0; first < samples.count; first += size) yield partFrom(first);
    },
  };
}
