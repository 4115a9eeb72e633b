import type { KindConfig } from '#lockstep/contracts/fields.js';
import { LockstepError } from '#lockstep/foundation/errors.js';
import { stream } from '#lockstep/foundation/random.js';
import {
  type Block,
  type Matrix,
  matrixOf,
  type PanelMatrix,
  panelCount,
  type Range,
  type Vector,
} from '#lockstep/foundation/shapes.js';
import { numbersOf } from '#lockstep/foundation/window.js';
import { imageLists, packedImages } from '#lockstep/kernels/image-lists.js';
import { backendOf } from '#lockstep/model/backends.js';
import { catalogue } from '#lockstep/model/catalogue.js';
import { panelWidthOf } from '#lockstep/model/tensor.js';
import type { Format } from '#lockstep/operands/format.js';
import { numbersOperand } from '#lockstep/operands/operand.js';
import { listsOperand } from '#lockstep/operands/pixels.js';
import { draw, fill, kernelSpace, panelPlaces, placesOf, vectorPlaces } from './kernel-space.ts';

/** An image whose lines, columns and numbers are no whole tiles. */
export const image = { height: 5, width: 4, channels: 4 };

/** Whether a layer works on images only. */
export function needsImage(config: KindConfig): boolean {
  try {
    catalogue.layer.get(config.kind)!.plan(config, { inputs: 21, targets: 3 });
    return false;
  } catch (error) {
    if (error instanceof LockstepError) return true;
    throw error;
  }
}

/** Rows of the minibatch, not a whole number of register tiles. */
export const rows = 11;
export const allRows: Range = { first: 0, count: rows };

export interface ContextSettings {
  kernels: string;
  /** As a first layer, on samples as numbers or from lists of their pixels: then there is no dx. */
  samples?: 'numbers' | 'lists' | undefined;
  /** The layer follows a rectifier: its weights lie in panels of 32. */
  rectified?: boolean;
  training?: boolean;
  /** x are feature maps, `image`; a layer that works on images only gets them in any case. */
  maps?: boolean;
  /** y takes the place of x, and dx that of dy. */
  inPlace?: boolean;
  /** Another text gives other x and dy, but the same parameters. */
  salt?: string;
}

