/**
 * The units of work: what one thread can do for a step, block by block.
 *
 * A step goes through phases; a phase is over when all of its blocks are done:
 *
 *   columns     each block of columns of the layers that read the samples, and of rows: gather, forward; only
 *               if the samples are multiplied by columns, see `SampleInput.byColumns`
 *   rows        each block of rows of the minibatch: gather, forward, loss, backward
 *   statistics  each block of features, if a layer looks at the whole minibatch; splits `rows` in two
 *   parameters  each block of parameters: gradient over all rows, average, update; two phases if the
 *               gradient's norm must be known in between
 *
 * If ranks share the minibatch, a process has some of its rows, and statistics and parameters take more
 * phases, see shared-phases.ts.
 *
 * Any thread may do any block. No block writes what another block of its phase reads or writes, so every
 * number has one owner, and the bits do not depend on who that is.
 */
import type { KindConfig } from '../contracts/fields.ts';
import type { Draw, Layer } from '../contracts/layer.ts';
import type { Loss } from '../contracts/loss.ts';
import type { StepState } from '../contracts/optimizer.ts';
import type { SampleSet } from '../data/sample-set.ts';
import type { Signature } from '../data/split.ts';
import type { Range } from '../foundation/shapes.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { MemoryMap, ThreadMemory } from '../model/memory-map.ts';
import type { NetworkPlan } from '../model/network.ts';
import type { Exchange } from '../ranks/exchange.ts';
import type { Control } from '../sync/control.ts';
import type { Augment } from './augment.ts';
import { buildLayers } from './build-layers.ts';
import { buildLoss } from './build-loss.ts';
import { planEvaluation, type SharedEvaluation, shareEvaluation } from './evaluate.ts';
import {
  columnReaders,
  loaderOf,
  loadTargets,
  type SampleInput,
  type SampleRows,
  trainingInput,
} from './gather.ts';
import { type Minibatches, minibatchesOf } from './minibatches.ts';
import { parametersPhases } from './parameters.ts';
import {
  type ColumnsWork,
  columnsPhase,
  type Parts,
  type Phase,
  type RowWork,
  rowsPhase,
  type SharedRows,
  type StatisticsWork,
  statisticsPhase,
} from './phases.ts';
import { type Profiler, type Timed, untimed } from './profile.ts';
import { sharedStatistics } from './shared-phases.ts';
import { mostRowsOf, rowsOf } from './shares.ts';
import type { UpdateRule } from './update.ts';
import { wideLayer } from './wide.ts';

/** What one thread can do. */
export interface Work {
  /** Prepares step `step` of the epoch; the same call in every thread. */
  begin(epoch: number, step: number): void;
  phases: readonly Phase[];
  /** Evaluates one block of a set: loss and outcome of its samples. */
  evaluate(set: SampleSet, block: number): void;
  /** If ranks share the training: what is this one's of an evaluation. */
  shared: SharedEvaluation | undefined;
}

export interface WorkSettings extends UpdateRule {
  seed: number;
  batchSize: number;
  loss: KindConfig;
  /** What the samples are, and what is asked for. */
  signature: Signature;
  /** Learning rate at a step, counted from 0 over the whole training. */
  learningRate: (step: number) => number;
  /** The samples of an epoch in the order in which they are trained on. */
  epochOrder: (epoch: number) => SampleSet;
  /** Distorts the samples that are trained on. */
  augment?: Augment | undefined;
  /** Threads that take part. */
  threads: number;
  /** The other ranks, if there are any. */
  exchange?: Exchange | undefined;
  /** Puts a clock around every piece of work. */
  profiler?: Profiler | undefined;
}

/** One thread's view of a training, and the step at hand. */
interface Thread {
  network: NetworkPlan;
  map: MemoryMap;
  own: ThreadMemory;
  kernels: Kernels;
  settings: WorkSettings;
  timed: Timed;
  /** Those of every epoch. */
  minibatches: Minibatches;
  /** The minibatch: its epoch, where it begins in the epoch's order, and its rows. */
  at: SampleRows & { epoch: number };
  batch: Range;
  /** Those of this process: all of them, unless ranks share them. */
  rows: Range;
  state: StepState;
  draw: Draw;
}

