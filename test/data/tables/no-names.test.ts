// Tables without names in the first line: their words and columns are told apart by their places alone.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDataset } from '#lockstep/data/open-dataset.js';
import { openSamples } from '#lockstep/data/open-samples.js';
import { fitData } from '#lockstep/data/split.js';
import { defineExperiment } from '#lockstep/experiment/define.js';
import { temporaryFolder, writeFiles } from '../../support/data-files.ts';

const experiment = defineExperiment({
  data: { validation: 0 },
  model: [{ kind: 'dense', units: 'classes' }],
  optimizer: { kind: 'sgd', learningRate: 0.1 },
  batchSize: 2,
  epochs: 1,
});

/** The words of the first column, as the cells say them. */
function wordsIn({ features, samples }: { features: unknown; samples: { features: ArrayLike<number> } }) {
  const { columns } = features as { columns: { words?: string[] }[] };
  const { words } = columns[0]!;
  return Array.from({ length: samples.features.length / columns.length }, (_, row) => {
    return words![samples.features[row * columns.length]!];
  });
}

test('a test file has the words of the training file, whatever comes first in it', async () => {
  const cwd = await temporaryFolder();
  await writeFiles(cwd, {
    'train.csv': 'aa,1.5,yes\nbb,2.5,no\ncc,3.5,yes\n',
    'test.csv': 'cc,1.5,no\naa,2.5,yes\nnew,3.5,no\n',
  });
  const { features, train, test: held } = await openDataset(join(cwd, 'train.csv'), { target: 'last' });
  expect(wordsIn({ features, samples: train })).toEqual(['aa', 'bb', 'cc']);
  expect(wordsIn({ features, samples: held })).toEqual(['cc', 'aa', 'new']);
});

test('rows without the target have their columns at other places', async () => {
  const cwd = await temporaryFolder();
  await writeFiles(cwd, {
    'train.csv': 'yes,aa,1.5\nno,bb,2.5\nyes,cc,3.5\nno,aa,4.5\n',
    'rows.csv': 'cc,1.5\naa,2.5\n',
    'turned.csv': '1.5,cc\n2.5,aa\n',
  });
  const format = { target: 'first' };
  const dataset = await openDataset(join(cwd, 'train.csv'), format);
  const signature = fitData(experiment, dataset, (path) => path);
  const rows = await openSamples(join(cwd, 'rows.csv'), signature, format, 'rows');
  expect(wordsIn(rows)).toEqual(['cc', 'aa']);
  expect([...rows.samples.features].filter((_, i) => i % 2 === 1)).toEqual([1.5, 2.5]);
  await expect(openSamples(join(cwd, 'turned.csv'), signature, format, 'rows')).rejects.toThrow(
    'turned.csv: expected words in column "column 1", as in the training, got numbers',
  );
});
