/** Keeps the weights that had the best validation figure, and says when a training gets no better. */

import { watchBest } from '../contracts/figures.ts';
import type { Experiment } from '../experiment/experiment.ts';
import type { Metrics } from '../figures/confusion.ts';
import type { MemoryMap } from '../model/memory-map.ts';

type Elements = Float32Array<SharedArrayBuffer> | Float64Array<SharedArrayBuffer>;

/** The learned numbers and the layers' state at one time, as they lie in the kernels' memory. */
export interface Snapshot {
  restore(): void;
}

export function takeSnapshot(elements: Elements, { regions }: MemoryMap): Snapshot {
  const copies = regions
    .filter(({ slab }) => slab === 'parameters' || slab === 'state')
    .map(({ offset, size }) => ({ offset, values: elements.slice(offset, offset + size) }));
  return {
    restore() {
      for (const { offset, values } of copies) elements.set(values, offset);
    },
  };
}

/** Watches the evaluations of a training. */
export interface Watch {
  /** Hears of an evaluation, at this time of the training. True: the training should end. */
  hear(figures: Metrics, epoch: number): boolean;
  /** The weights of the best evaluation so far, and its time. */
  best(): { epoch: number; snapshot: Snapshot } | undefined;
}

/** Without early stopping the best accuracy is kept, and the training never ended. */
export function watchTraining({ earlyStopping }: Experiment, elements: Elements, map: MemoryMap): Watch {
  const { metric, patience, minDelta } = earlyStopping ?? {
    metric: 'accuracy',
    patience: Number.POSITIVE_INFINITY,
    minDelta: 0,
  };
  const progress = watchBest(metric, { absolute: minDelta });
  let best: { epoch: number; snapshot: Snapshot } | undefined;
  let waited = 0;
  return {
    hear(figures, epoch) {
      if (progress(figures)) {
        best = { epoch, snapshot: takeSnapshot(elements, map) };
        waited = 0;
      } else {
        waited++;
      }
      return waited >= patience;
    },
    best: () => best,
  };
}
