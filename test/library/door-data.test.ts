// The library's door for data: whatever a program hands in is checked, and told in one line of the form
// `label: expected A, got B`.
import { describe, expect, test } from 'vitest';
import { type Dataset, datasetDigest, datasetOf, defineExperiment, inline } from '#lockstep/index.js';
import { arrays, events, settings, wrong } from '../support/library.ts';

describe('a data set', () => {
  const good = datasetOf(arrays());

  test('of arrays is what it was, with as many classes as the largest label says', () => {
    expect(good).toMatchObject({
      name: 'arrays',
      features: { kind: 'bytes', shape: [2, 2, 1] },
      targets: { kind: 'classes', count: 3 },
    });
    expect([...good.train.features]).toEqual([...arrays().train.images]);
    expect([...good.test.features, ...good.test.targets]).toEqual([1, 2, 3, 4, 2]);
    expect(datasetOf({ ...arrays(), classes: 9, name: 'mine' })).toMatchObject({
      name: 'mine',
      targets: { count: 9 },
    });
  });

  test.each<[string, (given: ReturnType<typeof arrays>) => unknown, ErrorConstructor, string]>([
    [
      'no object',
      () => 3,
      TypeError,
      'datasetOf: expected an object with height, width, train and test; or a target, got 3',
    ],
    [
      'a height of 0',
      (a) => ({ ...a, height: 0 }),
      RangeError,
      'height: expected a whole number from 1 to 65535, got 0',
    ],
    [
      'floats for pixels, of which bytes would be zeros',
      (a) => ({ ...a, train: { ...a.train, images: new Float32Array(48).fill(0.5) } }),
      TypeError,
      'train.images: expected bytes 0 to 255 (a Uint8Array), or a list with the pixels of each image, ' +
        'got Float32Array of 48',
    ],
    [
      'a pixel between two bytes',
      (a) => ({ ...a, test: { images: [[1, 2, 3, 0.5]], labels: [0] } }),
      RangeError,
      'test.images[0][3]: expected a whole number from 0 to 255, got 0.5',
    ],
    [
      'an image that is too short',
      (a) => ({ ...a, test: { images: [[1, 2, 3]], labels: [0] } }),
      RangeError,
      'test.images[0]: expected 4 pixels, got 3',
    ],
    [
      'too few images for the labels',
      (a) => ({ ...a, train: { ...a.train, images: a.train.images.subarray(0, 44) } }),
      RangeError,
      'train.images: expected 48 bytes, 12 images of 4 pixels, got 44',
    ],
    [
      'a label outside the classes',
      (a) => ({ ...a, classes: 2 }),
      RangeError,
      'train.labels[2]: expected a whole number from 0 to 1, got 2',
    ],
    [
      'a label that is no class',
      (a) => ({ ...a, test: { ...a.test, labels: [-1] } }),
      RangeError,
      'test.labels[0]: expected a whole number from 0 to 65535, got -1',
    ],
    [
      'no test set',
      ({ test: _, ...a }) => a,
      TypeError,
      'test: expected samples: { images, labels }, got nothing',
    ],
  ])('of arrays: %s', (_, change, kind, message) => {
    expect(() => datasetOf(wrong(change(arrays())))).toThrow(new kind(message));
  });

  /** The data set with a change in its training samples. */
  const spoilt = (train: object): Dataset => ({ ...good, train: { ...good.train, ...train } });
  const labels = (label: number) => {
    const spoiltLabels = good.train.targets.slice();
    spoiltLabels[7] = label;
    return spoiltLabels;
  };

  test.each<[string, unknown, ErrorConstructor, string]>([
    [
      'none',
      undefined,
      TypeError,
      'dataset: expected a data set, as openDataset or datasetOf gives it, got nothing',
    ],
    [
      'a label outside the classes, which would be written outside its row',
      spoilt({ targets: labels(7) }),
      RangeError,
      'dataset.train.targets[7]: expected a class from 0 to 2, got 7',
    ],
    [
      'floats for pixels',
      spoilt({ features: new Float32Array(48) }),
      TypeError,
      'dataset.train.features: expected bytes 0 to 255 (a Uint8Array), got Float32Array of 48',
    ],
    [
      'images that are too short',
      spoilt({ features: good.train.features.subarray(0, 40) }),
      RangeError,
      'dataset.train.features: expected 48 bytes, 12 images of 4 pixels, got 40',
    ],
    [
      'too few labels',
      spoilt({ targets: good.train.targets.subarray(1) }),
      RangeError,
      'dataset.train.targets: expected 12 labels, got 11',
    ],
    [
      'no samples at all',
      spoilt({ count: 0 }),
      RangeError,
      'dataset.train.count: expected a whole number from 1 to 9007199254740991, got 0',
    ],
  ])('to train on: %s', async (_, dataset, kind, message) => {
    const options = { dataset: wrong<Dataset>(dataset), executor: inline() };
    await expect(events(defineExperiment(settings), options)).rejects.toThrow(new kind(message));
  });

  test('to be digested is checked, too', () => {
    expect(() => datasetDigest(wrong({}))).toThrow(
      new TypeError('dataset.features: expected what a sample is: { kind, shape }, got nothing'),
    );
  });
});
