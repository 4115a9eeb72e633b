// The data of the golden trainings as files: tables as CSV, colours as a folder of PNG pictures and as .npz.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { columnsOf, type Dataset, type Samples } from '#lockstep/data/dataset.js';
import { npy, zip } from './zip-files.ts';

/** A part of a table as rows of text: the names, then the samples. A missing cell is empty. */
export function rowsOf({ features, targets }: Dataset, samples: Samples): string[][] {
  if (features.kind !== 'floats') throw new TypeError('a table is needed');
  const width = features.columns.length;
  const asked = targets.kind === 'classes' ? ['rent'] : targets.names;
  const target = (i: number) => {
    const number = samples.targets[i]!;
    return targets.kind === 'classes' ? (targets.names?.[number] ?? String(number)) : String(number);
  };
  const cell = (row: number, c: number) => {
    const column = features.columns[c]!;
    const value = samples.features[row * width + c]!;
    if (Number.isNaN(value)) return '';
    return column.kind === 'number' ? String(value) : column.words[value]!;
  };
  return [
    [...features.columns.map(({ name }) => name), ...asked],
    ...Array.from({ length: samples.count }, (_, row) => [
      ...features.columns.map((_, c) => cell(row, c)),
      ...asked.map((_, c) => target(row * asked.length + c)),
    ]),
  ];
}

export interface TableForm {
  delimiter?: string;
  newline?: string;
  mark?: string;
}

/** Rows as text. No cell of the golden data needs quotes. */
export function textOf(
  rows: readonly (readonly string[])[],
  { delimiter = ',', newline = '\n', mark = '' }: TableForm = {},
): string {
  return mark + rows.map((cells) => cells.join(delimiter) + newline).join('');
}

/** Writes `NAME-train.csv` and `NAME-test.csv`. Returns the path of the first. */
export async function writeTable(folder: string, name: string, dataset: Dataset): Promise<string> {
  for (const part of ['train', 'test'] as const) {
    await writeFile(join(folder, `${name}-${part}.csv`), textOf(rowsOf(dataset, dataset[part])));
  }
  return join(folder, `${name}-train.csv`);
}

/** Writes a folder of pictures with train and test, and a folder for each class in them. */
export async function writePictures(folder: string, dataset: Dataset): Promise<string> {
  const { features, targets } = dataset;
  const [height, width, channels] = features.shape as [number, number, 1 | 3];
  for (const part of ['train', 'test'] as const) {
    const { count, features: bytes, targets: labels } = dataset[part];
    for (let i = 0; i < count; i++) {
      const name = targets.kind === 'classes' ? (targets.names?.[labels[i]!] ?? String(labels[i])) : '';
      const to = join(folder, part, name);
      await mkdir(to, { recursive: true });
      const data = Uint8Array.from(bytes.subarray(i * columnsOf(features), (i + 1) * columnsOf(features)));
      await writeFile(join(to, `${i}.png`), encode({ width, height, channels, depth: 8, data }));
    }
  }
  return folder;
}

/** Writes an .npz file with x_train, y_train, x_test and y_test. */
export async function writeArrays(folder: string, name: string, dataset: Dataset): Promise<string> {
  const arrays: Record<string, Buffer> = {};
  for (const part of ['train', 'test'] as const) {
    const { count, features, targets } = dataset[part];
    const shape = `(${[count, ...dataset.features.shape].join(', ')})`;
    arrays[`x_${part}.npy`] = npy('|u1', shape, Buffer.from(features as Uint8Array));
    arrays[`y_${part}.npy`] = npy('|u1', `(${count},)`, Buffer.from(targets as Uint8Array));
  }
  const file = join(folder, `${name}.npz`);
  await writeFile(file, zip(arrays));
  return file;
}
