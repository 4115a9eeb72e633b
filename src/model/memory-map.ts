/**
 * Where everything lies in the one memory that all threads share: a slab per kind, named regions, sizes
 * from pure functions. What depends on the number of threads comes last, so that nothing else moves.
 *
 * Letters: `rows` of the minibatch, `evaluationRows` of a thread's own block when evaluating.
 */
import type { Matrix, Vector } from '../foundation/shapes.ts';
import {
  type ImageLists,
  imageLists,
  listedFeatures,
  type PackedImages,
  packable,
  packedImages,
} from '../kernels/image-lists.ts';
import type { Layout } from '../kernels/layout.ts';
import { blocksOf, largestBlock, mostBlockElements } from './blocks.ts';
import type { NetworkPlan } from './network.ts';
import { createRegions, type Region, type Regions, type Slab } from './regions.ts';
import { mapShared, mapSummed, type Shared } from './shared-minibatch.ts';
import { type Tensor, tensorAt, tensorSize } from './tensor.ts';

export interface MemorySizes {
  /** How the backend lays matrices out. */
  layout: Layout;
  /** Rows of a full minibatch. */
  rows: number;
  /** Samples of the largest set that is evaluated. */
  samples: number;
  /** Names of the optimizer's slots. */
  slots: readonly string[];
  /** Images of each set, by its name, if the backend can multiply from lists of pixels. */
  images?: Readonly<Record<string, number>> | undefined;
  /** Whether the gradient is kept until its norm is known. */
  clipped?: boolean;
  /** Whether the losses of classes have weights. */
  weighted?: boolean;
  /** Elements that each thread needs to distort images. */
  augmentation?: number;
  /** Ranks that share each minibatch; 1 unless it is said. */
  ranks?: number;
  threads: number;
}

/** What belongs to one thread alone. */
export interface ThreadMemory {
  /** For the kernels' lists and packed matrices. */
  scratch: number;
  /** Lists of images, if they are packed: by pixel too, unless those that are trained on are distorted. */
  lists: ImageLists | undefined;
  /** One block of a gradient. */
  gradient: number;
  /** For the augmentations. */
  augmentation: number;
  /** By node: what its layer asked for, see `LayerPlan.room`. */
  rooms: readonly number[];
  /** Outputs of the layers for `evaluationRows` samples, by value. */
  values: readonly Matrix[];
  /** Written by the loss, not read. */
  dz: Matrix;
  label: Vector;
  target: Matrix;
  loss: Vector;
  predicted: Vector;
}

export interface MemoryMap {
  elements: number;
  layout: Layout;
  regions: readonly Region[];
  /** The images of each set, if the network reads lists of pixels. They lie first, in `packedElements`. */
  packed: Readonly<Record<string, PackedImages>> | undefined;
  packedElements: number;
  parameters: readonly Tensor[];
  /** slots[s][p]: slot s of parameter p. */
  slots: readonly (readonly Tensor[])[];
  /** By state vector. */
  state: readonly Vector[];
  /** statistics[n][name]: what layer n's statistics leave for the rest of the step. */
  statistics: readonly Readonly<Record<string, Vector>>[];
  /** By value. (rows, columns) */
  values: readonly Matrix[];
  /** By value; undefined if no gradient is needed. (rows, columns) */
  gradients: readonly (Matrix | undefined)[];
  /** If the gradient is clipped: room for all of it, and for each block's sum of squares. */
  clipping: Clipping | undefined;
  /** Classes: the class of each row of the minibatch. (rows) Else empty. */
  label: Vector;
  /** Values and flags: the targets of each row of the minibatch. (rows, outputs) Else without columns. */
  target: Matrix;
  /** Loss of each row of the minibatch, or of each sample of the set that was evaluated. */
  loss: Vector;
  /** Classes: the predicted class of each row of the minibatch. Else empty. */
  predicted: Vector;
  /** What came out for each sample of the set that was evaluated: predicted classes, or outputs. */
  outcome: Matrix;
  /** By class, what a loss is multiplied by; undefined: nothing. */
  classWeights: Vector | undefined;
  /** If ranks share the minibatches. */
  shared: Shared | undefined;
  threads: readonly ThreadMemory[];
}

/** What is kept of a gradient that is clipped by its norm. */
export interface Clipping {
  /** Where the gradient of each parameter lies, block after block: see `mapSummed`. */
  gradients: readonly number[];
  /** The sum of the squares of each block. (blocks) */
  squares: Vector;
}

