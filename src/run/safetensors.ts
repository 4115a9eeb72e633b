/**
 * Numbers in a format that other tools read: safetensors.
 *
 * A file holds the header's length (eight bytes, little-endian), the header as JSON (type, shape and place by
 * name), and then the numbers of all tensors, little-endian, one after the other.
 * https://github.com/huggingface/safetensors#format
 *
 * Our files carry a digest of themselves: `sha256` in the metadata is the SHA-256 of the whole file, in which
 * its own 64 digits are zeros.
 */
import { LockstepError } from '../foundation/errors.ts';
import { halfNumber, upperHalf } from '../foundation/half-numbers.ts';
import { limits } from '../foundation/limits.ts';
import { littleEndianBytes, type NumberTensor } from '../model/weights.ts';
import { sha256 } from '../platform/digest.ts';
import { readBytes } from '../platform/files.ts';
import { writeWhole } from './write-whole.ts';

export interface SafetensorsFile {
  tensors: NumberTensor[];
  metadata: Readonly<Record<string, string>>;
}

interface Entry {
  dtype: string;
  shape: number[];
  data_offsets: [start: number, end: number];
}

interface ElementType {
  bytes: number;
  read(view: DataView, at: number): number;
}

/** The types of the numbers that we write. */
const own: Readonly<Record<string, ElementType>> = {
  F32: { bytes: 4, read: (view, at) => view.getFloat32(at, true) },
  F64: { bytes: 8, read: (view, at) => view.getFloat64(at, true) },
};

/** Those of other programs. Counters are whole numbers, which float64 holds. */
const foreign: Readonly<Record<string, ElementType>> = {
  ...own,
  F16: { bytes: 2, read: (view, at) => halfNumber(view.getUint16(at, true)) },
  BF16: { bytes: 2, read: (view, at) => upperHalf(view.getUint16(at, true)) },
  I64: { bytes: 8, read: (view, at) => Number(view.getBigInt64(at, true)) },
  I32: { bytes: 4, read: (view, at) => view.getInt32(at, true) },
};

const unsigned = '0'.repeat(64);

/** Writes float32 or float64 tensors, and the file's digest. The file appears complete or not at all. */
export async function writeSafetensors(file: string, contents: SafetensorsFile): Promise<void> {
  await writeWhole(file, safetensorsOf(contents));
}

/** The pieces of the file. */
export function safetensorsOf({ tensors, metadata }: SafetensorsFile): Uint8Array[] {
  const header: Record<string, unknown> = { __metadata__: { ...metadata, sha256: unsigned } };
  let end = 0;
  for (const { id, shape, values } of tensors) {
    const start = end;
    end += values.byteLength;
    const dtype = values instanceof Float32Array ? 'F32' : 'F64';
    header[id] = { dtype, shape, data_offsets: [start, end] };
  }
  // Spaces align the numbers to 8 bytes, so that readers can map them.
  const text = Buffer.from(JSON.stringify(header));
  const padded = Buffer.alloc(Math.ceil(text.length / 8) * 8, ' ');
  text.copy(padded);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  const pieces = [length, padded, ...tensors.map(({ values }) => littleEndianBytes(values))];
  padded.write(digestOf(pieces), padded.indexOf(`"sha256":"${unsigned}"`) + '"sha256":"'.length);
  return pieces;
}

/**
 * Reads tensors in the order of the file. The work is bounded by the size of the file.
 *
 * @throws LockstepError `checkpoint` if it is missing, is not such a file, or does not have its own digest
 */
export async function readSafetensors(file: string): Promise<SafetensorsFile> {
  const bytes = await readBytes(file).catch((error: NodeJS.ErrnoException) => {
    throw bad(file, 'a safetensors file', error.code === 'ENOENT' ? 'no such file' : error.message);
  });
  return parseSafetensors(file, bytes);
}

/**
 * The same for bytes; `file` is for messages. `foreign`: of another program, which may name its tensors in
 * another order than they lie in, and have them in 16 bits; those become float32.
 */
