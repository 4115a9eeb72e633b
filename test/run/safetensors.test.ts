import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readSafetensors, writeSafetensors } from '#lockstep/run/safetensors.js';
import { temporaryFolder } from '../support/data-files.ts';

const tensors = [
  { id: 'model.0.W', shape: [2, 3], values: Float32Array.of(1, -2, 3.5, 0, -0, 1e-40) },
  { id: 'model.0.b', shape: [1], values: Float32Array.of(Math.fround(0.1)) },
];

test('what was written is read back, bit for bit', async () => {
  const file = join(await temporaryFolder(), 'w.safetensors');
  await writeSafetensors(file, { tensors, metadata: { epochs: '3' } });
  const read = await readSafetensors(file);
  expect(read).toEqual({ tensors, metadata: { epochs: '3' } });
});

test('the bytes are those of the format: length, JSON header, little-endian numbers', async () => {
  const file = join(await temporaryFolder(), 'w.safetensors');
  await writeSafetensors(file, { tensors, metadata: {} });
  const bytes = await readFile(file);
  const length = Number(bytes.readBigUInt64LE(0));
  expect(length % 8).toBe(0);
  expect(JSON.parse(bytes.toString('utf8', 8, 8 + length))).toEqual({
    __metadata__: {},
    'model.0.W': { dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] },
    'model.0.b': { dtype: 'F32', shape: [1], data_offsets: [24, 28] },
  });
  expect(bytes.length).toBe(8 + length + 28);
  expect(bytes.readFloatLE(8 + length + 8)).toBe(3.5);
});

test.each([
  ['is missing', undefined, 'expected a safetensors file, got no such file'],
  ['is too short', Buffer.from('abc'), 'expected a safetensors file, got 3 bytes'],
  [
    'promises too long a header',
    Buffer.from('ffffffff00000000', 'hex'),
    'expected a safetensors file, got 8 bytes',
  ],
  [
    'has no JSON',
    Buffer.from('0400000000000000nope'.replace(/^.{16}/, ''), 'latin1'),
    'expected a safetensors file, got 4 bytes',
  ],
])('a file that %s is a bad checkpoint', async (_what, bytes, message) => {
  const file = join(await temporaryFolder(), 'w.safetensors');
  if (bytes) await writeFile(file, bytes);
  await expect(readSafetensors(file)).rejects.toMatchObject({
    code: 'checkpoint',
    message: `${file}: ${message}`,
  });
});

test('a file that was cut off names the tensor', async () => {
  const file = join(await temporaryFolder(), 'w.safetensors');
  await writeSafetensors(file, { tensors, metadata: {} });
  await writeFile(file, (await readFile(file)).subarray(0, -2));
  await expect(readSafetensors(file)).rejects.toThrow('expected 4 bytes for model.0.b, got 2');
});
