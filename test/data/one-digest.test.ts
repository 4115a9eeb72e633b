// The golden trainings again, with their data read from files: the same bits, on any number of threads.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Dataset } from '#lockstep/data/dataset.js';
import { datasetDigest } from '#lockstep/data/digest.js';
import { openData, openDataset } from '#lockstep/data/open-dataset.js';
import type { Executor } from '#lockstep/parallel/executor.js';
import { inline } from '#lockstep/parallel/inline.js';
import { threads } from '#lockstep/parallel/threads.js';
import { committedGolden, goldenTasks, resolve, runToEnd, type Settings } from '../../scripts/golden.mjs';
import { temporaryFolder } from '../support/data-files.ts';
import {
  rowsOf,
  type TableForm,
  textOf,
  writeArrays,
  writePictures,
  writeTable,
} from '../support/own-data.ts';

const golden = committedGolden();
const executors: [string, Executor][] = [
  ['inline', inline()],
  ...[1, 2, 3, 8].map((count): [string, Executor] => [`${count} threads`, threads(count)]),
];

type Name = keyof typeof goldenTasks;

/** The golden experiment with its data in a file. */
function reading(name: Name, source: string, more: Settings = {}) {
  const { settings } = goldenTasks[name];
  return resolve({ ...settings, data: { ...(settings.data as Settings), source, ...more } });
}

test.each<[Name, Settings]>([
  ['table', { target: 'rent' }],
  ['values', { target: ['price', 'days'] }],
  ['flags', { target: ['owns', 'drives', 'moves'] }],
])('%s from CSV files: the committed weights', async (name, asked) => {
  const file = await writeTable(await temporaryFolder(), name, goldenTasks[name].dataset());
  const experiment = reading(name, file, asked);
  const dataset = await openData(experiment);
  for (const [on, executor] of executors) {
    const { end } = await runToEnd(experiment, dataset, executor);
    expect(end.weightsSha256, on).toBe(golden[name].weightsSha256);
    expect(end.test?.loss, on).toBe(golden[name].test.loss);
  }
});

describe('colour pictures', () => {
  const made = goldenTasks.colour.dataset({ train: 200, test: 40 });
  const settings = { ...goldenTasks.colour.settings, epochs: 5 };
  const digest = async (dataset: Dataset, executor = inline()) =>
    (await runToEnd(resolve(settings), dataset, executor)).end.weightsSha256;

  test('an .npz file gives the weights of the arrays that it was made of', async () => {
    const dataset = await openDataset(await writeArrays(await temporaryFolder(), 'colour', made));
    const expected = await digest(made);
    for (const [name, executor] of executors) expect(await digest(dataset, executor), name).toBe(expected);
  });

  test('a folder gives one digest, and class names from its folders', async () => {
    const folder = await writePictures(join(await temporaryFolder(), 'colours'), made);
    const dataset = await openDataset(folder);
    expect(dataset.features.shape).toEqual([9, 7, 3]);
    expect(dataset.targets).toEqual({ kind: 'classes', count: 4, names: ['blue', 'green', 'grey', 'red'] });
    const expected = await digest(dataset);
    for (const [name, executor] of executors) expect(await digest(dataset, executor), name).toBe(expected);
    // The order of the samples is another, so the weights are.
    expect(expected).not.toBe(await digest(made));
  });
});

describe('dataSha256', () => {
  const made = goldenTasks.table.dataset({ train: 90, test: 30 });
  const parts = { train: rowsOf(made, made.train), test: rowsOf(made, made.test) };

  /** The digest of the same rows in another form. */
  async function digest(
    ending: string,
    form: TableForm,
    change: (train: string[][], test: string[][]) => void = () => {},
  ): Promise<string> {
    const folder = await temporaryFolder();
    const rows = structuredClone(parts);
    change(rows.train, rows.test);
    for (const [part, cells] of Object.entries(rows)) {
      const text = textOf(cells, form);
      await writeFile(join(folder, `${part}${ending}`), ending.endsWith('.gz') ? gzipSync(text) : text);
    }
    const source = join(folder, `train${ending}`);
    return datasetDigest(await openDataset(source, { target: 'rent', missing: 'mean' }));
  }

  test('is the same for the same rows, however they are written', async () => {
    const expected = await digest('.csv', {});
    const same: [ending: string, form: TableForm][] = [
      ['.tsv', { delimiter: '\t' }],
      ['.csv', { delimiter: ';' }],
      ['.csv.gz', {}],
      ['.csv', { newline: '\r\n' }],
      ['.csv', { mark: '\ufeff' }],
      ['.tsv.gz', { delimiter: '\t', newline: '\r\n', mark: '\ufeff' }],
    ];
    for (const [ending, form] of same) {
      expect(await digest(ending, form), `${ending} ${JSON.stringify(form)}`).toBe(expected);
    }
  });

  test('is another for one other number, word, gap, target or name, and for swapped rows', async () => {
    const cell = (row: number, column: number, other: (now: string) => string) => (rows: string[][]) => {
      rows[row]![column] = other(rows[row]![column]!);
    };
    const name = cell(0, 4, () => 'other');
    const changes: ((train: string[][], test: string[][]) => void)[] = [
      () => {},
      cell(40, 0, () => '99.5'),
      cell(40, 3, (now) => (now === 'large' ? 'small' : 'large')),
      cell(40, 3, () => ''),
      cell(90, 5, (now) => (now === 'high' ? 'low' : 'high')),
      (train, test) => {
        name(train);
        name(test);
      },
      (train) => train.push(...train.splice(50, 1)),
    ];
    const digests = await Promise.all(changes.map((change) => digest('.csv', {}, change)));
    expect(new Set(digests).size).toBe(changes.length);
  });
});
