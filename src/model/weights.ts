/**
 * The learned numbers outside the kernels' memory: their initial values, copies in and out, and their digest.
 */
import { wrongKind } from '../foundation/check.ts';
import { stream } from '../foundation/random.ts';
import type { Vector } from '../foundation/shapes.ts';
import type { Elements } from '../kernels/layout.ts';
import { sha256 } from '../platform/digest.ts';
import { littleEndian } from '../platform/endianness.ts';
import { catalogue } from './catalogue.ts';
import type { ParameterTensor, StateTensor } from './network.ts';
import { elementIndex, type Tensor } from './tensor.ts';

/** A parameter or a vector of state, as files and programs see it: row-major, without padding. */
export interface WeightTensor {
  /** `model.0.W` */
  id: string;
  shape: readonly number[];
  values: Float32Array;
}

/** Rows and columns of a parameter. A vector is a single row. */
function extent({ shape }: Pick<ParameterTensor, 'shape'>): [rows: number, columns: number] {
  const [first, second] = shape;
  return second === undefined ? [1, first] : [first, second];
}

/**
 * Draws the initial parameters. Each has its own stream, keyed by the seed and the parameter's name, and is
 * drawn in row-major order. So its numbers do not depend on its layout in memory.
 */
export function initializeWeights(
  elements: Elements,
  parameters: readonly ParameterTensor[],
  tensors: readonly Tensor[],
  seed: number,
): void {
  for (const [p, parameter] of parameters.entries()) {
    const { id, initializer, fanIn, fanOut } = parameter;
    const [rows, columns] = extent(parameter);
    const draw = catalogue.initializer
      .get(initializer.kind)!
      .build(initializer, { rows, columns, fanIn, fanOut }, stream(seed, 'init', id));
    const tensor = tensors[p]!;
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        elements[elementIndex(tensor, row, column)] = draw();
      }
    }
  }
}

/** Sets the layers' state to its initial values. */
export function initializeState(
  elements: Elements,
  state: readonly StateTensor[],
  vectors: readonly Vector[],
): void {
  for (const [s, { initial }] of state.entries()) {
    const { offset, length } = vectors[s]!;
    elements.fill(initial, offset, offset + length);
  }
}

/** Copies parameters (or slots, gradients, or the layers' state) out of the kernels' memory, or of a copy. */
export function readWeights(
  elements: Float32Array | Float64Array,
  parameters: readonly Pick<ParameterTensor, 'id' | 'shape'>[],
  tensors: readonly Tensor[],
): WeightTensor[] {
  return parameters.map((parameter, p) => {
    const [rows, columns] = extent(parameter);
    const values = new Float32Array(rows * columns);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        values[row * columns + column] = elements[elementIndex(tensors[p]!, row, column)]!;
      }
    }
    return { id: parameter.id, shape: parameter.shape, values };
  });
}

/** Copies parameters into the kernels' memory. The inverse of readWeights. */
export function writeWeights(
  elements: Elements,
  parameters: readonly Pick<ParameterTensor, 'shape'>[],
  tensors: readonly Tensor[],
  weights: readonly Pick<WeightTensor, 'values'>[],
): void {
  for (const [p, parameter] of parameters.entries()) {
    const [rows, columns] = extent(parameter);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        elements[elementIndex(tensors[p]!, row, column)] = weights[p]!.values[row * columns + column]!;
      }
    }
  }
}

/** Little-endian float32 bytes, which digests and files hold on every machine. */
export function littleEndianBytes(values: Float32Array): Uint8Array {
  if (littleEndian) return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const bytes = new DataView(new ArrayBuffer(values.byteLength));
  for (const [i, value] of values.entries()) bytes.setFloat32(4 * i, value, true);
  return new Uint8Array(bytes.buffer);
}

/** The digest that a run prints: SHA-256 over the parameters' little-endian float32 bytes, in plan order. */
export function weightsDigest(weights: readonly WeightTensor[]): string {
  if (!Array.isArray(weights)) throw wrongKind('weights', 'an array of tensors', weights);
  for (const [i, tensor] of weights.entries()) {
    if (tensor?.values instanceof Float32Array) continue;
    throw wrongKind(`weights[${i}].values`, 'a Float32Array', tensor?.values);
  }
  const digest = sha256();
  for (const { values } of weights) digest.add(littleEndianBytes(values));
  return digest.hex();
}
