// Samples for a trained network, from folders: whose class is which.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { allocateSamples, type Dataset } from '#lockstep/data/dataset.js';
import { openSamples } from '#lockstep/data/open-samples.js';
import type { Signature } from '#lockstep/data/split.js';
import { dataError, idxImages, idxLabels, temporaryFolder, writeFiles } from '../support/data-files.ts';
import { writePictures } from '../support/own-data.ts';

const signature: Signature = {
  features: { kind: 'bytes', shape: [2, 3, 1] },
  targets: { kind: 'classes', count: 10 },
  preparation: { kind: 'pixels' },
  unit: { mean: [0], deviation: [1] },
};

/** A folder with one picture for each of these classes. */
async function pictures(names: readonly string[]): Promise<string> {
  const { features } = signature;
  const targets = { kind: 'classes', count: names.length, names } as const;
  const samples = allocateSamples(names.length, features, targets);
  for (const i of names.keys()) samples.targets[i] = i;
  const dataset: Dataset = { name: 'made', features, targets, train: samples, test: samples };
  return writePictures(join(await temporaryFolder(), 'pictures'), dataset);
}

test('folders called by numbers are the classes of a network whose classes have no names', async () => {
  const folder = await pictures(['3', '7']);
  const { samples, id } = await openSamples(folder, signature, {}, 'test');
  expect([...samples.targets]).toEqual([3, 7]);
  expect(id!.values).toEqual(['test/3/0.png', 'test/7/1.png']);
});

test('a folder that is none of its classes is told', async () => {
  const folder = await pictures(['3', 'cat']);
  expect(await dataError(openSamples(folder, signature, {}, 'test'))).toMatch(
    /cat.1\.png: expected a class that the network knows: 0, 1, 2, .*, got cat$/,
  );
});

test('a family of IDX files in a folder is found by the end of the path, as in training', async () => {
  const folder = join(await temporaryFolder(), 'letters');
  await mkdir(folder);
  await writeFiles(folder, {
    'emnist-digits-test-images-idx3-ubyte': idxImages(3, 2, 3),
    'emnist-digits-test-labels-idx1-ubyte': idxLabels([1, 0, 4]),
    'emnist-mnist-test-images-idx3-ubyte': idxImages(2, 2, 3),
    'emnist-mnist-test-labels-idx1-ubyte': idxLabels([9, 9]),
  });
  const { samples } = await openSamples(join(folder, 'emnist-digits'), signature, {}, 'test');
  expect([...samples.targets]).toEqual([1, 0, 4]);
});

test('what is not there is told', async () => {
  const nowhere = join(await temporaryFolder(), 'nowhere');
  expect(await dataError(openSamples(nowhere, signature, {}, 'rows'))).toBe(
    `${nowhere}: expected \`mnist\`, \`mnist-2000\`, \`two-moons\`, \`spirals\`, a file with rows, ` +
      'or a folder, got no such file or folder',
  );
});