export function parseSafetensors(
  file: string,
  bytes: Buffer,
  options: { foreign?: boolean } = {},
): SafetensorsFile {
  const types = options.foreign ? foreign : own;
  const length = bytes.length >= 8 ? Number(bytes.readBigUInt64LE(0)) : Number.NaN;
  if (!(length <= Math.min(bytes.length - 8, limits.safetensorsHeader))) {
    throw bad(file, 'a safetensors file', `${bytes.length} bytes without a whole header`);
  }
  const header = parseHeader(file, bytes.toString('utf8', 8, 8 + length));
  const { __metadata__: given = {}, ...entries } = header;
  const metadata = checkMetadata(file, given);
  checkDigest(file, bytes, length, metadata);
  const data = bytes.subarray(8 + length);
  const tensors: NumberTensor[] = [];
  let end = 0;
  const all = Object.entries(entries).map(([id, entry]) => ({ id, ...checkEntry(file, id, entry, types) }));
  if (options.foreign) all.sort((a, b) => a.data_offsets[0] - b.data_offsets[0]);
  for (const { id, dtype, shape, data_offsets: offsets } of all) {
    const type = types[dtype]!;
    const size = shape.reduce((product, size) => product * size, type.bytes);
    // The tensors lie one after the other, without gaps.
    if (offsets[0] !== end || offsets[1] !== end + size || offsets[1] > data.length) {
      throw bad(
        file,
        `${size} bytes for ${id} from byte ${end} on`,
        `${offsets.join(' to ')} of ${data.length}`,
      );
    }
    tensors.push({ id, shape, values: numbersOf(data, type, end, size / type.bytes) });
    end += size;
  }
  if (end !== data.length) throw bad(file, `${end} bytes of numbers`, `${data.length}`);
  return { tensors, metadata };
}

function parseHeader(file: string, text: string): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch {
    // It is no object then.
  }
  if (isRecord(header)) return header;
  throw bad(file, 'a safetensors header in JSON', 'something else');
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function checkMetadata(file: string, given: unknown): Record<string, string> {
  if (isRecord(given) && Object.values(given).every((value) => typeof value === 'string')) {
    return given as Record<string, string>;
  }
  throw bad(file, 'metadata of texts', 'something else');
}

function checkEntry(
  file: string,
  id: string,
  entry: unknown,
  types: Readonly<Record<string, ElementType>>,
): Entry {
  const { dtype, shape, data_offsets: offsets } = isRecord(entry) ? entry : ({} as Record<string, unknown>);
  const sizes = (value: unknown): value is number[] =>
    Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
  if (!sizes(shape) || !sizes(offsets) || offsets.length !== 2) {
    throw bad(file, `type, shape and place of ${JSON.stringify(id)}`, 'something else');
  }
  if (typeof dtype !== 'string' || !Object.hasOwn(types, dtype)) {
    throw bad(
      file,
      `${Object.keys(types).join(' or ')} in ${JSON.stringify(id)}`,
      JSON.stringify(dtype) ?? 'nothing',
    );
  }
  return { dtype, shape, data_offsets: offsets as [number, number] };
}

function numbersOf(
  data: Buffer,
  { bytes, read }: ElementType,
  start: number,
  count: number,
): Float32Array | Float64Array {
  const values = bytes <= 4 ? new Float32Array(count) : new Float64Array(count);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  for (let i = 0; i < count; i++) values[i] = read(view, start + i * bytes);
  return values;
}

/** Files of 0.1.0 have no digest, and none of the metadata that came with it. */
function checkDigest(file: string, bytes: Buffer, length: number, metadata: Record<string, string>): void {
  const { sha256: promised, format, stateSha256, dataSha256 } = metadata;
  if ([promised, format, stateSha256, dataSha256].every((value) => value === undefined)) return;
  const text = `"sha256":"${promised}"`;
  const at = promised?.length === 64 ? bytes.subarray(8, 8 + length).indexOf(text) : -1;
  if (at >= 0) {
    const digits = 8 + at + '"sha256":"'.length;
    const pieces = [bytes.subarray(0, digits), Buffer.from(unsigned), bytes.subarray(digits + 64)];
    if (digestOf(pieces) === promised) return;
  }
  throw bad(file, `a file of sha256 ${promised ?? 'in its metadata'}`, 'another', 'the file is damaged');
}

function digestOf(pieces: readonly Uint8Array[]): string {
  const digest = sha256();
  for (const piece of pieces) digest.add(piece);
  return digest.hex();
}

function bad(file: string, expected: string, got: string, hint?: string): LockstepError {
  return new LockstepError('checkpoint', { where: file, expected, got, ...(hint ? { hint } : {}) });
}
