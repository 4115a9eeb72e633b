/**
 * The learned numbers outside the kernels' memory: their initial values, copies in and out, and their digest.
 */
import { wrongKind } from '../foundation/check.ts';
import { stream } from '../foundation/random.ts';
import { matrixOf, type Vector } from '../foundation/shapes.ts';
import type { Elements } from '../kernels/layout.ts';
import { sha256 } from '../platform/digest.ts';
import { littleEndian } from '../platform/endianness.ts';
import { catalogue } from './catalogue.ts';
import type { ParameterTensor, StateTensor } from './network.ts';
import { elementIndex, type Tensor } from './tensor.ts';

/** Numbers under a name, as files and programs see them: row-major, without padding. */
export interface NumberTensor<Values = Float32Array | Float64Array> {
  /** `model.0.W` */
  id: string;
  shape: readonly number[];
  values: Values;
}

/** A parameter or a vector of state. */
export type WeightTensor = NumberTensor<Float32Array>;

/** Rows and columns of a parameter. A vector is a single row. */
function extent(parameter: Pick<ParameterTensor, 'shape'>): { rows: number; columns: number } {
  return matrixOf(parameter.shape) ?? { rows: 1, columns: parameter.shape[0] };
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
    const { rows, columns } = extent(parameter);
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

/**
 * Copies parameters (or slots, or the layers' state) out of the kernels' memory, or of a copy of it, in its
 * own element type.
 */
export function readNumbers(
  elements: Float32Array | Float64Array,
  parameters: readonly Pick<ParameterTensor, 'id' | 'shape'>[],
  tensors: readonly Tensor[],
): NumberTensor[] {
  const make = elements instanceof Float32Array ? Float32Array : Float64Array;
  return parameters.map((parameter, p) => {
    const { rows, columns } = extent(parameter);
    const values = new make(rows * columns);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        values[row * columns + column] = elements[elementIndex(tensors[p]!, row, column)]!;
      }
    }
    return { id: parameter.id, shape: parameter.shape, values };
  });
}

/** Numbers as weights, which are float32 on every backend. */
export function asWeights(tensors: readonly NumberTensor[]): WeightTensor[] {
  return tensors.map(({ values, ...rest }) => ({
    ...rest,
    values: values instanceof Float32Array ? values : Float32Array.from(values),
  }));
}

/** Copies parameters into the kernels' memory, or into a copy of it. The inverse of readNumbers. */
export function writeNumbers(
  elements: Float32Array | Float64Array,
  parameters: readonly Pick<ParameterTensor, 'shape'>[],
  tensors: readonly Tensor[],
  weights: readonly Pick<NumberTensor, 'values'>[],
): void {
  for (const [p, parameter] of parameters.entries()) {
    const { rows, columns } = extent(parameter);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        elements[elementIndex(tensors[p]!, row, column)] = weights[p]!.values[row * columns + column]!;
      }
    }
  }
}

/** Copies those of the parameters (or of the state) that are given. */
export function writeSome(
  elements: Float32Array | Float64Array,
  parameters: readonly Pick<ParameterTensor, 'id' | 'shape'>[],
  tensors: readonly Tensor[],
  given: readonly NumberTensor[],
): void {
  const places = new Map(parameters.map(({ id }, p) => [id, p]));
  const at = given.map(({ id }) => places.get(id)!);
  writeNumbers(
    elements,
    at.map((p) => parameters[p]!),
    at.map((p) => tensors[p]!),
    given,
  );
}

/** Little-endian bytes, which digests and files hold on every machine. */
export function littleEndianBytes(values: Float32Array | Float64Array): Uint8Array {
  if (littleEndian) return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const bytes = new DataView(new ArrayBuffer(values.byteLength));
  const put = values instanceof Float32Array ? 'setFloat32' : 'setFloat64';
  const size = values.BYTES_PER_ELEMENT;
  for (const [i, value] of values.entries()) bytes[put](size * i, value, true);
  return new Uint8Array(bytes.buffer);
}

/** The digest that a run prints: SHA-256 over the parameters' little-endian float32 bytes, in plan order. */
export function weightsDigest(weights: readonly WeightTensor[]): string {
  if (!Array.isArray(weights)) throw wrongKind('weights', 'an array of tensors', weights);
  for (const [i, tensor] of weights.entries()) {
    if (tensor?.values instanceof Float32Array) continue;
    throw wrongKind(`weights[${i}].values`, 'a Float32Array', tensor?.values);
  }
  return digestOf(weights);
}

/**
 * The digest of all that makes a network what it is: the parameters as in `weightsDigest`, followed by the
 * layers' state, such as running means.
 */
export function stateDigest(weights: readonly WeightTensor[], state: readonly WeightTensor[]): string {
  return digestOf([...weights, ...state]);
}

function digestOf(tensors: readonly WeightTensor[]): string {
  const digest = sha256();
  for (const { values } of tensors) digest.add(littleEndianBytes(values));
  return digest.hex();
}