/** Samples a thread evaluates at a time: enough for whole register tiles, few enough for the cache. */
export const evaluationRows = 32;

export function mapMemory(network: NetworkPlan, sizes: MemorySizes): MemoryMap {
  const { layout, rows, samples, slots, clipped = false, weighted = false, ranks = 1, threads } = sizes;
  const at = createRegions(layout);
  const packed = mapImages(at, network, sizes);
  const packedElements = at.end();
  const parameters = mapTensors(at, network, layout, 'parameters', '');
  const slotTensors = slots.map((slot) => mapTensors(at, network, layout, 'slots', `${slot} of `));
  const state = network.state.map(({ id, length }) => at.vector('state', id, length));
  const statistics = mapStatistics(at, network);
  const values = mapValues(at, network, 'activations', '', rows);
  const gradients = mapGradients(at, network, rows);
  const clipping = clipped ? mapClipping(at, network, layout) : undefined;
  const evaluated = Math.max(rows, samples);
  const { label, target } = mapTargets(at, network, 'samples', '', rows);
  const loss = at.vector('samples', 'loss', evaluated);
  const { predicted, outcome } = mapOutcome(at, network, evaluated);
  const classWeights = weighted ? at.vector('samples', 'class weights', network.outputs) : undefined;
  const shared = ranks > 1 ? mapShared(at, network, { layout, rows, ranks, clipping }) : undefined;
  const each = planThread(network, sizes, packed !== undefined);
  const threadMemory = Array.from({ length: threads }, (_, thread) => each(at, `thread ${thread} `));
  return {
    elements: at.end(),
    layout,
    regions: at.regions,
    packed,
    packedElements,
    parameters,
    slots: slotTensors,
    state,
    statistics,
    values,
    gradients,
    clipping,
    label,
    target,
    loss,
    predicted,
    outcome,
    classWeights,
    shared,
    threads: threadMemory,
  };
}

/** Packed images come first: a later training on the same data finds them there. */
function mapImages(
  { together }: Regions,
  { inputs, readsLists }: NetworkPlan,
  { images }: MemorySizes,
): MemoryMap['packed'] {
  const sets = Object.entries(images ?? {});
  const all = sets.reduce((sum, [, count]) => sum + count, 0);
  if (!images || !readsLists || !packable(all, inputs)) return undefined;
  const entries = sets.map(([name, count]) => {
    const place = `${name}, room for all pixels`;
    const packed = together('images', place, `(${count}, ${inputs})`, (allocate) =>
      packedImages(count, inputs, allocate),
    );
    return [name, packed] as const;
  });
  return Object.fromEntries(entries);
}

function mapTensors(
  { place }: Regions,
  { parameters }: NetworkPlan,
  layout: Layout,
  slab: Slab,
  prefix: string,
): Tensor[] {
  return parameters.map((tensor) => {
    const { id, shape } = tensor;
    const offset = place(slab, prefix + id, `(${shape.join(', ')})`, tensorSize(tensor, layout));
    return tensorAt(tensor, layout, offset);
  });
}

function mapStatistics({ vector }: Regions, { nodes }: NetworkPlan): MemoryMap['statistics'] {
  return nodes.map(({ path, plan }) => {
    const vectors = (plan.statistics ?? []).map(
      ({ name, length }) => [name, vector('statistics', `${path} ${name}`, length)] as const,
    );
    return Object.fromEntries(vectors);
  });
}

/** One matrix a storage; values that share a storage share it. */
function mapValues(at: Regions, network: NetworkPlan, slab: Slab, prefix: string, rows: number): Matrix[] {
  const storages = new Map<number, Matrix>();
  return network.values.map(({ columns, storage }, value) => {
    const found = storages.get(storage) ?? at.matrix(slab, prefix + valueName(network, value), rows, columns);
    storages.set(storage, found);
    return found;
  });
}

/** The same for the gradients, of the values that have one. */
function mapGradients(at: Regions, network: NetworkPlan, rows: number): MemoryMap['gradients'] {
  const gradients = new Map<number, Matrix>();
  return network.values.map(({ columns, gradient, differentiated }, value) => {
    if (!differentiated) return undefined;
    const found =
      gradients.get(gradient) ?? at.matrix('gradients', `d ${valueName(network, value)}`, rows, columns);
    gradients.set(gradient, found);
    return found;
  });
}

