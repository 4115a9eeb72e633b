import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseSafetensors, readSafetensors, writeSafetensors } from '#lockstep/run/safetensors.js';
import { temporaryFolder } from '../support/data-files.ts';

const tensors = [
  { id: 'model.0.W', shape: [2, 3], values: Float32Array.of(1, -2, 3.5, 0, -0, 1e-40) },
  { id: 'model.0.b', shape: [1], values: Float32Array.of(Math.fround(0.1)) },
];

test('what was written is read back, bit for bit', async () => {
  const file = join(await temporaryFolder(), 'w.safetensors');
  await writeSafetensors(file, { tensors, metadata: { epochs: '3' } });
  const read = await readSafetensors(file);
  expect(read).toEqual({
    tensors,
    metadata: { epochs: '3', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
  });
});

test('the bytes are those of the format: length, JSON header, little-endian numbers', async () => {
  const file = join(await temporaryFolder(), 'w.safetensors');
  await writeSafetensors(file, { tensors, metadata: {} });
  const bytes = await readFile(file);
  const length = Number(bytes.readBigUInt64LE(0));
  expect(length % 8).toBe(0);
  expect(JSON.parse(bytes.toString('utf8', 8, 8 + length))).toEqual({
    __metadata__: { sha256: expect.any(String) },
    'model.0.W': { dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] },
    'model.0.b': { dtype: 'F32', shape: [1], data_offsets: [24, 28] },
  });
  expect(bytes.length).toBe(8 + length + 28);
  expect(bytes.readFloatLE(8 + length + 8)).toBe(3.5);
});

test.each([
  ['is missing', undefined, 'expected a safetensors file, got no such file'],
  ['is too short', Buffer.from('abc'), 'expected a safetensors file, got 3 bytes without a whole header'],
  [
    'promises too long a header',
    Buffer.from('ffffffff00000000', 'hex'),
    'expected a safetensors file, got 8 bytes without a whole header',
  ],
  [
    'has no JSON',
    Buffer.from('0400000000000000nope'.replace(/^.{16}/, ''), 'latin1'),
    'expected a safetensors file, got 4 bytes without a whole header',
  ],
])('a file that %s is a bad checkpoint', async (_what, bytes, message) => {
  const file = join(await temporaryFolder(), 'w.safetensors');
  if (bytes) await writeFile(file, bytes);
  await expect(readSafetensors(file)).rejects.toMatchObject({
    code: 'checkpoint',
    message: `${file}: ${message}`,
  });
});

test('float64 numbers are kept as they are', async () => {
  const file = join(await temporaryFolder(), 'w.safetensors');
  const exact = [{ id: 'a', shape: [2], values: Float64Array.of(0.1, 1e300) }];
  await writeSafetensors(file, { tensors: exact, metadata: {} });
  expect((await readSafetensors(file)).tensors).toEqual(exact);
});

test('each flip of a bit and each cut is noticed', async () => {
  const file = join(await temporaryFolder(), 'w.safetensors');
  await writeSafetensors(file, { tensors, metadata: { epochs: '3', format: '2' } });
  const bytes = await readFile(file);
  const refused = (changed: Buffer) => {
    try {
      parseSafetensors('w', changed);
      return false;
    } catch (error) {
      expect(error).toMatchObject({ code: 'checkpoint' });
      return true;
    }
  };
  expect(refused(bytes)).toBe(false);
  for (let at = 0; at < bytes.length; at++) {
    for (let bit = 0; bit < 8; bit++) {
      const changed = Buffer.from(bytes);
      changed[at]! ^= 1 << bit;
      expect(refused(changed), `byte ${at}, bit ${bit}`).toBe(true);
    }
    expect(refused(bytes.subarray(0, at)), `cut at ${at}`).toBe(true);
  }
  expect(refused(Buffer.concat([bytes, Buffer.alloc(1)]))).toBe(true);
});

/** A file of another program: without our digest. */
function foreign(header: unknown, data = Buffer.alloc(0)): Buffer {
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, data]);
}

test.each<[string, unknown, number, string]>([
  [
    'whose tensors overlap',
    { a: entry([1], [0, 4]), b: entry([1], [0, 4]) },
    4,
    '4 bytes for b from byte 4 on',
  ],
  ['with a gap', { a: entry([1], [4, 8]) }, 8, '4 bytes for a from byte 0 on'],
  ['with more than its tensors', { a: entry([1], [0, 4]) }, 8, 'expected 4 bytes of numbers, got 8'],
  [
    'that claims much',
    { a: entry([1e12], [-4e12, 0]) },
    4,
    'type, shape and place of "a", got something else',
  ],
  ['with half a size', { a: entry([0.5], [0, 2]) }, 2, 'type, shape and place of "a"'],
  [
    'of another type',
    { a: { ...entry([1], [0, 2]), dtype: 'F16' } },
    2,
    'expected F32 or F64 in "a", got "F16"',
  ],
  ['that is null', null, 0, 'a safetensors header in JSON'],
  ['with null for metadata', { __metadata__: null }, 0, 'metadata of texts'],
])('a file %s is refused', (_, header, size, message) => {
  expect(() => parseSafetensors('w', foreign(header, Buffer.alloc(size)))).toThrow(message);
});

function entry(shape: number[], offsets: [number, number]) {
  return { dtype: 'F32', shape, data_offsets: offsets };
}
