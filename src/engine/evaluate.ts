/** Evaluation: each block of samples goes through the network in a thread's own memory. */

import type { KindConfig } from '../contracts/fields.ts';
import type { Draw } from '../contracts/layer.ts';
import { roundUp } from '../foundation/shapes.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { catalogue } from '../model/catalogue.ts';
import { evaluationRows, type MemoryMap, type ThreadMemory } from '../model/memory-map.ts';
import type { NetworkPlan } from '../model/network.ts';
import { mostBlocks } from '../sync/barrier.ts';
import { buildLayers, loadImages, loadLabels, type SampleSet, samplesAt } from './gather.ts';

/** Leaves the loss and the predicted class of every sample of a block in the shared memory. */
export function planEvaluation(
  network: NetworkPlan,
  map: MemoryMap,
  kernels: Kernels,
  lossConfig: KindConfig,
  own: ThreadMemory,
  draw: Draw,
): (set: SampleSet, block: number) => void {
  const { lists } = own;
  const layers = buildLayers(network, map, kernels, own.values, [], draw, false, lists);
  const loss = catalogue.loss.get(lossConfig.kind)!.build(lossConfig, {
    kernels,
    z: own.values.at(-1)!,
    dz: own.dz,
    label: own.label,
    loss: own.loss,
    predicted: own.predicted,
  });
  const { elements, images, pixels } = kernels;
  return (set, block) => {
    const samples = samplesPerBlock(set.count);
    const end = Math.min((block + 1) * samples, set.count);
    for (let first = block * samples; first < end; first += evaluationRows) {
      const rows = { first: 0, count: Math.min(evaluationRows, end - first) };
      if (lists) images!.listRows(set.packed!, samplesAt(set, first, rows.count), lists);
      else loadImages(set, first, rows, pixels, own.values[0]!);
      loadLabels(kernels, set, first, rows, own.label);
      for (const layer of layers) layer.forward(rows);
      loss.rows(rows);
      elements.copyWithin(map.loss.offset + first, own.loss.offset, own.loss.offset + rows.count);
      elements.copyWithin(
        map.predicted.offset + first,
        own.predicted.offset,
        own.predicted.offset + rows.count,
      );
    }
  };
}

/** Samples in a block of an evaluation: more than a thread takes at a time only where the set is huge. */
function samplesPerBlock(count: number): number {
  return roundUp(Math.ceil(count / mostBlocks), evaluationRows);
}

/** Blocks that evaluating this many samples takes. */
export function evaluationBlocks(count: number): number {
  return Math.ceil(count / samplesPerBlock(count));
}
