/**
 * The units of work: what one thread can do for a step, block by block.
 *
 * A step goes through phases, with all threads meeting after each:
 *
 *   columns     each block of columns of the layers that read the samples, and of rows: gather, forward; only where samples
 *               are read from lists of pixels
 *   rows        each block of rows of the minibatch: gather, if there are no columns, forward, loss, backward
 *   statistics  each block of features, where a layer looks at the whole minibatch; splits `rows` in two
 *   parameters  each block of parameters: gradient over all rows, average, update; two phases where the
 *               gradient's norm must be known in between
 *
 * Any thread may do any block. No block writes what another block of its phase reads or writes, so every
 * number has one owner, and the bits do not depend on who that is.
 */

import type { KindConfig } from '../contracts/fields.ts';
import type { Draw } from '../contracts/layer.ts';
import type { StepState } from '../contracts/optimizer.ts';
import { longestSum, type Range, roundUp } from '../foundation/shapes.ts';
import { type ImageLists, listedFeatures } from '../kernels/image-lists.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { catalogue } from '../model/catalogue.ts';
import type { MemoryMap } from '../model/memory-map.ts';
import type { NetworkPlan } from '../model/network.ts';
import { inCuts } from '../model/partition.ts';
import { type Control, words } from '../sync/control.ts';
import type { Augment } from './augment.ts';
import { planEvaluation } from './evaluate.ts';
import { buildLayers, type LoadImage, loadImages, loadLabels, type SampleSet, samplesAt } from './gather.ts';
import {
  type ColumnsWork,
  columnsPhase,
  type Phase,
  type RowWork,
  rowsPhase,
  type StatisticsWork,
  statisticsPhase,
} from './phases.ts';
import type { Profiler } from './profile.ts';
import { type BlockWork, planParameters, type UpdateRule } from './update.ts';

/** What one thread can do. */
export interface Work {
  /** Prepares step `step` of the epoch; the same call in every thread. */
  begin(epoch: number, step: number): void;
  phases: readonly Phase[];
  /** Evaluates one block of a set: loss and predicted class of its samples. */
  evaluate(set: SampleSet, block: number): void;
}

export interface WorkSettings extends UpdateRule {
  seed: number;
  batchSize: number;
  loss: KindConfig;
  /** Learning rate at a step, counted from 0 over the whole training. */
  learningRate: (step: number) => number;
  /** The samples of an epoch in the order in which they are trained on. */
  epochOrder: (epoch: number) => SampleSet;
  /** Distorts the samples that are trained on. */
  augment?: Augment | undefined;
  /** Threads that take part. */
  threads: number;
  /** Puts a clock around every piece of work. */
  profiler?: Profiler | undefined;
}

