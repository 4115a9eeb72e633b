/**
 * Where everything lies in the one memory that all threads share: a slab per kind, named regions, sizes
 * from pure functions. What depends on the number of threads comes last, so that nothing else moves.
 *
 * Letters: `rows` of the minibatch, `evaluationRows` of a thread's own block when evaluating.
 */

import type { Matrix, PanelMatrix, Vector } from '../foundation/shapes.ts';
import { roundUp, rowStride, widestPanel } from '../foundation/shapes.ts';
import {
  type Allocate,
  type ImageLists,
  imageLists,
  listedFeatures,
  type PackedImages,
  packable,
  packedImages,
} from '../kernels/image-lists.ts';
import { kernelScratch } from '../kernels/kernels.ts';
import { blockSize, blocksOf, mostBlockElements } from './blocks.ts';
import type { NetworkPlan, ParameterTensor } from './network.ts';

export interface MemorySizes {
  /** Rows of a full minibatch. */
  rows: number;
  /** Samples of the largest set that is evaluated. */
  samples: number;
  /** Names of the optimizer's slots. */
  slots: readonly string[];
  /** Images of each set, by its name, where the kernels can read lists of pixels. */
  images?: Readonly<Record<string, number>> | undefined;
  /** Whether the gradient is kept until its norm is known. */
  clipped?: boolean;
  /** Elements that each thread needs to distort images. */
  augmentation?: number;
  threads: number;
}

/** A parameter, or one of its slots, in memory. */
export type Tensor = PanelMatrix | Vector;

/** What belongs to one thread alone. */
export interface ThreadMemory {
  /** For the kernels' lists and packed matrices. */
  scratch: number;
  /** Lists of images, where they are packed: by pixel too, unless those that are trained on are distorted. */
  lists: ImageLists | undefined;
  /** One block of a gradient. */
  gradient: number;
  /** For the augmentations. */
  augmentation: number;
  /** Outputs of the layers for `evaluationRows` samples, by value. */
  values: readonly Matrix[];
  /** Written by the loss, not read. */
  dz: Matrix;
  label: Vector;
  loss: Vector;
  predicted: Vector;
}

/** For people: what lies where. Offsets and sizes in elements. */
export interface Region {
  slab:
    | 'images'
    | 'parameters'
    | 'slots'
    | 'state'
    | 'statistics'
    | 'activations'
    | 'gradients'
    | 'samples'
    | 'threads';
  name: string;
  shape: string;
  offset: number;
  size: number;
}

export interface MemoryMap {
  elements: number;
  regions: readonly Region[];
  /** The images of each set, where the network reads lists of pixels. They lie first, in `packedElements`. */
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
  /** By value; undefined where no gradient is needed. (rows, columns) */
  gradients: readonly (Matrix | undefined)[];
  /** Where the gradient is clipped: room for all of it, and for each block's sum of squares. */
  clipping: Clipping | undefined;
  /** Class of each row of the minibatch. (rows) */
  label: Vector;
  /** Loss of each row of the minibatch, or of each sample of the set that was evaluated. */
  loss: Vector;
  /** Predicted class, likewise. */
  predicted: Vector;
  threads: readonly ThreadMemory[];
}

/** What is kept of a gradient that is clipped by its norm. */
export interface Clipping {
  /** Where the gradient of each parameter lies, block after block. */
  gradients: readonly number[];
  /** The sum of the squares of each block. (blocks) */
  squares: Vector;
}

/** Samples a thread evaluates at a time: enough for whole register tiles, few enough for the cache. */
export const evaluationRows = 32;

