/** Evaluation: each block of samples goes through the network in a thread's own memory. */
import type { KindConfig } from '../contracts/fields.ts';
import type { Draw } from '../contracts/layer.ts';
import type { SampleSet } from '../data/sample-set.ts';
import { roundUp } from '../foundation/shapes.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { catalogue } from '../model/catalogue.ts';
import { evaluationRows, type MemoryMap, type ThreadMemory } from '../model/memory-map.ts';
import type { NetworkPlan } from '../model/network.ts';
import { mostBlocks } from '../sync/barrier.ts';
import { buildLayers } from './build-layers.ts';
import { evaluationInput, loadLabels } from './gather.ts';

/** Leaves the loss and the predicted class of every sample of a block in the shared memory. */
export function planEvaluation(
  network: NetworkPlan,
  map: MemoryMap,
  kernels: Kernels,
  lossConfig: KindConfig,
  own: ThreadMemory,
  draw: Draw,
): (set: SampleSet, block: number) => void {
  const { values } = own;
  const input = evaluationInput(network, own, kernels);
  const samples = input.operand;
  const layers = buildLayers(network, kernels, {
    map,
    own,
    values,
    gradients: [],
    samples,
    draw,
    training: false,
  });
  const loss = catalogue.loss.get(lossConfig.kind)!.build(lossConfig, {
    kernels,
    z: values.at(-1)!,
    dz: own.dz,
    label: own.label,
    loss: own.loss,
    predicted: own.predicted,
  });
  const { elements } = kernels;
  return (set, block) => {
    const each = samplesPerBlock(set.count);
    const end = Math.min((block + 1) * each, set.count);
    for (let first = block * each; first < end; first += evaluationRows) {
      const rows = { first: 0, count: Math.min(evaluationRows, end - first) };
      input.gather({ set, first }, rows);
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

/** Samples in a block of an evaluation: more than a thread takes at a time only if the set is huge. */
function samplesPerBlock(count: number): number {
  return roundUp(Math.ceil(count / mostBlocks), evaluationRows);
}

/** Blocks that evaluating this many samples takes. */
export function evaluationBlocks(count: number): number {
  return Math.ceil(count / samplesPerBlock(count));
}
