/**
 * The parameters phase: each block of a parameter sums its gradient over the minibatch, averages and updates.
 *
 * If the gradient is clipped by its norm, there are two phases: first each block sums its gradient, keeps it,
 * and squares it; then, when the sums of all blocks are there, each thread adds them up in the order of the
 * blocks, and each block is updated with the same scale.
 */
import type { Layer } from '../contracts/layer.ts';
import { decays, type Optimizer, type ParameterBlock, type StepState } from '../contracts/optimizer.ts';
import { type Block, panelsOf, type Range, roundUp } from '../foundation/shapes.ts';
import type { Kernels, Pieces } from '../kernels/kernels.ts';
import { blockSize, blocksOf } from '../model/blocks.ts';
import type { Clipping, MemoryMap, ThreadMemory } from '../model/memory-map.ts';
import type { NetworkPlan } from '../model/network.ts';
import { evenly } from '../model/partition.ts';
import type { Tensor } from '../model/tensor.ts';
import { type GradientSum, type KeptSum, type KeptWork, keptSums, sumInCuts } from './kept-sums.ts';

/** How blocks are updated. */
export interface UpdateRule {
  optimizer: Optimizer;
  /** Which roles of parameters have no weight decay; see commonFields. */
  decayExempt: string;
  /** Longest gradient; only looked at where the memory map has room for clipping. */
  clipNorm: number;
  /** Threads that take part. */
  threads: number;
}

/** What can be done for one block of a parameter. `kept` counts only where sums are kept. */
export interface ParameterWork extends KeptWork {
  /** Averages the sum at `g` and updates the block. */
  update(g: number): void;
  /** Elements of the sum. */
  size: number;
  /** Rows of a block whose squares are added as if it lay in panels of 8 columns, see `sumOfSquares`. */
  rows: number | undefined;
  /** Of a matrix, not of a vector. */
  matrix: boolean;
}

/** A phase of blocks, without the bookkeeping of a step. */
export interface BlockPhase {
  /** Prepares this thread for the phase. */
  begin(): void;
  blocks: readonly BlockWork[];
}

export interface BlockWork {
  /** Features of the samples that it reads, if any. */
  features?: Range | undefined;
  run(): void;
}

/** What a thread updates with. */
export interface UpdateContext {
  own: Pick<ThreadMemory, 'gradient'>;
  /** The samples are multiplied by columns, see `SampleInput`. */
  byColumns: boolean;
  /** Those of the minibatch that this process has, ... */
  rows: Range;
  /** ... and all of them. */
  batch: Range;
  state: StepState;
}

/**
 * The phases in which the parameters follow their gradient. The blocks of each parameter are spread evenly,
 * so that a thread's share of the phase has the same part of each.
 */
export function planUpdates(
  network: NetworkPlan,
  map: MemoryMap,
  kernels: Kernels,
  layers: readonly Layer[],
  rule: UpdateRule,
  context: UpdateContext,
): BlockPhase[] {
  const works = planBlocks(network, map, kernels, layers, rule, context);
  const { gradient } = context.own;
  if (map.clipping) {
    const of = works.map((some) => keptSums(some, kernels, gradient, rule.threads));
    return clippedPhases(works, map.clipping, kernels, rule, context, [works], { rows: context.rows, of });
  }
  const { rows } = context;
  const blocks = evenly(works).map(({ features, sum, update }) => ({
    features,
    run() {
      sum(rows, gradient);
      update(gradient);
    },
  }));
  return [{ begin() {}, blocks }];
}

/**
 * First all gradients and their squares, share by share, then all updates.
 *
 * @param sums absent: the gradients are kept already
 */
