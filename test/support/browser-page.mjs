// What a page would do: it trains in its own thread, on data and kernels that it brings. The test of the
// platform bundles this file for a browser.

import { allocateSamples } from '../../dist/src/data/dataset.js';
import { datasetDigest } from '../../dist/src/data/digest.js';
import { inline } from '../../dist/src/parallel/inline.js';
import { provideKernels } from '../../dist/src/platform/browser/kernels-module.js';
import { train } from '../../dist/src/training/train.js';

/** Trains to the end. `data` has its bytes in arrays of any kind. */
export async function trainOnPage(kernels, experiment, { train: training, test, ...data }) {
  provideKernels(kernels);
  const dataset = { ...data, train: samplesOf(training, data), test: samplesOf(test, data) };
  for await (const event of train(experiment, { dataset, executor: inline() })) {
    if (event.kind !== 'end') continue;
    const { weightsSha256, test } = event;
    return { weightsSha256, test, dataSha256: datasetDigest(dataset) };
  }
}

function samplesOf({ count, features, targets }, data) {
  const samples = allocateSamples(count, data.features, data.targets);
  samples.features.set(features);
  samples.targets.set(targets);
  return samples;
}
