/**
 * Arrays of NumPy in `.npy` files, versions 1 to 3: a header that is a Python dictionary, then the elements.
 *
 * Source: NumPy, numpy.lib.format. The header may be wrong, so its sizes are compared with the bytes.
 */
import { LockstepError } from '../../foundation/errors.ts';
import { halfNumber } from '../../foundation/half-numbers.ts';
import { limits } from '../../foundation/limits.ts';
import { littleEndian } from '../../platform/endianness.ts';
import { damaged } from '../byte-source.ts';

export type NpyValues =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

export interface NpyArray {
  shape: number[];
  /** NumPy's name of the elements in the file: `uint8`, `float16`, `bool`, ... */
  dtype: string;
  /**
   * Row-major, whatever the order in the file. float16 becomes float32, bool 0 and 1, and 64-bit integers
   * float64, which holds them exactly up to 2^53.
   */
  values: NpyValues;
}

interface ElementType {
  name: string;
  bytes: number;
  /** Takes elements in this machine's order of bytes. */
  values(buffer: ArrayBuffer, where: string): NpyValues;
}

const wide = (Wide: typeof BigInt64Array | typeof BigUint64Array) => (buffer: ArrayBuffer, where: string) =>
  exactNumbers(new Wide(buffer), where);

/** By NumPy's codes. */
const elementTypes: Readonly<Record<string, ElementType>> = {
  b1: { name: 'bool', bytes: 1, values: (buffer) => new Uint8Array(buffer) },
  u1: { name: 'uint8', bytes: 1, values: (buffer) => new Uint8Array(buffer) },
  i1: { name: 'int8', bytes: 1, values: (buffer) => new Int8Array(buffer) },
  u2: { name: 'uint16', bytes: 2, values: (buffer) => new Uint16Array(buffer) },
  i2: { name: 'int16', bytes: 2, values: (buffer) => new Int16Array(buffer) },
  u4: { name: 'uint32', bytes: 4, values: (buffer) => new Uint32Array(buffer) },
  i4: { name: 'int32', bytes: 4, values: (buffer) => new Int32Array(buffer) },
  u8: { name: 'uint64', bytes: 8, values: wide(BigUint64Array) },
  i8: { name: 'int64', bytes: 8, values: wide(BigInt64Array) },
  f2: {
    name: 'float16',
    bytes: 2,
    values: (buffer) => Float32Array.from(new Uint16Array(buffer), halfNumber),
  },
  f4: { name: 'float32', bytes: 4, values: (buffer) => new Float32Array(buffer) },
  f8: { name: 'float64', bytes: 8, values: (buffer) => new Float64Array(buffer) },
};

const magic = '\x93NUMPY';

/**
 * Reads an array from all bytes of an `.npy` file.
 *
 * @throws LockstepError `data`
 */
export function parseNpy(bytes: Uint8Array, where: string): NpyArray {
  const { text, start } = headerOf(bytes, where);
  const type = typeOf(text, where);
  const shape = shapeOf(text, where);
  const count = shape.reduce((a, b) => a * b, 1);
  const expected = count * type.bytes;
  if (bytes.length - start !== expected) {
    const what = `${expected} bytes for ${type.name} of shape (${shape.join(', ')})`;
    throw bad(where, what, `${bytes.length - start}`, damaged);
  }
  const buffer = new ArrayBuffer(expected);
  new Uint8Array(buffer).set(bytes.subarray(start));
  if (type.bytes > 1 && /'descr'\s*:\s*'>/.test(text) === littleEndian) swapBytes(buffer, type.bytes);
  const values = type.values(buffer, where);
  const fortran = /'fortran_order'\s*:\s*True/.test(text);
  return { shape, dtype: type.name, values: fortran ? rowMajor(values, shape) : values };
}

function headerOf(bytes: Uint8Array, where: string): { text: string; start: number } {
  const latin1 = (from: number, to: number) => String.fromCharCode(...bytes.subarray(from, to));
  if (latin1(0, magic.length) !== magic) throw bad(where, 'an array of NumPy (.npy)', 'other bytes', damaged);
  const version = bytes[6] ?? 0;
  if (version < 1 || version > 3) throw bad(where, 'version 1 to 3 of .npy', `version ${version}`);
  const at = version === 1 ? 10 : 12;
  if (bytes.length < at) throw bad(where, 'a header', `${bytes.length} bytes`, damaged);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > limits.npyHeader)
    throw bad(where, `a header of at most ${limits.npyHeader} bytes`, `${length}`);
  if (bytes.length < at + length) {
    throw bad(where, `a header of ${length} bytes`, `${bytes.length - at}`, damaged);
  }
  return { text: new TextDecoder('latin1').decode(bytes.subarray(at, at + length)), start: at + length };
}