export function planWork(
  network: NetworkPlan,
  map: MemoryMap,
  kernels: Kernels,
  control: Control,
  settings: WorkSettings,
  thread: number,
): Work {
  const { profiler } = settings;
  const timed = profiler?.timed ?? untimed;
  const at = { epoch: 0, first: 0, set: settings.epochOrder(0) };
  const minibatches = minibatchesOf(settings.batchSize, at.set.count, network);
  const batch: Range = { first: 0, count: 0 };
  const { exchange } = settings;
  const rows: Range = exchange ? { first: 0, count: 0 } : batch;
  const state: StepState = { scale: 0, learningRate: 0, step: 0 };
  const draw: Draw = {
    seed: settings.seed,
    get epoch() {
      return at.epoch;
    },
    sample: (row) => at.set.order![at.first + row]!,
  };
  const own = map.threads[thread]!;
  const site = { network, map, own, kernels, settings, timed };
  const one: Thread = { ...site, minibatches, at, batch, rows, state, draw };

  const load = loaderOf(settings.signature, kernels);
  const input = trainingInput({ network, map, own, kernels, timed, load }, settings, () => at.epoch);
  const layers = buildLayers(network, kernels, {
    map,
    own,
    values: map.values,
    gradients: map.gradients,
    samples: input.operand,
    draw,
    training: true,
  });
  const forwardAndBackward = planRows(one, input, layers, lossOf(one));
  const updates = parametersPhases({ ...one, input, layers, control, rule: settings });
  return {
    begin(epoch, step) {
      at.epoch = epoch;
      at.set = settings.epochOrder(epoch);
      at.first = step * minibatches.size;
      profiler?.at(step);
      batch.count = step + 1 < minibatches.count ? minibatches.size : at.set.count - at.first;
      if (exchange) Object.assign(rows, rowsOf(batch.count, exchange));
      state.scale = 1 / batch.count;
      state.step = (epoch - 1) * minibatches.count + step;
      state.learningRate = settings.learningRate(state.step);
    },
    phases: [...forwardAndBackward, ...updates],
    evaluate: timed(
      'evaluate',
      planEvaluation(network, map, kernels, {
        signature: settings.signature,
        lossConfig: settings.loss,
        own,
        draw,
      }),
    ),
    shared: exchange && shareEvaluation(map, exchange),
  };
}

function lossOf({ network, map, kernels, settings }: Thread): Loss {
  const { label, target, loss, predicted } = map;
  const [z, dz] = [map.values.at(-1)!, map.gradients.at(-1)!];
  const site = { kernels, z, dz, label, target, loss, predicted };
  return buildLoss(settings.loss, network.task, site, map.classWeights);
}

/**
 * Forward, loss and backward: pieces of rows, with a phase between two pieces if a layer needs statistics of
 * the whole minibatch.
 */
function planRows(one: Thread, input: SampleInput, layers: readonly Layer[], loss: Loss): Phase[] {
  const { network, map, kernels, settings, timed, minibatches, at, rows, batch } = one;
  const { nodes, values } = network;
  const { threads, exchange } = settings;
  const { largest } = minibatches;
  const shared: SharedRows = { rows, batch, most: exchange ? mostRowsOf(largest, exchange) : largest };
  const phases: Phase[] = [];
  let piece: RowWork[] = [];
  const endPiece = () => {
    if (piece.length === 0) return;
    phases.push(rowsPhase(piece, shared, threads));
    piece = [];
  };
  const byFeatures = (index: number, pass: 'forward' | 'backward') => {
    endPiece();
    const { statistics } = layers[index]!;
    const features = nodes[index]!.plan.statistics![0]!.length;
    const places = values[nodes[index]!.x]!.columns / features;
    if (exchange) {
      const site = { network, map, kernels, exchange, rows, batch };
      const rounds = statistics!.shared![pass];
      phases.push(...sharedStatistics(site, index, { features, places }, rounds, threads));
      return;
    }
    const work: StatisticsWork = {
      ...{ features, places },
      run: timed('statistics', (block) => statistics![pass](block, batch), index),
    };
    phases.push(statisticsPhase(work, threads));
  };
  /** A layer whose W is wide goes by rows and columns. */
  const byParts = (parts: number, run: Parts) => {
    endPiece();
    phases.push(columnsPhase({ columns: [{ parts, run }] }, shared, threads));
  };

  const byColumns = input.byColumns ? columnReaders(network, map) : [];
  if (input.byColumns) {
    const columns = byColumns.map(({ node, panels }) => {
      const forward = (some: Range, rows: Range) => layers[node]!.forward(rows, some);
      return { parts: panels, run: timed('forward', forward, node) };
    });
    const work: ColumnsWork = { columns, gather: timed('gather', (some) => input.gather(at, some)) };
    phases.push(columnsPhase(work, shared, threads));
  }
  const gather = (block: Range) => {
    if (!input.byColumns) input.gather(at, block);
    loadTargets(kernels, at.set, at.first, block, map, settings.signature.unit);
  };
  piece.push(timed('gather', gather));
  for (const [index, { statistics, forward }] of layers.entries()) {
    if (statistics) byFeatures(index, 'forward');
    if (byColumns.some(({ node }) => node === index)) continue;
    const wide = wideLayer(network, map, index);
    const panels: Parts = (some, block) => forward(block, some);
    if (wide) byParts(wide.panels, timed('forward', panels, index));
    else piece.push(timed('forward', (block) => forward(block), index));
  }
  piece.push(timed('loss', loss.rows));
  for (const [index, { statistics, backward }] of [...layers.entries()].reverse()) {
    const { x, y } = nodes[index]!;
    if (!values[y]!.differentiated) continue;
    if (statistics) byFeatures(index, 'backward');
    if (!values[x]!.differentiated) continue;
    const wide = wideLayer(network, map, index);
    const columns: Parts = (some, block) => backward(block, batch, wide!.columnsOf(some));
    if (wide) byParts(wide.parts, timed('backward', columns, index));
    else piece.push(timed('backward', backward, index));
  }
  endPiece();
  return phases;
}