export function mapMemory(
  network: NetworkPlan,
  { rows, samples, slots, images, clipped = false, augmentation = 0, threads }: MemorySizes,
): MemoryMap {
  const regions: Region[] = [];
  let end = 0;
  const place = (slab: Region['slab'], name: string, shape: string, size: number): number => {
    const offset = end;
    regions.push({ slab, name, shape, offset, size });
    // Whole cache lines, twice over: processors fetch lines in pairs.
    end += roundUp(size, 32);
    return offset;
  };
  /** One region of several parts. */
  const together = <T>(
    slab: Region['slab'],
    name: string,
    shape: string,
    build: (allocate: Allocate) => T,
  ): T => {
    const offset = end;
    const built = build((size) => {
      const part = end;
      end += roundUp(size, 32);
      return part;
    });
    regions.push({ slab, name, shape, offset, size: end - offset });
    return built;
  };
  const matrix = (slab: Region['slab'], name: string, count: number, columns: number): Matrix => {
    const stride = rowStride(columns);
    return { offset: place(slab, name, `(${count}, ${columns})`, count * stride), columns, stride };
  };
  const vector = (slab: Region['slab'], name: string, length: number): Vector => ({
    offset: place(slab, name, `(${length})`, roundUp(length, widestPanel)),
    length,
  });
  const tensors = (slab: Region['slab'], prefix: string) =>
    network.parameters.map(({ id, shape, width, size }): Tensor => {
      const offset = place(slab, prefix + id, `(${shape.join(', ')})`, size);
      const [first, columns] = shape;
      if (width === undefined) return { offset, length: first };
      return { offset, rows: first, columns: columns!, width };
    });
  /** One matrix a storage; values that share a storage share it. */
  const matrices = (
    slab: Region['slab'],
    prefix: string,
    count: number,
    wanted: (value: number) => boolean,
    key: 'storage' | 'gradient' = 'storage',
  ) => {
    const storages = new Map<number, Matrix>();
    return network.values.map(({ columns, [key]: storage }, value) => {
      if (!wanted(value)) return undefined;
      const found =
        storages.get(storage) ?? matrix(slab, `${prefix}${valueName(network, value)}`, count, columns);
      storages.set(storage, found);
      return found;
    });
  };

  const { inputs } = network;
  const sets = Object.entries(images ?? {});
  const all = sets.reduce((sum, [, count]) => sum + count, 0);
  const packs = network.readsPixels && packable(all, inputs);
  const packed =
    images && packs
      ? Object.fromEntries(
          sets.map(([name, count]) => [
            name,
            together('images', `${name}, room for all pixels`, `(${count}, ${inputs})`, (place) =>
              packedImages(count, inputs, place),
            ),
          ]),
        )
      : undefined;
  const packedElements = end;
  const parameters = tensors('parameters', '');
  const slotTensors = slots.map((slot) => tensors('slots', `${slot} of `));
  const state = network.state.map(({ id, length }) => vector('state', id, length));
  const statistics = network.nodes.map(({ path, plan }) =>
    Object.fromEntries(
      (plan.statistics ?? []).map(({ name, length }) => [
        name,
        vector('statistics', `${path} ${name}`, length),
      ]),
    ),
  );
  const values = matrices('activations', '', rows, () => true) as Matrix[];
  const gradients = matrices(
    'gradients',
    'd ',
    rows,
    (value) => network.values[value]!.differentiated,
    'gradient',
  );
  const clipping = clipped
    ? {
        gradients: network.parameters.map(({ id, shape, size }) =>
          place('gradients', `d ${id}`, `(${shape.join(', ')})`, size),
        ),
        squares: vector(
          'gradients',
          'sums of squares',
          network.parameters.flatMap((of) => blocksOf(of)).length,
        ),
      }
    : undefined;
  const dyStrides = network.nodes.flatMap(({ samples, y }) =>
    samples ? [rowStride(network.values[y]!.columns)] : [],
  );
  const listsOf = (prefix: string) =>
    together('threads', `${prefix}lists of pixels`, '', (place) =>
      augmentation > 0
        ? imageLists(evaluationRows, inputs, [], place)
        : imageLists(Math.max(rows, evaluationRows), inputs, dyStrides, place),
    );
  const label = vector('samples', 'label', rows);
  const loss = vector('samples', 'loss', Math.max(rows, samples));
  const predicted = vector('samples', 'predicted class', Math.max(rows, samples));

  const widest = Math.max(...network.values.map(({ columns }) => columns));
  // For one thread they are largest.
  const uses = [undefined, { threads: 1, listed: false }, { threads: 1, listed: true }];
  const blockSizes = (of: ParameterTensor) =>
    uses.flatMap((use) => blocksOf(of, use).map((block) => blockSize(of, block)));
  const largestBlock = Math.max(mostBlockElements, ...network.parameters.flatMap(blockSizes));
  const threadMemory = Array.from({ length: threads }, (_, thread): ThreadMemory => {
    const prefix = `thread ${thread} `;
    return {
      scratch: place('threads', `${prefix}scratch`, '', kernelScratch(widest, listedFeatures)),
      lists: packed && listsOf(prefix),
      gradient: place('threads', `${prefix}gradient block`, '', largestBlock),
      augmentation: augmentation > 0 ? place('threads', `${prefix}augmentation`, '', augmentation) : end,
      values: matrices('threads', prefix, evaluationRows, () => true) as Matrix[],
      dz: matrix('threads', `${prefix}d logits`, evaluationRows, network.classes),
      label: vector('threads', `${prefix}label`, evaluationRows),
      loss: vector('threads', `${prefix}loss`, evaluationRows),
      predicted: vector('threads', `${prefix}predicted class`, evaluationRows),
    };
  });

  return {
    elements: end,
    regions,
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
    loss,
    predicted,
    threads: threadMemory,
  };
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
