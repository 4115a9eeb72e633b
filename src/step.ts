/**
 * The units of work: what one thread can do for a step, block by block.
 *
 * A step goes through phases, with all threads meeting after each:
 *
 *   rows        each block of rows of the minibatch: gather, forward, loss, backward
 *   columns     each block of columns of the layers that read the samples, forward; splits `rows` in two
 *   statistics  each block of features, where a layer looks at the whole minibatch; splits `rows` in two
 *   parameters  each block of parameters: gradient over all rows, average, update; two phases where the
 *               gradient's norm must be known in between
 *
 * Any thread may do any block. No block writes what another block of its phase reads or writes, so every
 * number has one owner, and the bits do not depend on who that is.
 */
import type { Augment } from './augment.ts';
import { catalogue } from './catalogue.ts';
import type { KindConfig } from './contracts/fields.ts';
import type { Draw } from './contracts/layer.ts';
import type { StepState } from './contracts/optimizer.ts';
import { planEvaluation } from './evaluation.ts';
import { mostBlocks } from './foundation/phases.ts';
import { type Control, words } from './foundation/protocol.ts';
import { type Range, roundUp } from './foundation/shape.ts';
import { evenly, part } from './foundation/shares.ts';
import type { Kernels } from './kernels/kernels.ts';
import { buildLayers, imageLoader, type LoadImage, loadSamples, type SampleSet } from './layers-at-work.ts';
import type { MemoryMap } from './memory-map.ts';
import type { NetworkPlan } from './network.ts';
import { planParameters, type UpdateRule } from './parameter-blocks.ts';
import type { Profiler } from './profile.ts';

/** One phase of a step: its blocks can be done in any order, by anyone. */
export interface Phase {
  name: 'rows' | 'columns' | 'statistics' | 'parameters';
  /** Prepares this thread for the phase, and says how many blocks it has in the step at hand. */
  begin(): number;
  run(block: number): void;
}

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
  const state: StepState = { share: 0, learningRate: 0, step: 0 };

  const draw: Draw = {
    seed: settings.seed,
    get epoch() {
      return at.epoch;
    },
    sample: (row) => at.set.order![at.first + row]!,
  };
  const layers = buildLayers(
    network,
    map,
    kernels,
    map.values,
    map.gradients,
    draw,
    true,
    network.readsPixels && !augment,
  );
  const loss = catalogue.loss.get(settings.loss.kind)!.build(settings.loss, {
    kernels,
    z: map.values.at(-1)!,
    dz: map.gradients.at(-1)!,
    label: map.label,
    loss: map.loss,
    best: map.best,
  });

  // The rows: pieces of forward and backward, cut where a layer needs statistics of the whole minibatch.
  const x = map.values[0]!;
  const distort: LoadImage | undefined =
    augment && ((image, x, row, sample) => augment(image, sample, at.epoch, x, row));
  const load = distort ?? imageLoader(kernels, network.readsPixels);
  const gather = (block: Range) => loadSamples(kernels, at.set, at.first, block, load, x, map.label);
  const segments: (RowWork[] | StatisticsWork | ColumnsWork)[] = [[timed('gather', gather)]];
  const byRows = (work: RowWork) => (segments.at(-1) as RowWork[]).push(work);
  const byFeatures = (work: StatisticsWork) => segments.push(work, []);
  const columns = layers.flatMap(({ columns }, index) =>
    columns ? [{ panels: columns.panels, run: timed('forward', columns.forward, index) }] : [],
  );
  if (columns.length > 0) segments.push({ columns }, []);
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
    if (Array.isArray(segment)) return rowsPhase(segment, rows, rowsPerTask(batchSize, threads));
    return 'columns' in segment
      ? columnsPhase(segment.columns, rows, batchSize, threads)
      : statisticsPhase(segment);
  });

  const parameters = planParameters(network, map, kernels, layers, settings, own, rows, state);
  for (const [index, { begin, blocks }] of parameters.entries()) {
    // Block 0 of the first is the tally of the minibatch.
    const count = index === 0 ? () => tally(kernels.elements, map, rows.count, control) : undefined;
    const all = count ? [count, ...blocks] : blocks;
    phases.push({
      name: 'parameters',
      begin() {
        begin();
        return all.length;
      },
      run: timed('update', (block: number) => all[block]!()),
    });
  }

  return {
    begin(epoch, step) {
      at.epoch = epoch;
      at.set = settings.epochOrder(epoch);
      at.first = step * batchSize;
      profiler?.at(step);
      rows.count = Math.min(batchSize, at.set.count - at.first);
      state.share = 1 / rows.count;
      state.step = (epoch - 1) * Math.ceil(at.set.count / batchSize) + step;
      state.learningRate = settings.learningRate(state.step);
    },
    phases,
    evaluate: timed('evaluate', planEvaluation(network, map, kernels, settings.loss, own, draw)),
  };
}

