// `mnist-2000` is the beginning of MNIST.
import { expect, test } from 'vitest';
import { openDataset } from '#lockstep/data/open-dataset.js';

test('mnist-2000 has the first images of both sets, in memory of its own', async () => {
  const [few, all] = await Promise.all([openDataset('mnist-2000'), openDataset('mnist')]);
  expect(few).toMatchObject({ name: 'mnist-2000', features: all.features, targets: all.targets });
  for (const [set, count] of [
    ['train', 2000],
    ['test', 500],
  ] as const) {
    const { features, targets } = few[set];
    expect(few[set].count).toBe(count);
    expect(targets).toEqual(all[set].targets.slice(0, count));
    expect(
      Buffer.compare(features as Uint8Array, all[set].features.subarray(0, count * 784) as Uint8Array),
    ).toBe(0);
    expect(features.buffer.byteLength).toBe(count * 784);
    expect(features.buffer).toBeInstanceOf(SharedArrayBuffer);
  }
});