/** One layer with its own memory, in which x, dy and the parameters are seeded float32 numbers. */
export function layerContext(config: KindConfig, settings: ContextSettings) {
  const { samples, rectified, training = true, inPlace = false, salt = 'rows' } = settings;
  const maps = settings.maps ?? needsImage(config);
  const shape = maps ? image : undefined;
  const inputs = shape ? numbersOf(shape) : 21;
  const kind = catalogue.layer.get(config.kind)!;
  const plan = kind.plan(config, { inputs, shape, maps, targets: 3 });
  const { layout } = backendOf(settings.kernels);
  const byOperand = plan.reads.x === 'operand';
  const format: Format = byOperand && samples ? 'samples' : rectified ? 'rectified' : 'dense';
  const space = kernelSpace(settings.kernels, 100_000);
  const { kernels, elements } = space;

  const parameters: Record<string, PanelMatrix | Vector> = {};
  for (const { name, shape } of plan.parameters) {
    const matrix = matrixOf(shape);
    const tensor = matrix
      ? space.panels(matrix.rows, matrix.columns, panelWidthOf({ shape, format }, layout)!)
      : space.vector(shape[0]);
    const random = stream(1, 'site', name);
    const places = 'width' in tensor ? panelPlaces(tensor) : vectorPlaces(tensor);
    fill([space], places, () => draw(random, 0));
    parameters[name] = tensor;
  }
  // Placed before x, because they are no result.
  const room = space.room(plan.room ?? 0);
  const packed = samples === 'lists' ? packedImages(rows, inputs, space.room) : undefined;
  const lists = packed && imageLists(rows, inputs, [layout.rowStride(plan.outputs)], space.room);
  const pack = () => kernels.images!.pack(Uint8Array.from(images.flatMap((image) => [...image])), packed!, 0);
  const x = space.matrix(rows, inputs);
  const y = inPlace ? x : space.matrix(rows, plan.outputs);
  const dy = space.matrix(rows, plan.outputs);
  const dx = inPlace ? dy : space.matrix(rows, inputs);
  const random = stream(1, 'site', salt);
  const images: Uint8Array[] = Array.from({ length: rows }, () =>
    Uint8Array.from({ length: inputs }, () => Math.max(0, Math.floor(400 * random.uniform()) - 145)),
  );
  if (packed) pack();
  else fill([space], placesOf(x, rows), () => draw(random, 0.3));
  fill([space], placesOf(dy, rows), () => draw(random, 0.3));

  const state: Record<string, Vector> = {};
  for (const { name, length } of plan.state ?? []) {
    const vector = space.vector(length);
    const random = stream(1, 'site', name);
    fill([space], vectorPlaces(vector), () => 0.5 + Math.abs(draw(random, 0)));
    state[name] = vector;
  }
  const statistics = Object.fromEntries(
    (plan.statistics ?? []).map(({ name, length }) => [name, space.vector(length)]),
  );

  const layer = kind.build(config, {
    kernels,
    x,
    shape,
    y,
    dy: training ? dy : undefined,
    dx: training && !samples ? dx : undefined,
    parameters,
    state,
    statistics,
    operand: lists ? listsOperand(kernels, lists) : numbersOperand(kernels, x, format),
    room,
    training,
    index: 0,
    draw: { seed: 1, epoch: 1, sample: (row) => row },
  });
  /** If the layer reads lists, lists the samples of these rows, and the pixels of all rows. */
  const list = ({ first, count }: Range) => {
    if (!lists) return;
    const order = Uint32Array.from({ length: rows }, (_, row) => row);
    kernels.images!.listRows(packed!, order.subarray(first, first + count), lists);
    kernels.images!.listFeatures(packed!, order, 0, { first: 0, count: inputs }, lists);
  };
  /** Features that its statistics are of. */
  const features = plan.statistics?.[0]?.length ?? inputs;
  const row = ({ offset, columns, stride }: Matrix, index: number) =>
    elements.subarray(offset + index * stride, offset + index * stride + columns);
  const g = space.room(4000);

  const vectorOf = (name: string) => (parameters[name] ?? state[name]) as Vector;

  /** The gradient of a block: a list for each row of a matrix, or for each element of a vector. */
  const gradient = (name: string, block: Block): number[][] => {
    layer.gradients![name]!(block, allRows, { offset: g, add: false });
    const tensor = parameters[name]!;
    const width = 'width' in tensor ? tensor.width : 1;
    const all = 'width' in tensor ? tensor.columns : 1;
    const columns = block.panels
      ? Math.min(all, width * (block.panels.first + block.panels.count)) - width * block.panels.first
      : all;
    return Array.from({ length: block.count }, (_, k) =>
      Array.from({ length: columns }, (_, j) => {
        const panel = Math.floor(j / width);
        return elements[g + (panel * block.count + k) * width + (j % width)]!;
      }),
    );
  };

  const panels = Object.values(parameters).map((tensor) => ('width' in tensor ? panelCount(tensor) : 0));

  return {
    plan,
    features,
    /** Panels of its widest matrix. */
    count: Math.max(0, ...panels),
    layer,
    list,
    /** Copies row `from` of another context's x into row `index` of x. */
    takeRow(
      index: number,
      other: { x: (index: number) => ArrayLike<number>; images: Uint8Array[] },
      from: number,
    ) {
      if (packed) {
        images[index] = other.images[from]!;
        pack();
      } else row(x, index).set(other.x(from));
    },
    images,
    x: (index: number) => row(x, index),
    y: (index: number) => row(y, index),
    dx: (index: number) => row(dx, index),
    /** A copy of a vector: a parameter, or state. */
    vector: (name: string) => vectorPlaces(vectorOf(name)).map((place) => elements[place]!),
    /** Sets all elements of a vector to this value. */
    set: (name: string, value: number) => fill([space], vectorPlaces(vectorOf(name)), () => value),
    /**
     * Runs forward and backward, in these blocks of rows, and of features if the layer has statistics.
     * `between` runs after forward.
     */
    run(
      blocks: readonly Range[],
      someFeatures: readonly Range[] = [{ first: 0, count: features }],
      between = () => {},
    ) {
      for (const block of someFeatures) layer.statistics?.forward(block, allRows);
      for (const block of blocks) {
        list(block);
        layer.forward(block);
      }
      between();
      for (const block of someFeatures) layer.statistics?.backward(block, allRows);
      if (!samples) for (const block of blocks) layer.backward(block, allRows);
    },
    /** All that the layer has and wrote. */
    bits: () => [...elements.subarray(x.offset, g)],
    /** The gradient for the layer before, and those of the parameters. */
    gradients: () => ({
      dx: placesOf(dx, rows).map((place) => elements[place]!),
      ...Object.fromEntries(plan.parameters.map(({ name, shape }) => [name, gradient(name, wholeOf(shape))])),
    }),
    /** The elements behind the columns of y and dx. */
    padding: () =>
      [y, dx].flatMap(({ offset, columns, stride }) =>
        blocksOf(rows, 1).flatMap(({ first }) => [
          ...elements.subarray(offset + first * stride + columns, offset + (first + 1) * stride),
        ]),
      ),
    /** Overwrites x and y, if the layer's plan says that it does not read them any more. */
    forget() {
      if (!plan.reads.x) for (const place of placesOf(x, rows)) elements[place] = Number.NaN;
      if (!plan.reads.y) for (const place of placesOf(y, rows)) elements[place] = Number.NaN;
    },
    gradient,
  };
}

/** All rows of a matrix, or all elements of a vector. */
export function wholeOf(shape: readonly number[]): Range {
  return { first: 0, count: matrixOf(shape)?.rows ?? shape[0]! };
}

/** Cuts 0 to `count` into blocks of at most `size`. */
export function blocksOf(count: number, size: number): Range[] {
  return Array.from({ length: Math.ceil(count / size) }, (_, block) => ({
    first: block * size,
    count: Math.min(size, count - block * size),
  }));
}