type RowWork = (rows: Range, batch: Range) => void;
interface StatisticsWork {
  features: number;
  run(features: Range): void;
}
interface ColumnsWork {
  columns: { panels: number; run: (panels: Range, rows: Range) => void }[];
}

function rowsPhase(works: readonly RowWork[], rows: Range, rowBlock: number): Phase {
  return {
    name: 'rows',
    begin: () => Math.ceil(rows.count / rowBlock),
    run(block) {
      const first = block * rowBlock;
      const range = { first, count: Math.min(rowBlock, rows.count - first) };
      for (const work of works) work(range, rows);
    },
  };
}

/** Panels that go together, so that they stay in a level-2 cache for all rows: 400 KB for MNIST. */
const mostPanels = 4;

/**
 * Blocks of some rows and a thread's panels: about sixteen blocks a thread. Those of the same panels follow each other, as the blocks
 * of their parameters do, see `blocksOf`.
 */
function columnsPhase(
  layers: ColumnsWork['columns'],
  rows: Range,
  batchSize: number,
  threads: number,
): Phase {
  const blocks = evenly(
    layers.map(({ panels: all, run }) => {
      const groups = Math.min(all, Math.max(threads, Math.ceil(all / mostPanels)));
      const cuts = Math.ceil(Math.min(batchSize / 4, (16 * threads) / groups));
      return Array.from({ length: groups * cuts }, (_, block) => {
        const panels = part(all, groups, Math.floor(block / cuts));
        return () => run(panels, part(rows.count, cuts, block % cuts));
      });
    }),
  );
  return { name: 'columns', begin: () => blocks.length, run: (block) => blocks[block]!() };
}

function statisticsPhase({ features, run }: StatisticsWork): Phase {
  const each = featuresPerTask(features);
  return {
    name: 'statistics',
    begin: () => Math.ceil(features / each),
    run(block) {
      const first = block * each;
      run({ first, count: Math.min(each, features - first) });
    },
  };
}

/**
 * Rows a block: eight blocks a thread, so that a thread which loses its core holds up little, but whole
 * register tiles, and no more rows than the activations of which fit a level-2 cache.
 */
function rowsPerTask(batchSize: number, threads: number): number {
  const rows = Math.min(32, Math.max(4, Math.ceil(batchSize / (8 * threads))));
  return roundUp(Math.max(rows, Math.ceil(batchSize / mostBlocks)), 4);
}

/** Features a block of statistics: a cache line of each row, or more where that would make too many blocks. */
function featuresPerTask(features: number): number {
  return roundUp(Math.max(16, Math.ceil(features / mostBlocks)), 16);
}

/** How many blocks of rows a full minibatch has: more threads than this have nothing to do in that phase. */
export function rowTasks(batchSize: number, threads: number): number {
  return Math.ceil(batchSize / rowsPerTask(batchSize, threads));
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
    if (elements[map.best.offset + row] === elements[map.label.offset + row]) correct++;
  }
  lossSum[0] = sum;
  Atomics.add(w, words.correct, correct);
  Atomics.add(w, words.seen, rows);
}
