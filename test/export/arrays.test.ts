// The weights alone: .npz and safetensors, read by our own readers, and by NumPy where there is one.
import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseNpy } from '#lockstep/data/formats/npy.js';
import { zipContents, zipEntries } from '#lockstep/data/formats/zip.js';
import { npzOf } from '#lockstep/export/npz.js';
import { safetensorsFileOf } from '#lockstep/export/safetensors.js';
import { parseSafetensors } from '#lockstep/run/safetensors.js';
import { temporaryFolder } from '../support/data-files.ts';
import { drawnNetwork, words } from '../support/exported.ts';

const { exported } = drawnNetwork(words, {
  model: [{ kind: 'dense', units: 5 }, 'batch-norm', 'relu', { kind: 'dense', units: 'classes' }],
});
const tensors = [...exported.parameters, ...exported.state];
const npz = Buffer.concat(npzOf(exported));
const safetensors = Buffer.concat(safetensorsFileOf(exported));

test('safetensors: every number, and what it is', () => {
  const { tensors: found, metadata } = parseSafetensors('a.safetensors', safetensors);
  expect(found).toEqual(tensors);
  expect(metadata).toMatchObject({ lockstep: '1.2.3', name: 'drawn', task: 'classes', outputs: '3' });
  expect(metadata.weightsSha256).toBe(exported.weightsSha256);
  expect(JSON.parse(metadata.preparation!)).toEqual(words.preparation);
  expect(JSON.parse(metadata.targets!)).toEqual(words.targets);
});

test('npz: every number under its name', () => {
  const [first, ...others] = zipEntries(npz, 'a.npz');
  expect(first!.name).toBe('lockstep.npy');
  expect(others.map(({ name, method }) => ({ name, method }))).toEqual(
    tensors.map(({ id }) => ({ name: `${id}.npy`, method: 0 })),
  );
  for (const [i, entry] of others.entries()) {
    const { dtype, shape, values } = parseNpy(zipContents(npz, entry, 'a.npz'), entry.name);
    expect({ dtype, shape, values: [...values] }).toEqual({
      dtype: 'float32',
      shape: tensors[i]!.shape,
      values: [...tensors[i]!.values],
    });
  }
});

test('the same network gives the same bytes', () => {
  expect(Buffer.concat(npzOf(exported)).equals(npz)).toBe(true);
  expect(Buffer.concat(safetensorsFileOf(exported)).equals(safetensors)).toBe(true);
});

/** A Python that has NumPy. */
const python = ['python3', '/usr/bin/python3'].find(
  (name) => spawnSync(name, ['-c', 'import numpy']).status === 0,
);

test.skipIf(python === undefined)('NumPy reads both, and finds the digest', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'a.npz'), npz);
  await writeFile(join(folder, 'a.safetensors'), safetensors);
  const reader = join(import.meta.dirname, '../../scripts/export/read_arrays.py');
  const { stdout, stderr } = spawnSync(python!, [reader, 'a.npz', 'a.safetensors'], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect([stdout, stderr]).toEqual(['8 arrays, alike; the digest of the run\n', '']);
});
