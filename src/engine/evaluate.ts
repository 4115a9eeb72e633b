/** Evaluation: each block of samples goes through the network in a thread's own memory. */
import type { KindConfig } from '../contracts/fields.ts';
import type { Draw } from '../contracts/layer.ts';
import type { SampleSet } from '../data/sample-set.ts';
import type { Signature } from '../data/split.ts';
import { type Range, roundUp } from '../foundation/shapes.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { evaluationRows, type MemoryMap, type ThreadMemory } from '../model/memory-map.ts';
import type { NetworkPlan } from '../model/network.ts';
import { part } from '../model/partition.ts';
import type { Exchange } from '../ranks/exchange.ts';
import { mostBlocks } from '../sync/barrier.ts';
import { buildLayers } from './build-layers.ts';
import { buildLoss } from './build-loss.ts';
import { evaluationInput, loaderOf, loadTargets } from './gather.ts';
import { evaluatedParcels } from './shares.ts';

/** What is evaluated, and by whom. */
export interface EvaluationSite {
  signature: Signature;
  lossConfig: KindConfig;
  own: ThreadMemory;
  draw: Draw;
}

/** Leaves the loss and the outcome of every sample of a block in the shared memory. */
export function planEvaluation(
  network: NetworkPlan,
  map: MemoryMap,
  kernels: Kernels,
  { signature, lossConfig, own, draw }: EvaluationSite,
): (set: SampleSet, block: number) => void {
  const { values } = own;
  const z = values.at(-1)!;
  const input = evaluationInput(network, own, kernels, loaderOf(signature, kernels));
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
  const { label, target, loss, predicted, dz } = own;
  const site = { kernels, z, dz, label, target, loss, predicted };
  const criterion = buildLoss(lossConfig, network.task, site, map.classWeights);
  const { elements } = kernels;
  const { outcome } = map;
  /** Where the outcome of a row lies. */
  const from = network.task === 'classes' ? { offset: predicted.offset, stride: 1 } : z;
  return (set, block) => {
    const each = samplesPerBlock(set.count);
    const end = Math.min((block + 1) * each, set.count);
    for (let first = block * each; first < end; first += evaluationRows) {
      const rows = { first: 0, count: Math.min(evaluationRows, end - first) };
      input.gather({ set, first }, rows);
      loadTargets(kernels, set, first, rows, own, signature.unit);
      for (const layer of layers) layer.forward(rows);
      criterion.rows(rows);
      elements.copyWithin(map.loss.offset + first, loss.offset, loss.offset + rows.count);
      if (from.stride === outcome.stride) {
        const size = rows.count * outcome.stride;
        elements.copyWithin(outcome.offset + first * outcome.stride, from.offset, from.offset + size);
        continue;
      }
      for (let row = 0; row < rows.count; row++) {
        const start = from.offset + row * from.stride;
        elements.copyWithin(outcome.offset + (first + row) * outcome.stride, start, start + outcome.columns);
      }
    }
  };
}

/** What a rank has of an evaluation that ranks share. */
export interface SharedEvaluation {
  /** The blocks that are its own, of so many. */
  blocksOf(blocks: number): Range;
  /** Tells the others what came out for its samples of a set of so many, and hears of theirs. */
  tellEvaluated(count: number): void;
}

export function shareEvaluation(map: MemoryMap, exchange: Exchange): SharedEvaluation {
  const own = (blocks: number, rank: number) => part(blocks, exchange.count, rank);
  return {
    blocksOf: (blocks) => own(blocks, exchange.index),
    tellEvaluated(count) {
      const each = samplesPerBlock(count);
      const samplesOf = (rank: number): Range => {
        const { first, count: blocks } = own(evaluationBlocks(count), rank);
        return { first: first * each, count: Math.min((first + blocks) * each, count) - first * each };
      };
      exchange.begin(evaluatedParcels(map, samplesOf, exchange.count));
      exchange.end();
    },
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