function mapClipping(at: Regions, { parameters }: NetworkPlan, layout: Layout): Clipping {
  const gradients = mapSummed(at, parameters, layout);
  const blocks = parameters.flatMap((tensor) => blocksOf(tensor, layout)).length;
  return { gradients, squares: at.vector('gradients', 'sums of squares', blocks) };
}

const noVector: Vector = { offset: 0, length: 0 };
const noMatrix: Matrix = { offset: 0, columns: 0, stride: 0 };

/** Room for what is asked for in each row: a class, or a number for each output. */
function mapTargets(
  { vector, matrix }: Regions,
  { task, outputs }: NetworkPlan,
  slab: Slab,
  prefix: string,
  rows: number,
): { label: Vector; target: Matrix } {
  return task === 'classes'
    ? { label: vector(slab, `${prefix}label`, rows), target: noMatrix }
    : { label: noVector, target: matrix(slab, `${prefix}target`, rows, outputs) };
}

/** Predicted classes lie in one column, which a minibatch uses too. */
function mapOutcome(
  { vector, matrix }: Regions,
  { task, outputs }: NetworkPlan,
  evaluated: number,
): { predicted: Vector; outcome: Matrix } {
  if (task !== 'classes') {
    return { predicted: noVector, outcome: matrix('samples', 'outputs', evaluated, outputs) };
  }
  const predicted = vector('samples', 'predicted class', evaluated);
  return { predicted, outcome: { offset: predicted.offset, columns: 1, stride: 1 } };
}

/** What each thread gets: the same sizes for all. */
function planThread(network: NetworkPlan, sizes: MemorySizes, packed: boolean) {
  const { nodes, parameters, outputs, task } = network;
  const { layout, augmentation = 0 } = sizes;
  const widest = widestProduct(network);
  const gradientBlock = Math.max(mostBlockElements, ...parameters.map((of) => largestBlock(of, layout)));
  return (at: Regions, prefix: string): ThreadMemory => {
    const room = (name: string, size: number) => at.place('threads', prefix + name, '', size);
    return {
      scratch: room('scratch', layout.scratch(widest, listedFeatures)),
      lists: packed ? mapLists(at, network, sizes, prefix) : undefined,
      gradient: room('gradient block', gradientBlock),
      augmentation: augmentation > 0 ? room('augmentation', augmentation) : at.end(),
      rooms: nodes.map(({ path, plan }) => (plan.room ? room(`${path} room`, plan.room) : at.end())),
      values: mapValues(at, network, 'threads', prefix, evaluationRows),
      dz: at.matrix('threads', `${prefix}d logits`, evaluationRows, outputs),
      ...mapTargets(at, network, 'threads', prefix, evaluationRows),
      loss: at.vector('threads', `${prefix}loss`, evaluationRows),
      predicted:
        task === 'classes' ? at.vector('threads', `${prefix}predicted class`, evaluationRows) : noVector,
    };
  };
}

/**
 * The widest row that a matrix product reads or writes, of all layers that have a matrix, whichever way they
 * say that they read x; samples count too, for what distorts them.
 */
function widestProduct({ inputs, nodes, values }: NetworkPlan): number {
  const products = nodes.filter(
    ({ plan }) => plan.reads.x === 'operand' || plan.parameters.some(({ shape }) => shape.length === 2),
  );
  return Math.max(inputs, ...products.flatMap(({ x, y }) => [values[x]!.columns, values[y]!.columns]));
}

/** Distorted images are numbers when they are trained on, so that only evaluations list pixels. */
function mapLists(
  { together }: Regions,
  { nodes, values, inputs }: NetworkPlan,
  { layout, rows, augmentation = 0 }: MemorySizes,
  prefix: string,
): ImageLists {
  const readers = nodes.filter(({ role, x }) => role === 'layer' && values[x]!.samples);
  const strides = readers.map(({ y }) => layout.rowStride(values[y]!.columns));
  return together('threads', `${prefix}lists of pixels`, '', (allocate) =>
    augmentation > 0
      ? imageLists(evaluationRows, inputs, [], allocate)
      : imageLists(Math.max(rows, evaluationRows), inputs, strides, allocate),
  );
}

function valueName({ values, nodes }: NetworkPlan, value: number): string {
  if (value === 0) return 'samples';
  if (value === values.length - 1) return 'logits';
  const { role, path, config, y } = nodes.find(
    ({ role, y, other }) => y === value || (role === 'fork' && other === value),
  )!;
  if (role === 'fork') return `${path}.${y === value ? 'layers' : 'shortcut'} input`;
  return role === 'join' ? `${path} sum` : `${path} ${config.kind}`;
}