export function clippedPhases(
  works: readonly (readonly ParameterWork[])[],
  clipping: Clipping,
  { elements, sumOfSquares }: Kernels,
  { clipNorm }: Pick<UpdateRule, 'clipNorm'>,
  { batch, state }: Pick<UpdateContext, 'batch' | 'state'>,
  shares: readonly (typeof works)[],
  sums?: { rows: Range; of: readonly (readonly KeptSum<ParameterWork>[])[] },
): BlockPhase[] {
  const squares = clipping.squares.offset;
  // The squares are added block by block, first those of the matrices, whatever order the blocks are done in.
  const all = works.flat().sort((a, b) => Number(b.matrix) - Number(a.matrix));
  const places = new Map(all.map((work, place) => [work, squares + place]));
  const square = (work: ParameterWork) => {
    elements[places.get(work)!] = sumOfSquares(work.kept, work.size, work.rows);
  };
  const squared: BlockWork[][] = sums
    ? [
        evenly(sums.of).map(({ features, works, sum }) => ({
          features,
          run() {
            sum(sums.rows, (kept) => kept);
            works.forEach(square);
          },
        })),
      ]
    : shares.map((share) => evenly(share).map((work) => ({ run: () => square(work) })));
  const scale = () => {
    let norm = 0;
    for (let block = 0; block < all.length; block++) norm += elements[squares + block]!;
    norm = Math.sqrt(norm) / batch.count;
    return (norm > clipNorm ? clipNorm / norm : 1) / batch.count;
  };
  return [
    ...squared.map((blocks) => ({ begin() {}, blocks })),
    {
      begin() {
        state.scale = scale();
      },
      blocks: evenly(works).map(({ update, kept }) => ({ run: () => update(kept) })),
    },
  ];
}

/** The blocks of each parameter. */
export function planBlocks(
  network: NetworkPlan,
  map: MemoryMap,
  { takeLines }: Kernels,
  layers: readonly Layer[],
  { optimizer, decayExempt, threads }: UpdateRule,
  { byColumns, state }: Pick<UpdateContext, 'byColumns' | 'state'>,
): ParameterWork[][] {
  const planParameter = (parameter: number, gradient: GradientSum, samples: boolean): ParameterWork[] => {
    const tensor = network.parameters[parameter]!;
    const { role, format } = tensor;
    const summed = map.clipping ?? map.shared;
    let kept = summed?.gradients[parameter] ?? 0;
    // A norm is summed block by block, and ranks exchange blocks, so those must not depend on the number of
    // threads.
    const use = summed ? undefined : { threads, listed: samples && byColumns };
    const sum = sumInCuts(gradient);
    const W = map.parameters[parameter]!;
    const windows = tensor.shape.length === 4 && 'width' in W ? { W, sum } : undefined;
    return blocksOf(tensor, map.layout, use).map((part) => {
      const block: ParameterBlock = {
        W: piecesOf(W, part),
        slots: map.slots.map((slot) => piecesOf(slot[parameter]!, part)),
        decays: decays(role, decayExempt),
      };
      // Panels that a thread computes and updates are in no other cache.
      const shared = threads > 1 && part.panels === undefined;
      const at = kept;
      kept += blockSize(tensor, map.layout, part);
      return {
        block: part,
        windows,
        sum(rows, g) {
          if (shared) takeLines(block.W);
          sum(part, rows, g);
        },
        update: (g) => optimizer.update(block, g, state),
        features: format === 'samples' ? part : undefined,
        kept: at,
        size: block.W.runs * block.W.length,
        rows: format === 'rectified' ? part.count : undefined,
        matrix: format !== undefined,
      };
    });
  };
  return network.nodes.flatMap(({ plan, frozen, parameters, x }, index) => {
    if (frozen) return [];
    const { samples } = network.values[x]!;
    return plan.parameters.map(({ name }, i) =>
      planParameter(parameters[i]!, layers[index]!.gradients![name]!, samples),
    );
  });
}

/** Where a block of a parameter lies: one piece a panel for a matrix, one for a vector. */
export function piecesOf(tensor: Tensor, block: Block): Pieces {
  const { first, count } = block;
  if (!('width' in tensor)) {
    return { offset: tensor.offset + first, runs: 1, length: roundUp(count, 4), stride: 0 };
  }
  const { offset, rows, width } = tensor;
  const panels = panelsOf(tensor, block);
  return {
    offset: offset + (panels.first * rows + first) * width,
    runs: panels.count,
    length: count * width,
    stride: rows * width,
  };
}
