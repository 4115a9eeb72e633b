/** How the samples of a minibatch come to the layers that read them: as numbers, or as lists of pixels. */
import type { OutputUnit } from '../contracts/task.ts';
import { columnsOf, type FeatureArray } from '../data/dataset.ts';
import { rowWriter } from '../data/preparation.ts';
import { type SampleSet, sampleAt, samplesAt } from '../data/sample-set.ts';
import type { Signature } from '../data/split.ts';
import { type Matrix, panelCount, type Range, type Vector } from '../foundation/shapes.ts';
import type { ImageLists } from '../kernels/image-lists.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { MemoryMap, ThreadMemory } from '../model/memory-map.ts';
import type { NetworkPlan } from '../model/network.ts';
import type { Operand } from '../operands/operand.ts';
import { featureLister, listsOperand } from '../operands/pixels.ts';
import type { Augment } from './augment.ts';
import { type Timed, untimed } from './profile.ts';

/** Rows of a minibatch, or of a block of an evaluation: row r is sample `first + r` of the set. */
export interface SampleRows {
  set: SampleSet;
  first: number;
}

export interface SampleInput {
  /** How the layers multiply with the samples; undefined: by the numbers in x. */
  readonly operand: Operand | undefined;
  /**
   * The layers that read the samples go forward by columns, in a phase of their own that comes first: so a
   * thread multiplies with the weights that it also updates.
   */
  readonly byColumns: boolean;
  /** Brings these rows to where the layers read them. */
  gather(from: SampleRows, rows: Range): void;
  /** Brings what the gradient of these features reads, of these rows of a minibatch: whole cuts. */
  gatherFeatures(from: SampleRows, rows: Range, features: Range): void;
  /** Another minibatch comes. */
  forget(): void;
}

/** What to do with one sample of a set: into row `row` of x. */
export type LoadSample = (features: FeatureArray, sample: number, x: Matrix, row: number) => void;
/** What to do with one image: into row `row` of x. */
export type LoadImage = (image: Uint8Array, x: Matrix, row: number, sample: number) => void;

/** The samples as numbers in x. */
export function numbersInput(x: Matrix, load: LoadSample): SampleInput {
  return {
    operand: undefined,
    byColumns: false,
    gather: ({ set, first }, rows) => loadSamples(set, first, rows, load, x),
    gatherFeatures() {},
    forget() {},
  };
}

/**
 * The samples as lists of the pixels that are not zero; x stays empty.
 *
 * @param sharing threads that share the panels of a layer
 */
export function listsInput(
  kernels: Kernels,
  lists: ImageLists,
  pixels: number,
  { sharing = 1, timed = untimed }: { sharing?: number; timed?: Timed } = {},
): SampleInput {
  const lister = featureLister(kernels, lists, pixels, sharing, (work) => timed('gather', work));
  return {
    operand: listsOperand(kernels, lists),
    byColumns: true,
    gather: ({ set, first }, rows) =>
      kernels.images!.listRows(set.packed!, samplesAt(set, first + rows.first, rows.count), lists),
    gatherFeatures({ set, first }, rows, features) {
      const at = (row: number, count: number) => samplesAt(set, first + row, count);
      lister.list({ packed: set.packed!, at }, rows, features);
    },
    forget: lister.forget,
  };
}

/** Where the samples are read, and by whom. */
export interface InputPlace {
  network: NetworkPlan;
  map: MemoryMap;
  own: Pick<ThreadMemory, 'lists'>;
  kernels: Kernels;
  timed: Timed;
  load: LoadSample;
}

/** The input of a training. Samples that are distorted are numbers. */
export function trainingInput(
  { network, map, own, kernels, timed, load }: InputPlace,
  { augment, threads }: { augment?: Augment | undefined; threads: number },
  epoch: () => number,
): SampleInput {
  const x = map.values[0]!;
  if (augment) {
    const distort: LoadImage = (image, x, row, sample) => augment(image, sample, epoch(), x, row);
    return numbersInput(x, eachImage(network.inputs, distort));
  }
  if (!own.lists) return numbersInput(x, load);
  const panels = columnReaders(network, map).map(({ panels }) => panels);
  const sharing = Math.ceil(threads / Math.max(...panels));
  return listsInput(kernels, own.lists, x.columns, { sharing, timed });
}

