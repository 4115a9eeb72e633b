/**
 * What ranks that share a minibatch keep beside: sums of each cut, and what they come to. It lies at the same
 * place in every rank, so that a rank can fill in what another has summed.
 */
import { cutCount } from '../foundation/cuts.ts';
import { roundUp, type Vector } from '../foundation/shapes.ts';
import type { Layout } from '../kernels/layout.ts';
import type { NetworkPlan, ParameterTensor } from './network.ts';
import { type Regions, regionStep } from './regions.ts';
import { tensorSize } from './tensor.ts';

/** Offsets and strides in elements. */
export interface Shared {
  ranks: number;
  /** Where the summed gradient of each parameter lies, block after block. */
  gradients: readonly number[];
  /** The gradients of the cuts, each laid out like `gradients`. (cuts, stride) */
  partials: CutSums;
  /** By node: sums of its `statistics` over the cuts, the vectors of a cut `vector` apart; or nothing. */
  statistics: readonly ((CutSums & { vector: number }) | undefined)[];
  /** What each rank would like to do after the step, see `wishes` in sync/control.ts. (ranks) */
  wishes: Vector;
}

/** Sums of each cut. */
export interface CutSums {
  /** Of the first cut. */
  offset: number;
  /** From one cut to the next. */
  stride: number;
}

export interface SharedSizes {
  layout: Layout;
  /** Rows of the largest minibatch. */
  rows: number;
  ranks: number;
  /** Has room for the summed gradient already. */
  clipping: { gradients: readonly number[] } | undefined;
}

export function mapShared(
  at: Regions,
  network: NetworkPlan,
  { layout, rows, ranks, clipping }: SharedSizes,
): Shared {
  const cuts = cutCount(rows);
  const gradients = clipping?.gradients ?? mapSummed(at, network.parameters, layout);
  const stride = summedSize(network.parameters, layout);
  const partials = {
    offset: at.place('ranks', 'gradients of the cuts', `(${cuts}, ${stride})`, cuts * stride),
    stride,
  };
  const statistics = network.nodes.map(({ path, plan, frozen }) => {
    if (frozen || !plan.rounds) return undefined;
    const { sums } = plan.rounds;
    const vector = roundUp(plan.statistics![0]!.length, regionStep);
    const size = sums * vector;
    const shape = `(${cuts}, ${sums}, ${vector})`;
    return {
      offset: at.place('ranks', `${path} sums of the cuts`, shape, cuts * size),
      stride: size,
      vector,
    };
  });
  return { ranks, gradients, partials, statistics, wishes: at.vector('ranks', 'wishes', ranks) };
}

/** Where the summed gradients of the parameters lie, one after the other. */
export function mapSummed(at: Regions, parameters: readonly ParameterTensor[], layout: Layout): number[] {
  return parameters.map((tensor) => {
    const { id, shape } = tensor;
    return at.place('gradients', `d ${id}`, `(${shape.join(', ')})`, tensorSize(tensor, layout));
  });
}

/** Elements that they take. */
function summedSize(parameters: readonly ParameterTensor[], layout: Layout): number {
  return parameters.reduce((sum, tensor) => sum + roundUp(tensorSize(tensor, layout), regionStep), 0);
}
