/**
 * Weights in a format that other tools read: safetensors.
 *
 * A file holds the header's length (eight bytes, little-endian), the header as JSON (type, shape and place by
 * name), and then the numbers of all tensors, little-endian, one after the other.
 * https://github.com/huggingface/safetensors#format
 */
import { readFile } from 'node:fs/promises';
import { LockstepError } from '../foundation/errors.ts';
import { littleEndianBytes, type WeightTensor } from '../model/weights.ts';
import { writeWhole } from './write-whole.ts';

export interface SafetensorsFile {
  tensors: WeightTensor[];
  metadata: Readonly<Record<string, string>>;
}

interface Entry {
  dtype: string;
  shape: number[];
  data_offsets: [start: number, end: number];
}

/** Writes float32 tensors. The file appears complete or not at all. */
export async function writeSafetensors(file: string, { tensors, metadata }: SafetensorsFile): Promise<void> {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let end = 0;
  for (const { id, shape, values } of tensors) {
    const start = end;
    end += values.byteLength;
    header[id] = { dtype: 'F32', shape, data_offsets: [start, end] };
  }
  // Spaces align the numbers to 8 bytes, so that readers can map them.
  const text = Buffer.from(JSON.stringify(header));
  const padded = Buffer.alloc(Math.ceil(text.length / 8) * 8, ' ');
  text.copy(padded);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  await writeWhole(file, [length, padded, ...tensors.map(({ values }) => littleEndianBytes(values))]);
}

/** Reads float32 tensors in the order of the file. Throws a LockstepError if it is missing or bad. */
export async function readSafetensors(file: string): Promise<SafetensorsFile> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw bad(file, 'a safetensors file', error.code === 'ENOENT' ? 'no such file' : error.message);
  });
  const length = bytes.length >= 8 ? Number(bytes.readBigUInt64LE(0)) : Number.NaN;
  if (!(length <= bytes.length - 8)) throw bad(file, 'a safetensors file', `${bytes.length} bytes`);
  let header: Record<string, unknown>;
  try {
    header = JSON.parse(bytes.toString('utf8', 8, 8 + length));
  } catch {
    throw bad(file, 'a safetensors header in JSON', 'something else');
  }
  const { __metadata__: metadata = {}, ...entries } = header;
  const data = bytes.subarray(8 + length);
  const tensors = Object.entries(entries as Record<string, Entry>).map(([id, entry]): WeightTensor => {
    const { dtype, shape, data_offsets: offsets } = entry ?? {};
    if (!Array.isArray(shape) || !Array.isArray(offsets)) {
      throw bad(file, `type, shape and place of ${id}`, JSON.stringify(entry));
    }
    const count = shape.reduce((product, size) => product * size, 1);
    if (dtype !== 'F32') throw bad(file, `float32 in ${id}`, dtype);
    if (offsets[1] - offsets[0] !== count * 4 || offsets[1] > data.length) {
      throw bad(file, `${count * 4} bytes for ${id}`, `${Math.min(offsets[1], data.length) - offsets[0]}`);
    }
    const values = new Float32Array(count);
    for (let i = 0; i < count; i++) values[i] = data.readFloatLE(offsets[0] + 4 * i);
    return { id, shape, values };
  });
  return { tensors, metadata: metadata as Record<string, string> };
}

function bad(file: string, expected: string, got: string): LockstepError {
  return new LockstepError('checkpoint', { where: file, expected, got });
}
