/** The parameters phase: each block of a parameter sums its gradient over the minibatch, averages and updates. */
import type { Layer } from './contracts/layer.ts';
import type { Optimizer, ParameterBlock, StepState } from './contracts/optimizer.ts';
import { panelCount, type Range, roundUp } from './foundation/shape.ts';
import { type Kernels, longestSum, type Pieces } from './kernels/kernels.ts';
import { blockElements, type MemoryMap, rowsPerBlock, type Tensor, type ThreadMemory } from './memory-map.ts';
import type { NetworkPlan, ParameterTensor } from './network.ts';

/** The work of each block, the heaviest kinds first. */
export function planParameters(
  network: NetworkPlan,
  map: MemoryMap,
  { takeLines }: Kernels,
  layers: readonly Layer[],
  optimizer: Optimizer,
  { gradient }: ThreadMemory,
  rows: Range,
  state: StepState,
): (() => void)[] {
  const matrices: (() => void)[] = [];
  const vectors: (() => void)[] = [];
  for (const [index, node] of network.nodes.entries()) {
    for (const [i, { name }] of node.plan.parameters.entries()) {
      const parameter = node.parameters[i]!;
      const tensor = network.parameters[parameter]!;
      const sum = layers[index]!.gradients![name]!;
      const kinds = tensor.width === undefined ? vectors : matrices;
      for (const range of blocksOf(tensor)) {
        const block: ParameterBlock = {
          W: piecesOf(map.parameters[parameter]!, range),
          slots: map.slots.map((slot) => piecesOf(slot[parameter]!, range)),
        };
        kinds.push(() => {
          takeLines(block.W);
          // Long sums are cut, and the cuts added in order.
          for (let first = 0; first < rows.count; first += longestSum) {
            const cut = { first, count: Math.min(longestSum, rows.count - first) };
            sum(range, cut, { offset: gradient, add: first > 0 });
          }
          optimizer.update(block, gradient, state);
        });
      }
    }
  }
  return [...matrices, ...vectors];
}

/** Cuts a parameter into blocks: rows of a matrix, or elements of a vector. */
function blocksOf(tensor: ParameterTensor): Range[] {
  const step = rowsPerBlock(tensor);
  return Array.from({ length: Math.ceil(tensor.shape[0] / step) }, (_, block) => {
    const first = block * step;
    return { first, count: Math.min(step, tensor.shape[0] - first) };
  });
}

/** Where a block of a parameter lies: one piece a panel for a matrix, one for a vector. */
export function piecesOf(tensor: Tensor, { first, count }: Range): Pieces {
  if (!('width' in tensor)) {
    return { offset: tensor.offset + first, runs: 1, length: roundUp(count, 4), stride: blockElements };
  }
  const { offset, rows, width } = tensor;
  return {
    offset: offset + first * width,
    runs: panelCount(tensor),
    length: count * width,
    stride: rows * width,
  };
}