/** The input of an evaluation, in a thread's own memory. */
export function evaluationInput(
  { inputs }: NetworkPlan,
  { lists, values }: Pick<ThreadMemory, 'lists' | 'values'>,
  kernels: Kernels,
  load: LoadSample,
): SampleInput {
  return lists ? listsInput(kernels, lists, inputs) : numbersInput(values[0]!, load);
}

/** Brings single samples to x as the preparation says. */
export function loaderOf(
  { features, preparation }: Pick<Signature, 'features' | 'preparation'>,
  kernels: Kernels,
): LoadSample {
  if (features.kind === 'bytes') return eachImage(columnsOf(features), kernels.pixels);
  const write = rowWriter(features, preparation);
  const { elements } = kernels;
  const columns = columnsOf(features);
  return (rows, sample, x, row) => write(rows, sample * columns, elements, x.offset + row * x.stride);
}

/** Images one by one, of so many pixels. */
function eachImage(pixels: number, load: LoadImage): LoadSample {
  return (images, sample, x, row) => {
    const first = sample * pixels;
    load(images.subarray(first, first + pixels) as Uint8Array, x, row, sample);
  };
}

/** The layers that read the samples as an operand, and how many panels their W has. */
export function columnReaders(
  { nodes, values }: NetworkPlan,
  map: MemoryMap,
): { node: number; panels: number }[] {
  return nodes.flatMap(({ role, x, plan, parameters }, node) => {
    if (role !== 'layer' || !values[x]!.samples || plan.reads.x !== 'operand') return [];
    const panels = parameters.map((p) => {
      const tensor = map.parameters[p]!;
      return 'width' in tensor ? panelCount(tensor) : 0;
    });
    return { node, panels: Math.max(...panels) };
  });
}

/** Puts samples into these rows of x: those that come at `first` of the set, and so on. */
export function loadSamples(set: SampleSet, first: number, rows: Range, load: LoadSample, x: Matrix): void {
  const { features, count } = set.samples;
  if (set.order) fetchSamples(features, features.length / count, set.order, first + rows.first, rows.count);
  for (let row = rows.first; row < rows.first + rows.count; row++) {
    load(features, sampleAt(set, first + row), x, row);
  }
}

/** Where the targets of some rows are put: one of the two, see `MemoryMap`. */
export interface TargetRows {
  label: Vector;
  target: Matrix;
}

/** Puts what is asked for into these rows: classes as they are, values standardised. */
export function loadTargets(
  { elements }: Kernels,
  set: SampleSet,
  first: number,
  rows: Range,
  { label, target }: TargetRows,
  { mean, deviation }: OutputUnit,
): void {
  const { targets } = set.samples;
  const width = target.columns;
  for (let row = rows.first; row < rows.first + rows.count; row++) {
    const sample = sampleAt(set, first + row);
    if (width === 0) {
      elements[label.offset + row] = targets[sample]!;
      continue;
    }
    const at = target.offset + row * target.stride;
    for (let c = 0; c < width; c++) {
      elements[at + c] = (targets[sample * width + c]! - mean[c]!) / deviation[c]!;
    }
  }
}

/** Bytes of a cache line. */
const line = 64;
/** Where a sum goes that nobody asks for, so that what makes it is not left out. */
const sink = { sum: 0 };

/**
 * Reads a number of each cache line of some samples. They lie anywhere in the data set. If the lines are
 * asked for one right after the other, the memory answers many at a time; copying asks for too few.
 */
function fetchSamples(
  features: FeatureArray,
  columns: number,
  order: Uint32Array,
  first: number,
  count: number,
): void {
  const step = line / features.BYTES_PER_ELEMENT;
  let sum = 0;
  for (let i = first; i < first + count; i++) {
    const start = order[i]! * columns;
    for (let at = start; at < start + columns; at += step) sum += features[at]!;
  }
  sink.sum = sum;
}
