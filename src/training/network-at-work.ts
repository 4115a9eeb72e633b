/** A network in memory of its own, in this thread, through which samples go as an evaluation takes them. */

import { targetWidth } from '../contracts/task.ts';
import { columnsOf, type Samples } from '../data/dataset.ts';
import type { Signature } from '../data/split.ts';
import { planEvaluation } from '../engine/evaluate.ts';
import { createMemory, imagesListed, kernelsOver } from '../engine/memory.ts';
import type { Experiment } from '../experiment/experiment.ts';
import type { Elements } from '../kernels/layout.ts';
import { backendOf } from '../model/backends.ts';
import { evaluationRows, type MemoryMap, mapMemory, type ThreadMemory } from '../model/memory-map.ts';
import type { NetworkPlan } from '../model/network.ts';
import { type NumberTensor, writeNumbers } from '../model/weights.ts';

export interface NetworkAtWork {
  map: MemoryMap;
  /** Where the samples at hand, and all that is made of them, lie. */
  own: ThreadMemory;
  elements: Elements;
  /** Takes these numbers for its own, each in the order of the plan. */
  write(weights: readonly NumberTensor[], state: readonly NumberTensor[]): void;
  /** Takes the samples through, some at a time; `visit` sees each in the row where it was left. */
  each(samples: Samples, visit: (sample: number, row: number) => void, progress?: Progress): void;
}

/** Hears how many samples have gone through the network, and of how many. */
export type Progress = (done: number, of: number) => void;

/** @param classWeights by class, what the losses are multiplied by */
export function networkAtWork(
  experiment: Experiment,
  network: NetworkPlan,
  signature: Signature,
  classWeights?: readonly number[],
): NetworkAtWork {
  const map = mapMemory(network, {
    layout: backendOf(experiment.kernels).layout,
    rows: 1,
    samples: evaluationRows,
    slots: [],
    images: imagesListed(experiment.kernels, { some: evaluationRows }),
    weighted: classWeights !== undefined,
    threads: 1,
  });
  const packed = map.packed?.some;
  const own = map.threads[0]!;
  const memory = createMemory(experiment.kernels, map.elements);
  const kernels = kernelsOver(memory, own.scratch);
  const { elements } = kernels;
  if (map.classWeights) elements.set(classWeights!, map.classWeights.offset);
  const draw = { seed: experiment.seed, epoch: 0, sample: (row: number) => row };
  const evaluateBlock = planEvaluation(network, map, kernels, {
    signature,
    lossConfig: experiment.loss,
    own,
    draw,
  });
  const columns = columnsOf(signature.features);
  const width = targetWidth(signature.targets);
  return {
    map,
    own,
    elements,
    write(weights, state) {
      writeNumbers(elements, network.parameters, map.parameters, weights);
      writeNumbers(elements, network.state, map.state, state);
    },
    each(samples, visit, progress) {
      for (let first = 0; first < samples.count; first += evaluationRows) {
        const count = Math.min(evaluationRows, samples.count - first);
        const part: Samples = {
          count,
          features: samples.features.subarray(first * columns, (first + count) * columns),
          targets: samples.targets.subarray(first * width, (first + count) * width),
        };
        if (packed) kernels.images!.pack(part.features as Uint8Array, packed, 0);
        evaluateBlock({ samples: part, order: undefined, count, packed }, 0);
        for (let row = 0; row < count; row++) visit(first + row, row);
        progress?.(first + count, samples.count);
      }
    },
  };
}
