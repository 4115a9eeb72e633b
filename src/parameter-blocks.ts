/**
 * The parameters phase: each block of a parameter sums its gradient over the minibatch, averages and updates.
 *
 * Where the gradient is clipped by its norm, there are two phases: first each block sums its gradient, keeps it, and
 * squares it; then, when the sums of all blocks are there, each thread adds them up in the order of the blocks,
 * and each block is updated with the same scale.
 */
import type { Layer } from './contracts/layer.ts';
import { decays, type Optimizer, type ParameterBlock, type StepState } from './contracts/optimizer.ts';
import { panelCount, type Range, roundUp } from './foundation/shape.ts';
import { type Kernels, longestSum, type Pieces } from './kernels/kernels.ts';
import {
  blockCount,
  blockElements,
  type MemoryMap,
  rowsPerBlock,
  type Tensor,
  type ThreadMemory,
} from './memory-map.ts';
import type { NetworkPlan, ParameterTensor } from './network.ts';

/** How blocks are updated. */
export interface UpdateRule {
  optimizer: Optimizer;
  /** Which roles of parameters have no weight decay; see commonFields. */
  decayExempt: string;
  /** Longest gradient; only looked at where the memory map has room for clipping. */
  clipNorm: number;
}

/** One block of a parameter. */
interface Block {
  /** Leaves the gradient, summed over the minibatch, at `g`. */
  sum(g: number): void;
  /** Averages the sum at `g` and updates the block. */
  update(g: number): void;
  /** Where the sum is kept, if it is. */
  kept: number;
  /** Elements of the sum. */
  size: number;
}

/** A phase of blocks, without the bookkeeping of a step. */
export interface BlockPhase {
  /** Prepares this thread for the phase. */
  begin(): void;
  blocks: readonly (() => void)[];
}

/** The phases in which the parameters follow their gradient; the heaviest blocks come first. */
export function planParameters(
  network: NetworkPlan,
  map: MemoryMap,
  kernels: Kernels,
  layers: readonly Layer[],
  rule: UpdateRule,
  own: ThreadMemory,
  rows: Range,
  state: StepState,
): BlockPhase[] {
  const blocks = planBlocks(network, map, kernels, layers, rule, rows, state);
  const { clipping } = map;
  if (!clipping) {
    const summedAndUpdated = blocks.map(({ sum, update }) => () => {
      sum(own.gradient);
      update(own.gradient);
    });
    return [{ begin() {}, blocks: summedAndUpdated }];
  }

  const { elements, sumOfSquares } = kernels;
  const squares = clipping.squares.offset;
  const summed = blocks.map(({ sum, kept, size }, block) => () => {
    sum(kept);
    elements[squares + block] = sumOfSquares(kept, size);
  });
  const share = () => {
    let norm = 0;
    for (let block = 0; block < blocks.length; block++) norm += elements[squares + block]!;
    norm = Math.sqrt(norm) / rows.count;
    return (norm > rule.clipNorm ? rule.clipNorm / norm : 1) / rows.count;
  };
  return [
    { begin() {}, blocks: summed },
    {
      begin() {
        state.share = share();
      },
      blocks: blocks.map(
        ({ update, kept }) =>
          () =>
            update(kept),
      ),
    },
  ];
}

function planBlocks(
  network: NetworkPlan,
  map: MemoryMap,
  { takeLines }: Kernels,
  layers: readonly Layer[],
  { optimizer, decayExempt }: UpdateRule,
  rows: Range,
  state: StepState,
): Block[] {
  const matrices: Block[] = [];
  const vectors: Block[] = [];
  for (const [index, node] of network.nodes.entries()) {
    for (const [i, { name, role }] of node.plan.parameters.entries()) {
      const parameter = node.parameters[i]!;
      const tensor = network.parameters[parameter]!;
      const gradient = layers[index]!.gradients![name]!;
      const kinds = tensor.width === undefined ? vectors : matrices;
      for (const range of blocksOf(tensor)) {
        const block: ParameterBlock = {
          W: piecesOf(map.parameters[parameter]!, range),
          slots: map.slots.map((slot) => piecesOf(slot[parameter]!, range)),
          decays: decays(role, decayExempt),
        };
        const { runs, length } = block.W;
        kinds.push({
          sum(g) {
            takeLines(block.W);
            // Long sums are cut, and the cuts added in order.
            for (let first = 0; first < rows.count; first += longestSum) {
              const cut = { first, count: Math.min(longestSum, rows.count - first) };
              gradient(range, cut, { offset: g, add: first > 0 });
            }
          },
          update: (g) => optimizer.update(block, g, state),
          kept:
            (map.clipping?.gradients[parameter] ?? 0) +
            range.first * (tensor.width === undefined ? 1 : runs * tensor.width),
          size: runs * length,
        });
      }
    }
  }
  return [...matrices, ...vectors];
}

/** Cuts a parameter into blocks: rows of a matrix, or elements of a vector. */
function blocksOf(tensor: ParameterTensor): Range[] {
  const step = rowsPerBlock(tensor);
  return Array.from({ length: blockCount(tensor) }, (_, block) => {
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
