import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { datasetDigest, datasetDigestMeanwhile } from '#lockstep/data/digest.js';
import { tinyDataset } from '../support/tiny.ts';

// Several pieces, the last of them incomplete.
const dataset = tinyDataset({ height: 37, width: 41, train: 1500, test: 100 });

test('the digest of a data set covers its sizes, images and labels', () => {
  const hash = createHash('sha256').update(Uint8Array.from([37, 0, 0, 0, 41, 0, 0, 0]));
  hash.update(Uint8Array.from([1500 % 256, Math.floor(1500 / 256), 0, 0, 100, 0, 0, 0]));
  const { train, test } = dataset;
  for (const bytes of [train.features, train.targets, test.features, test.targets]) {
    hash.update(bytes as Uint8Array);
  }
  expect(datasetDigest(dataset)).toBe(hash.digest('hex'));
});

test('taken meanwhile it is the same, and others have their turn', async () => {
  let turns = 0;
  let next = setImmediate(function turn() {
    turns++;
    next = setImmediate(turn);
  });
  const digest = await datasetDigestMeanwhile(dataset);
  clearImmediate(next);
  expect(digest).toBe(datasetDigest(dataset));
  // One turn before each piece: the sizes, three pieces of training images, and the three other arrays.
  expect(turns).toBeGreaterThanOrEqual(6);
});
