/** Takes many samples through a network part by part: the probabilities of all of them may be too many. */
import { columnsOf, type Features, type Samples } from '../data/dataset.ts';
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

/** The probabilities of all samples, in their order. */
export function* inParts(model: TrainedModel, samples: Samples, features?: Features): Generator<Part> {
  const columns = columnsOf(model.signature.features);
  const size = Math.max(1, Math.floor(mostAtATime / model.outputs));
  for (let first = 0; first < samples.count; first += size) {
    const count = Math.min(size, samples.count - first);
    const rows = samples.features.subarray(first * columns, (first + count) * columns);
    yield { first, count, probabilities: model.probabilities({ count, features: rows }, features) };
  }
}