function typeOf(header: string, where: string): ElementType {
  const descr = /'descr'\s*:\s*(?:'([^']*)'|\[)/.exec(header);
  const code = descr?.[1];
  const type = elementTypes[code?.slice(1) ?? ''];
  if (type) return type;
  const [got, hint] = strangeType(descr ? code : '');
  throw bad(where, 'an array of numbers', got, hint);
}

/** What an array of other things is, and what to do. A structured type has no code. */
function strangeType(code: string | undefined): [got: string, hint: string] {
  if (code === undefined) return ['records with fields', 'save each field as an array of its own'];
  const kind = code.replace(/^[<>|=]/, '');
  if (kind.startsWith('O')) {
    return ['objects (a pickle, which is never opened)', 'np.save(..., np.asarray(list, dtype=np.float32))'];
  }
  if (/^[SU]\d/.test(kind)) {
    return ['text', 'number the classes: names, y = np.unique(y, return_inverse=True)'];
  }
  if (kind.startsWith('c')) return ['complex numbers', 'save their real and imaginary part'];
  if (/^[mM]8/.test(kind)) return ['times', 'convert them: .astype("int64")'];
  return [`elements of type ${JSON.stringify(code)}`, 'convert them: .astype(np.float32)'];
}

function shapeOf(header: string, where: string): number[] {
  const text = /'shape'\s*:\s*\(([\d\s,L]*)\)/.exec(header)?.[1];
  const shape = text?.match(/\d+/g)?.map(Number) ?? [];
  if (text === undefined || shape.length > limits.npyDimensions) {
    throw bad(
      where,
      `a shape of at most ${limits.npyDimensions} sizes`,
      text === undefined ? 'none' : `${shape.length}`,
    );
  }
  return shape;
}

function swapBytes(buffer: ArrayBuffer, size: number): void {
  const bytes = new Uint8Array(buffer);
  for (let at = 0; at < bytes.length; at += size) bytes.subarray(at, at + size).reverse();
}

function exactNumbers(values: BigInt64Array | BigUint64Array, where: string): Float64Array {
  const numbers = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    numbers[i] = Number(values[i]!);
    if (!Number.isSafeInteger(numbers[i])) throw bad(where, 'integers up to 2^53', `${values[i]}`);
  }
  return numbers;
}

/** Elements in Fortran's order, where the first index moves fastest, in C's, where the last one does. */
function rowMajor(values: NpyValues, shape: number[]): NpyValues {
  const ordered = values.slice();
  const index = shape.map(() => 0);
  const steps = shape.map((_, d) => shape.slice(0, d).reduce((a, b) => a * b, 1));
  let from = 0;
  for (let to = 0; to < ordered.length; to++) {
    ordered[to] = values[from]!;
    for (let d = shape.length - 1; d >= 0; d--) {
      from += steps[d]!;
      if (++index[d]! < shape[d]!) break;
      from -= steps[d]! * shape[d]!;
      index[d] = 0;
    }
  }
  return ordered;
}

function bad(where: string, expected: string, got: string, hint?: string): LockstepError {
  return new LockstepError('data', { where, expected, got, ...(hint && { hint }) });
}