export function planWork(
  network: NetworkPlan,
  map: MemoryMap,
  kernels: Kernels,
  control: Control,
  settings: WorkSettings,
  thread: number,
): Work {
  const { batchSize, threads, augment, profiler } = settings;
  const timed: Profiler['timed'] = profiler?.timed ?? ((_, work) => work);
  const own = map.threads[thread]!;
  const at = { epoch: 0, first: 0, set: undefined as unknown as SampleSet };
  const rows: Range = { first: 0, count: 0 };
  const state: StepState = { scale: 0, learningRate: 0, step: 0 };

  const draw: Draw = {
    seed: settings.seed,
    get epoch() {
      return at.epoch;
    },
    sample: (row) => at.set.order![at.first + row]!,
  };
  const lists = augment ? undefined : own.lists;
  const layers = buildLayers(network, map, kernels, map.values, map.gradients, draw, true, lists);
  const loss = catalogue.loss.get(settings.loss.kind)!.build(settings.loss, {
    kernels,
    z: map.values.at(-1)!,
    dz: map.gradients.at(-1)!,
    label: map.label,
    loss: map.loss,
    predicted: map.predicted,
  });

  // The rows: pieces of forward and backward, cut where a layer needs statistics of the whole minibatch.
  const x = map.values[0]!;
  const load: LoadImage = augment
    ? (image, x, row, sample) => augment(image, sample, at.epoch, x, row)
    : kernels.pixels;
  const gather = (block: Range) => {
    if (!lists) loadImages(at.set, at.first, block, load, x);
    loadLabels(kernels, at.set, at.first, block, map.label);
  };
  const segments: (RowWork[] | StatisticsWork | ColumnsWork)[] = [];
  const byRows = (work: RowWork) => (segments.at(-1) as RowWork[]).push(work);
  const byFeatures = (work: StatisticsWork) => segments.push(work, []);
  /** Threads that share panels. */
  let sharing = 1;
  if (lists) {
    const columns = layers.flatMap(({ columns }, index) =>
      columns ? [{ panels: columns.panels, run: timed('forward', columns.forward, index) }] : [],
    );
    const list = ({ first, count }: Range) =>
      kernels.images!.listRows(at.set.packed!, samplesAt(at.set, at.first + first, count), lists);
    segments.push({ columns, list: timed('gather', list) });
    sharing = Math.ceil(threads / Math.max(...columns.map(({ panels }) => panels)));
  }
  segments.push([timed('gather', gather)]);
  for (const [index, { statistics, columns, forward }] of layers.entries()) {
    const features = network.values[network.nodes[index]!.x]!.columns;
    if (statistics) {
      const run = (block: Range) => statistics.forward(block, rows);
      byFeatures({ features, run: timed('statistics', run, index) });
    }
    if (!columns) byRows(timed('forward', forward, index));
  }
  byRows(timed('loss', loss.rows));
  for (const [index, { statistics, backward }] of [...layers.entries()].reverse()) {
    const node = network.nodes[index]!;
    if (!network.values[node.y]!.differentiated) continue;
    const features = network.values[node.x]!.columns;
    if (statistics) {
      const run = (block: Range) => statistics.backward(block, rows);
      byFeatures({ features, run: timed('statistics', run, index) });
    }
    if (network.values[node.x]!.differentiated) byRows(timed('backward', backward, index));
  }

  const phases = segments.map((segment): Phase => {
    if (!Array.isArray(segment)) {
      return 'columns' in segment
        ? columnsPhase(segment, rows, batchSize, threads)
        : statisticsPhase(segment);
    }
    return rowsPhase(segment, rows, batchSize, threads);
  });

  const lister = lists && featureLister(kernels, lists, rows, at, x.columns, sharing, timed);
  const parameters = planParameters(network, map, kernels, layers, settings, own, rows, state);
  for (const [index, { begin, blocks }] of parameters.entries()) {
    // Block 0 of the first is the tally of the minibatch.
    const count: BlockWork[] =
      index === 0 ? [{ run: () => tally(kernels.elements, map, rows.count, control) }] : [];
    const all = [...count, ...blocks];
    const run = timed('update', (block: BlockWork) => block.run());
    phases.push({
      name: 'parameters',
      begin() {
        lister?.forget();
        begin();
        return all.length;
      },
      run(number) {
        const block = all[number]!;
        if (block.features) lister?.list(block.features);
        run(block);
      },
    });
  }

  return {
    begin(epoch, step) {
      at.epoch = epoch;
      at.set = settings.epochOrder(epoch);
      at.first = step * batchSize;
      profiler?.at(step);
      rows.count = Math.min(batchSize, at.set.count - at.first);
      state.scale = 1 / rows.count;
      state.step = (epoch - 1) * Math.ceil(at.set.count / batchSize) + step;
      state.learningRate = settings.learningRate(state.step);
    },
    phases,
    evaluate: timed('evaluate', planEvaluation(network, map, kernels, settings.loss, own, draw)),
  };
}

/** Lists the pixels that blocks of the gradient need; `forget` when another minibatch comes. */
interface FeatureLister {
  forget(): void;
  list(features: Range): void;
}

function featureLister(
  { images }: Kernels,
  lists: ImageLists,
  rows: Range,
  at: Readonly<{ set: SampleSet; first: number }>,
  pixels: number,
  sharing: number,
  timed: Profiler['timed'],
): FeatureLister {
  // A thread that shares its panels with others does only a part of the pixels.
  const width = Math.min(lists.span, roundUp(Math.ceil(pixels / sharing), listedFeatures));
  const listed = new Array<boolean>(Math.ceil(pixels / width)).fill(false);
  const listPart = timed('gather', (features: Range) => {
    inCuts(rows.count, ({ first, count }) => {
      const samples = samplesAt(at.set, at.first + first, count);
      images!.listFeatures(at.set.packed!, samples, first / longestSum, features, lists);
    });
  });
  return {
    forget: () => listed.fill(false),
    list({ first, count }) {
      for (let part = Math.floor(first / width); part * width < first + count; part++) {
        if (listed[part]) continue;
        if (lists.span < pixels) listed.fill(false);
        listed[part] = true;
        listPart({ first: part * width, count: Math.min(width, pixels - part * width) });
      }
    },
  };
}

/** Adds the minibatch's losses, in order of rows, and counts what was classified correctly. */
function tally(
  elements: Kernels['elements'],
  map: MemoryMap,
  rows: number,
  { words: w, lossSum }: Control,
): void {
  let sum = lossSum[0]!;
  let correct = 0;
  for (let row = 0; row < rows; row++) {
    sum += elements[map.loss.offset + row]!;
    if (elements[map.predicted.offset + row] === elements[map.label.offset + row]) correct++;
  }
  lossSum[0] = sum;
  Atomics.add(w, words.correct, correct);
  Atomics.add(w, words.seen, rows);
}
